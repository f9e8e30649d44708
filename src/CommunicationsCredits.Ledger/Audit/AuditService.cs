using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>The verification of a ledger.</summary>
public sealed class AuditService
{
    private readonly ILedgerReader _reader;

    internal AuditService(ILedgerReader reader)
    {
        _reader = reader;
    }

    /// <summary>What is wrong with the records of the tenants asked for; nothing where all is well (H1).</summary>
    /// <param name="selection">The tenants; of all of them, the ledger's own chain and removed tenants too.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<CreditLedgerFinding> Verify(TenantSelection selection, CancellationToken cancellation = default) =>
        Verify(_reader, selection, cancellation);

    internal static IEnumerable<CreditLedgerFinding> Verify(ILedgerReader reader, TenantSelection selection, CancellationToken cancellation)
    {
        using var snapshot = reader.BeginRead();
        foreach (var finding in Verify(snapshot, selection, cancellation))
            yield return finding;
    }

    internal static IEnumerable<CreditLedgerFinding> Verify(LedgerSnapshot snapshot, TenantSelection selection, CancellationToken cancellation)
    {
        var tenants = selection.IsAll ? snapshot.Tenants.All(withRemoved: true) : snapshot.Select(selection);
        foreach (var tenant in tenants)
        {
            foreach (var finding in new LedgerVerifier(snapshot, tenant, cancellation).Verify())
                yield return finding;
        }

        if (!selection.IsAll)
            yield break;
        foreach (var finding in LedgerChainVerifier.Verify(snapshot, tenants))
            yield return finding;
    }
}
