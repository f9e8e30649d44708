using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger;

/// <content>Verification.</content>
public sealed partial class LedgerSession
{
    /// <summary>What is wrong with the records of the tenants asked for; nothing where all is well (H1).</summary>
    /// <param name="selection">The tenants; of all of them, the ledger's own chain and removed tenants too.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<CreditLedgerFinding> Verify(TenantSelection selection, CancellationToken cancellation = default) =>
        Verify(Store, selection, cancellation);

    private static IEnumerable<CreditLedgerFinding> Verify(LedgerStore store, TenantSelection selection, CancellationToken cancellation)
    {
        using var snapshot = store.BeginRead();
        var tenants = selection.IsAll ? snapshot.Tenants.All(withRemoved: true) : selection.Resolve(snapshot);
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
