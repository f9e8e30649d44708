using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Funds.Operations;

/// <summary>Balances as the border shows them: for all tenants asked for out of the same few queries.</summary>
internal static class Balances
{
    /// <summary>The balances of tenants, in their order.</summary>
    /// <param name="snapshot">What is read.</param>
    /// <param name="tenants">The tenants.</param>
    /// <param name="now">The clock's now.</param>
    /// <param name="asOf">The instant, or null for now.</param>
    /// <param name="asPosted">The instant up to which entries had been posted, or null for all.</param>
    public static IEnumerable<CreditBalance> Of(
        LedgerSnapshot snapshot, IReadOnlyList<Tenant> tenants, Instant now, Instant? asOf, Instant? asPosted)
    {
        // How long ago something was imported is a matter of now: what was stated of the past stays so.
        var isNow = asOf is null && asPosted is null;
        if (tenants.Count == 1)
        {
            var tenant = tenants[0];
            yield return Of(
                snapshot, tenant, snapshot.Tenants.GetAccount(tenant.Number), [.. snapshot.Lots.WithRemainder(tenant.Number)],
                snapshot.Recharge.FindRule(tenant.Number), snapshot.Recharge.FindOpen(tenant.Number) is not null,
                isNow ? snapshot.Imports.LastImport(tenant.Number) : null, snapshot.Recharge.FindLastRefusal(tenant.Number),
                asOf is { } instant && asPosted is null ? snapshot.Entries.SumAfter(tenant.Number, instant) : default, now, asOf, asPosted);
            yield break;
        }

        var accounts = snapshot.Tenants.Accounts();
        var lots = snapshot.Lots.AllWithRemainder();
        var rules = snapshot.Recharge.Rules();
        var open = snapshot.Recharge.OpenAttempts();
        var imports = isNow ? snapshot.Imports.LastImports() : [];
        var refusals = snapshot.Recharge.LastRefusals();
        var later = asOf is { } at && asPosted is null ? snapshot.Entries.SumsAfter(at) : [];
        foreach (var tenant in tenants)
        {
            yield return Of(
                snapshot, tenant, accounts.GetValueOrDefault(tenant.Number) ?? new(),
                lots.TryGetValue(tenant.Number, out var undrawn) ? undrawn : [],
                rules.GetValueOrDefault(tenant.Number), open.ContainsKey(tenant.Number),
                imports.TryGetValue(tenant.Number, out var imported) ? imported : null, refusals.GetValueOrDefault(tenant.Number),
                later.GetValueOrDefault(tenant.Number), now, asOf, asPosted);
        }
    }

    private static CreditBalance Of(
        LedgerSnapshot snapshot, Tenant tenant, AccountState account, IReadOnlyList<Lot> lots, RechargeRule? rule, bool hasOpenAttempt,
        Instant? lastImport, Attempt? refusal, Amount later, Instant now, Instant? asOf, Instant? asPosted)
    {
        var at = asOf ?? now;
        Amount balance;
        if (asPosted is { } posted)
        {
            var last = snapshot.Entries.LastRecordedBy(tenant.Number, posted, account.Sequence);
            lots = last == 0 ? [] : snapshot.Lots.AsPosted(snapshot.Entries, tenant.Number, last, at);
            balance = last == 0
                ? Amount.Zero
                : snapshot.Entries.Find(tenant.Number, last)!.Value.Entry.BalanceAfter
                    - snapshot.Entries.SumAfter(tenant.Number, at, last) - BalanceRules.ExpiredUnbooked(lots, at);
        }
        else
        {
            balance = asOf is null
                ? BalanceRules.Now(account.Balance, lots, now)
                : account.Balance - later - BalanceRules.ExpiredUnbooked(lots, at);
        }

        var (nextExpiry, expiring) = NextExpiry(lots, at);
        var state = tenant.Status == CreditTenantStatus.Closed ? CreditBalanceState.Closed
            : balance <= Amount.Zero ? CreditBalanceState.Exhausted
            : balance < (tenant.LowBalance ?? rule?.Minimum) ? CreditBalanceState.Low
            : CreditBalanceState.Open;
        var recharge = rule?.StateAt(at, hasOpenAttempt) ?? CreditAutoRecharge.Off;
        var cap = recharge == CreditAutoRecharge.On && balance < rule!.Minimum && refusal is not null ? BalanceText.OfCap(refusal, at) : null;
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
            Recharge = rule is null ? null : BalanceText.OfRule(rule, recharge, cap),
            State = state,
            Attention = BalanceText.Attention(
                state, nextExpiry, expiring, at, rule, recharge, UsageRetention.DaysWithoutImport(tenant.Country, lastImport, at), cap),
            AsOf = at.ToDateTimeOffset(),
        };
    }

    private static (Instant? At, Amount Amount) NextExpiry(IReadOnlyList<Lot> lots, Instant at)
    {
        Instant? next = null;
        var expiring = Amount.Zero;
        foreach (var lot in lots.Where(lot => lot.IsLiveAt(at)))
        {
            if (next is null || lot.ExpiresAt < next)
                (next, expiring) = (lot.ExpiresAt, Amount.Zero);
            if (lot.ExpiresAt == next)
                expiring += lot.Remaining;
        }

        return (next, expiring);
    }
}
