using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage;
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
        using var tx = File.BeginRead();
        var now = Now;
        foreach (var tenant in selection.Resolve(tx))
        {
            foreach (var lot in tx.Lots.All(tenant.Number))
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
        using var tx = File.BeginRead();
        var at = Instant.From(asOf) ?? Now;
        foreach (var tenant in selection.Resolve(tx))
            yield return BalanceOf(tx, tenant, at, Instant.From(asPosted));
    }

    private static CreditBalance BalanceOf(LedgerTransaction tx, Tenant tenant, Instant at, Instant? asPosted)
    {
        var account = tx.Tenants.GetAccount(tenant.Number);
        Amount balance;
        IReadOnlyList<Lot> lots;
        if (asPosted is { } posted)
        {
            var last = tx.Entries.LastPostedBy(tenant.Number, posted, account.Sequence);
            (balance, lots) = BalanceRules.AsPosted(tx, tenant.Number, last, at);
        }
        else
        {
            lots = [.. tx.Lots.Undrawn(tenant.Number)];
            balance = account.Balance - tx.Entries.SumAfter(tenant.Number, at) - BalanceRules.ExpiredUnbooked(lots, at);
        }

        var rule = tx.Recharge.FindRule(tenant.Number);
        Instant? nextExpiry = null;
        var expiring = Amount.Zero;
        foreach (var lot in lots.Where(lot => lot.IsLiveAt(at)))
        {
            if (nextExpiry is null || lot.ExpiresAt < nextExpiry)
                (nextExpiry, expiring) = (lot.ExpiresAt, Amount.Zero);
            if (lot.ExpiresAt == nextExpiry)
                expiring += lot.Remaining;
        }

        var state = tenant.Status == CreditTenantStatus.Closed ? CreditBalanceState.Closed
            : balance <= Amount.Zero ? CreditBalanceState.Exhausted
            : balance < (tenant.LowBalance ?? rule?.Minimum) ? CreditBalanceState.Low
            : CreditBalanceState.Open;
        var recharge = rule?.StateAt(at, tx.Recharge.FindOpen(tenant.Number) is not null) ?? CreditAutoRecharge.Off;
        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Name = tenant.Name,
            Currency = tenant.Currency,
            Balance = balance.ToDecimal(),
            NextExpiryAt = nextExpiry?.ToDateTimeOffset(),
            NextExpiryAmount = expiring.ToDecimal(),
            AutoRecharge = recharge,
            Recharge = rule is null ? null : BalanceWords.OfRule(rule, recharge),
            State = state,
            Attention = BalanceWords.Attention(state, nextExpiry, expiring, at, rule, recharge),
            AsOf = at.ToDateTimeOffset(),
        };
    }
}
