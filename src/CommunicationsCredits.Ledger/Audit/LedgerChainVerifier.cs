using System.Globalization;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>Recomputes the ledger's own chain, and compares tenants and rate sheets with it (H1b).</summary>
internal static class LedgerChainVerifier
{
    public static IEnumerable<CreditLedgerFinding> Verify(LedgerSnapshot snapshot, IReadOnlyList<Tenant> tenants, SealedEntry? sealedEntry = null)
    {
        var head = snapshot.States.LedgerHead();
        var seal = new SealCheck(sealedEntry);
        var hash = HashChain.Start;
        long sequence = 0;
        var tenantsThere = new Dictionary<string, bool>();
        var sheetsThere = new Dictionary<string, (byte[]? Digest, string? Description, long Sequence)>();
        foreach (var entry in snapshot.Entries.LedgerChain())
        {
            if (entry.Sequence != ++sequence)
            {
                yield return Finding(sequence, "an entry of the ledger's own chain is missing.");
                sequence = entry.Sequence;
            }

            var change = new LedgerChange(entry.Kind, entry.Subject, entry.Description, entry.Digest);
            hash = LedgerChainEntry.HashOf(hash, sequence, change, entry.At, entry.Actor);
            if (!hash.AsSpan().SequenceEqual(entry.Hash))
                yield return Finding(sequence, "the hash of an entry of the ledger's own chain is not that of its content.");
            if (seal.IsReplaced(sequence, entry.Hash))
                yield return Finding(sequence, "an entry of the ledger's own chain has another hash than the seal says: it, or one before it, was replaced since.", "H1c");
            hash = entry.Hash;
            switch (entry.Kind)
            {
                case LedgerEntryKind.TenantAdded:
                    tenantsThere[entry.Subject] = true;
                    break;
                case LedgerEntryKind.TenantRemoved:
                    tenantsThere[entry.Subject] = false;
                    break;
                case LedgerEntryKind.SheetAdded:
                    sheetsThere[entry.Subject] = (entry.Digest, entry.Description, sequence);
                    break;
                case LedgerEntryKind.SheetRemoved:
                    sheetsThere.Remove(entry.Subject);
                    break;
            }
        }

        if (seal.Missing(sequence) is { } cut)
            yield return Finding(null, $"of its own chain, {cut}", "H1c");
        if (head.Sequence != sequence || !head.Hash.AsSpan().SequenceEqual(hash))
            yield return Finding(null, string.Create(CultureInfo.InvariantCulture, $"the ledger ends with entry {head.Sequence} of its own chain, and that ends with {sequence}."));
        foreach (var finding in VerifyTenants(tenants, tenantsThere).Concat(VerifySheets(snapshot, sheetsThere)))
            yield return finding;
        if (tenants.Select(tenant => tenant.Number).DefaultIfEmpty().Max() > head.Tenants)
            yield return Finding(null, "a tenant has a number that the ledger has not given yet.");
    }

    private static IEnumerable<CreditLedgerFinding> VerifyTenants(IReadOnlyList<Tenant> tenants, Dictionary<string, bool> there)
    {
        foreach (var tenant in tenants)
        {
            if (!there.Remove(LedgerChanges.SubjectOf(tenant.Number), out var isThere))
                yield return Finding(null, $"'{tenant.Id}' is a tenant that the ledger's own chain does not know.");
            else if (isThere != tenant.RemovedAt is null)
                yield return Finding(null, $"'{tenant.Id}' is {(isThere ? "removed" : "there")}, and the ledger's own chain says otherwise.");
        }

        foreach (var (subject, _) in there)
            yield return Finding(null, $"{subject} is missing, and the ledger's own chain knows it.");
    }

    private static IEnumerable<CreditLedgerFinding> VerifySheets(
        LedgerSnapshot snapshot, Dictionary<string, (byte[]? Digest, string? Description, long Sequence)> there)
    {
        foreach (var sheet in snapshot.Rates.Sheets())
        {
            var prefixes = snapshot.Rates.Prefixes(sheet);
            var digest = SheetDigest.Of(sheet, prefixes);
            if (!there.Remove(SheetChanges.SubjectOf(sheet), out var recorded))
                yield return Finding(null, $"the rate sheet '{sheet.Name}' is not in the ledger's own chain.");
            else if (!digest.AsSpan().SequenceEqual(recorded.Digest) || !digest.AsSpan().SequenceEqual(sheet.Digest) || prefixes.Count != sheet.RateCount
                || recorded.Description != SheetChanges.Describe(sheet))
                yield return Finding(recorded.Sequence, $"the rate sheet '{sheet.Name}' from {sheet.EffectiveFrom} on is not as it was imported.");
        }

        foreach (var (subject, (_, _, sequence)) in there)
            yield return Finding(sequence, $"{subject} is missing, and the ledger's own chain knows it.");
    }

    public static CreditLedgerFinding Finding(long? sequence, string message, string rule = "H1b") => new()
    {
        TenantId = string.Empty,
        TenantName = string.Empty,
        Sequence = sequence,
        Rule = rule,
        Message = $"The ledger: {message}",
    };
}
