using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger;

/// <content>Verification.</content>
public sealed partial class LedgerSession
{
    /// <summary>What is wrong with the records of the tenants asked for; nothing where all is well (H1).</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditLedgerFinding> Verify(TenantSelection selection)
    {
        using var tx = File.BeginRead();
        foreach (var tenant in selection.Resolve(tx))
        {
            foreach (var finding in new LedgerVerifier(tx, tenant).Verify())
                yield return finding;
        }
    }
}
