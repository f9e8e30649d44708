using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger;

/// <content>Funds and balances.</content>
public sealed partial class LedgerSession
{
    /// <summary>The funds of the tenants asked for, in order of purchase.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="includeSpent">Whether those that nothing is left of, or that have expired, are wanted too.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditFunds> GetFunds(TenantSelection selection, bool includeSpent)
    {
        using var snapshot = Store.BeginRead();
        var now = Now;
        foreach (var tenant in selection.Resolve(snapshot))
        {
            foreach (var lot in snapshot.Lots.All(tenant.Number))
            {
                var funds = lot.ToContract(tenant, now);
                if (includeSpent || funds.Status == CreditFundsStatus.Live)
                    yield return funds;
            }
        }
    }

    /// <summary>The balances of the tenants asked for (F8).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="asOf">The instant; now where nothing is given. In the future only expiry is projected.</param>
    /// <param name="asPosted">The instant up to which entries had been posted; all where nothing is given.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditBalance> GetBalances(
        TenantSelection selection, DateTimeOffset? asOf = null, DateTimeOffset? asPosted = null)
    {
        using var snapshot = Store.BeginRead();
        foreach (var balance in Balances.Of(snapshot, selection.Resolve(snapshot), Now, Instant.From(asOf), Instant.From(asPosted)))
            yield return balance;
    }
}
