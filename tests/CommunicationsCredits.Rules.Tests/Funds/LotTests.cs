using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Funds;

/// <summary>What a lot is at an instant, in words, and what balances make of lots: each rule at the very instant at which it changes.</summary>
public sealed class LotTests
{
    private static readonly Tenant Contoso = new()
    {
        Number = 1, Id = "contoso.com", Name = "Contoso", Currency = "USD", Country = "US", NotificationEmail = [], LowBalance = null, AccountFrom = null,
        Status = CreditTenantStatus.Active, CreatedAt = Instant.Earliest,
    };

    [Theory]
    [Trait("Rule", "F2")]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void It_is_live_from_its_purchase_until_and_without_its_expiry(long at, bool isLive) =>
        Assert.Equal(isLive, NewLot().IsLiveAt(new(at)));

    [Theory]
    [Trait("Rule", "F5")]
    [InlineData(5, 19, false, CreditFundsStatus.Live, 5)]
    [InlineData(5, 20, false, CreditFundsStatus.Expired, 0)]
    [InlineData(5, 21, false, CreditFundsStatus.Expired, 0)]
    [InlineData(0, 19, false, CreditFundsStatus.Spent, 0)]
    [InlineData(0, 20, false, CreditFundsStatus.Spent, 0)]
    [InlineData(5, 19, true, CreditFundsStatus.Reversed, 0)]
    [InlineData(5, 20, true, CreditFundsStatus.Reversed, 0)]
    public void It_says_what_is_left_of_it_and_why(long remaining, long now, bool isReversed, CreditFundsStatus status, int shown)
    {
        var funds = NewLot(remaining: remaining, reversed: isReversed).ToContract(Contoso, new(now));

        Assert.Equal((status, shown / 1_000_000m, 7 / 1_000_000m), (funds.Status, funds.Remaining, funds.Amount));
        Assert.Equal(("contoso.com/F3", "contoso.com", "USD"), (funds.FundsId, funds.TenantId, funds.Currency));
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void A_balance_counts_what_has_expired_as_gone_whether_it_is_booked_or_not()
    {
        Lot[] lots = [NewLot(remaining: 5, forfeited: 2), NewLot(remaining: 4, expires: 30)];

        // Of the first, 2 are booked already; before its expiry a clock that ran ahead has booked them, which counts as not booked.
        Assert.Equal(102, BalanceRules.Now(new(100), lots, new(19)).Micros);
        Assert.Equal(97, BalanceRules.Now(new(100), lots, new(20)).Micros);
        Assert.Equal(93, BalanceRules.Now(new(100), lots, new(30)).Micros);
        Assert.Equal(0, BalanceRules.ExpiredUnbooked(lots, new(19)).Micros);
        Assert.Equal(3, BalanceRules.ExpiredUnbooked(lots, new(20)).Micros);
        Assert.Equal(7, BalanceRules.ExpiredUnbooked(lots, new(31)).Micros);
    }

    [Fact]
    [Trait("Rule", "F1")]
    public void Its_terms_stand_in_its_entry_alone_or_before_a_reason()
    {
        var expiry = new Instant(new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);
        Assert.Equal("Expires 2026-03-01T00:00:00Z", LotTerms.Describe(expiry, 0));
        Assert.Equal("Expires 2026-03-01T00:00:00Z, priority -2", LotTerms.Describe(expiry, -2));
        Assert.True(LotTerms.Match("Expires 2026-03-01T00:00:00Z", expiry, 0));
        Assert.True(LotTerms.Match("Expires 2026-03-01T00:00:00Z: goodwill", expiry, 0));
        Assert.False(LotTerms.Match("Expires 2026-03-01T00:00:00Z, priority 1", expiry, 0));
        Assert.False(LotTerms.Match("Expires 2026-03-01T00:00:00Z", expiry, 1));
        Assert.False(LotTerms.Match("Expires 2026-03-02T00:00:00Z", expiry, 0));
        Assert.False(LotTerms.Match(null, expiry, 0));
    }

    private static Lot NewLot(long remaining = 7, long forfeited = 0, long expires = 20, bool reversed = false) => new()
    {
        Number = 3, Amount = new(7), Remaining = new(remaining), Forfeited = new(forfeited), PurchasedAt = new(10), ExpiresAt = new(expires), Priority = 0,
        Source = CreditFundsSource.Manual, Reference = null, Entry = 1, Reversed = reversed,
    };
}
