using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>What is refused before it is written, whatever made it so: each invariant is broken by the least there is.</summary>
public sealed class InvariantsTests
{
    private static readonly Month March = Month.Parse("2026-03");

    [Fact]
    [Trait("Rule", "F4")]
    public void What_holds_is_accepted()
    {
        Accept(Draft(balance: 3, lots: [NewLot(remaining: 5, forfeited: 2)]));
        Accept(Draft(balance: -4, debt: 4));

        // Of two lots one is all there and all forfeited, the other spent; the call began when the first had expired.
        var draft = Draft(balance: -4, debt: 4, lots: [NewLot(remaining: 7, forfeited: 7), NewLot(remaining: 0, expires: 90)]);
        draft.Changes.Debts[1] = new(1, new(20), new(4), 0);
        Accept(draft);
    }

    [Theory]
    [Trait("Rule", "F4")]
    [InlineData(-1, 0)]
    [InlineData(8, 0)]
    [InlineData(5, -1)]
    [InlineData(5, 6)]
    public void A_lot_has_from_nothing_to_all_of_itself_left(long remaining, long forfeited) =>
        Refuse($"lot 3 has {new Amount(remaining)} of {new Amount(7)} left, {new Amount(forfeited)} forfeited", Draft(remaining - forfeited, lots: [NewLot(remaining, forfeited)]));

    [Theory]
    [Trait("Rule", "F4")]
    [InlineData(6, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(6, -1)]
    public void The_balance_is_what_lots_have_left_less_what_is_owed(long balance, long debt) => Refuse(
        $"the balance is {new Amount(balance)}, and its lots and debts make {new Amount(5)} - {new Amount(debt)}", Draft(balance, debt, [NewLot(remaining: 5)]));

    [Theory]
    [Trait("Rule", "F4, F6")]
    [InlineData(19, 0, true)]
    [InlineData(20, 0, false)]
    [InlineData(19, 5, true)]
    public void No_debt_stands_beside_a_lot_that_may_pay_it(long start, long forfeited, bool isRefused)
    {
        var draft = Draft(balance: 1 - forfeited, debt: 4, lots: [NewLot(remaining: 5, forfeited: forfeited), NewLot(remaining: 0, expires: 90)]);
        draft.Changes.Debts[2] = new(2, new(1), Amount.Zero, 1);
        draft.Changes.Debts[1] = new(1, new(start), new(4), 0);

        if (isRefused)
            Refuse($"{new Amount(4)} of entry 1 are unpaid beside a lot that may pay them", draft);
        else
            Accept(draft);
    }

    [Fact]
    [Trait("Rule", "A1, C4")]
    public void No_less_than_nothing_is_used_of_a_pool_but_of_nobodys_share()
    {
        foreach (var kind in (Action<PoolMonth>[])
            [month => month.Domestic.Used--, month => month.Domestic.Unusable--, month => month.International.Used--, month => month.International.Unusable--])
        {
            Refuse("less than nothing is used of pool MCOPSTN1 US in 2026-03", Used("MCOPSTN1", "", kind));
            Refuse("less than nothing is used of pool MCOPSTN8 US in 2026-03", Used("MCOPSTN8", "ann", kind));
            Accept(Used("MCOPSTN8", "", kind));
        }

        Accept(Used("MCOPSTN1", "", _ => { }));

        static Draft Used(string capability, string user, Action<PoolMonth> use)
        {
            var draft = Draft(balance: 0);
            var month = new PoolMonth(capability, "US", March, user);
            use(month);
            draft.Changes.PoolMonths[month.Key] = month;
            return draft;
        }
    }

    private static void Accept(Draft draft) => Assert.NotNull(draft.Accept(null));

    private static void Refuse(string why, Draft draft) => Assert.Equal(
        $"Refused before it was written, in 'contoso.com': {why}.", Assert.Throws<InvalidOperationException>(() => draft.Accept(null)).Message);

    private static Draft Draft(long balance, long debt = 0, List<Lot>? lots = null) => new(
        new()
        {
            Tenant = new()
            {
                Number = 1, Id = "contoso.com", Name = "Contoso", Currency = "USD", Country = "US", NotificationEmail = [], LowBalance = null, AccountFrom = null,
                Status = CreditTenantStatus.Active, CreatedAt = Instant.Earliest,
            },
            Account = new() { Balance = new(balance), Debt = new(debt) },
            Lots = lots ?? [],
        },
        new("ann@desk", new(50)));

    private static Lot NewLot(long remaining, long forfeited = 0, long expires = 20) => new()
    {
        Number = 3, Amount = new(7), Remaining = new(remaining), Forfeited = new(forfeited), PurchasedAt = new(10), ExpiresAt = new(expires), Priority = 0,
        Source = CreditFundsSource.Manual, Reference = null, Entry = 1, Reversed = false,
    };
}
