using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>Finds prefixes that two names would have in force together, so that which price counts could not be known (G2).</summary>
internal static class RateConflicts
{
    /// <summary>Refuses the sheets of a name if a prefix of theirs is in force under another name at the same time.</summary>
    /// <param name="sheets">All sheets as they are to be.</param>
    /// <param name="changed">A sheet of the name that changes.</param>
    /// <param name="prefixes">Gives the prefixes of a sheet.</param>
    /// <exception cref="CreditException"><c>RateRejected</c>.</exception>
    public static void Refuse(IReadOnlyList<RateSheet> sheets, RateSheet changed, Func<RateSheet, IEnumerable<string>> prefixes)
    {
        var names = sheets.Where(sheet => sheet.Service == changed.Service && sheet.Currency == changed.Currency)
            .GroupBy(sheet => sheet.NameKey).ToList();
        var own = InForce(names.Where(name => name.Key == changed.NameKey)).ToList();
        var others = InForce(names.Where(name => name.Key != changed.NameKey)).ToList();
        foreach (var (mine, from, to) in own)
        {
            HashSet<string>? minePrefixes = null;
            foreach (var (other, otherFrom, otherTo) in others)
            {
                if (from >= otherTo || otherFrom >= to)
                    continue;
                minePrefixes ??= [.. prefixes(mine)];
                foreach (var prefix in prefixes(other))
                {
                    if (minePrefixes.Contains(prefix))
                    {
                        throw LedgerErrors.RateRejected(
                            $"Prefix {prefix} would be in force twice from {Instant.Max(from, otherFrom)} on: on '{mine.Name}' and on "
                            + $"'{other.Name}'. Nothing was changed; a new version of a list takes the same -Name.",
                            mine.Name);
                    }
                }
            }
        }
    }

    /// <summary>Each version with the stretch in which no newer one has replaced it.</summary>
    private static IEnumerable<(RateSheet Sheet, Instant From, Instant To)> InForce(IEnumerable<IEnumerable<RateSheet>> names)
    {
        foreach (var name in names)
        {
            var versions = name.OrderBy(sheet => sheet.EffectiveFrom).ToList();
            for (var i = 0; i < versions.Count; i++)
                yield return (versions[i], versions[i].EffectiveFrom, i + 1 < versions.Count ? versions[i + 1].EffectiveFrom : Instant.Latest);
        }
    }
}
