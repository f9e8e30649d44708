using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The time that an import covers.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends: the end that the export says, else the start of its last call.</param>
/// <param name="IsExported">Whether the export itself says so; else it is only known where calls are.</param>
internal readonly record struct ImportPeriod(Instant From, Instant To, bool IsExported)
{
    /// <summary>
    /// An export names its last day, or the midnight after it: which one is not documented, so that a day between two exports is no gap.
    /// </summary>
    private static readonly TimeSpan BetweenExports = TimeSpan.FromDays(1);

    /// <summary>Days without a call are usual; only a week without one is worth a question where no export says its period.</summary>
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromDays(7);

    /// <summary>The period of an import, or null where nothing is known of it.</summary>
    public static ImportPeriod? Of(ImportTally tally) =>
        tally is { ExportedFrom: { } exportedFrom, ExportedTo: { } exportedTo } ? new(exportedFrom, exportedTo, true)
        : tally is { PeriodFrom: { } from, PeriodTo: { } to } ? new(from, to, false)
        : null;

    /// <summary>What lies between this period and the nearest other one before or after it that none covers, or null.</summary>
    /// <param name="others">The periods of the tenant's other imports.</param>
    public (Instant From, Instant To)? Gap(IReadOnlyCollection<ImportPeriod> others)
    {
        var (from, to, isExported) = this;

        // Whatever reaches into this period, or over it, leaves no gap on that side.
        if (others.Any(other => other.From < from) && !others.Any(other => other.From < from && other.To >= from))
        {
            var before = others.Where(other => other.To < from).MaxBy(other => other.To);
            if (IsGap(before.To, from, isExported && before.IsExported))
                return (before.To, from);
        }

        if (others.Any(other => other.To > to) && !others.Any(other => other.To > to && other.From <= to))
        {
            var after = others.Where(other => other.From > to).MinBy(other => other.From);
            if (IsGap(to, after.From, isExported && after.IsExported))
                return (to, after.From);
        }

        return null;
    }

    private static bool IsGap(Instant from, Instant to, bool isExported) =>
        to.Ticks - from.Ticks > (isExported ? BetweenExports : BetweenCalls).Ticks;
}
