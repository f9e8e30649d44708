using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>What operations decide, on a ledger in memory: no database takes part.</summary>
public sealed class DeciderTests
{
    private readonly MemoryStore _store = new();
    private readonly RuleLedger _ledger;

    public DeciderTests() => _ledger = new(_store);

    private MemoryTenant Contoso => _store.Book.Find("CONTOSO.COM")!;

    [Fact]
    [Trait("Rule", "F3")]
    public void A_charge_draws_the_lower_priority_first_and_then_what_expires_first()
    {
        _ledger.AddFunds(10, expiresAt: "2026-09-01T00:00:00Z");
        _ledger.AddFunds(10, expiresAt: "2026-06-01T00:00:00Z");
        _ledger.AddFunds(10, expiresAt: "2026-12-01T00:00:00Z", priority: 1);
        _ledger.AddFunds(10, expiresAt: "2026-04-01T00:00:00Z", priority: 2);

        _ledger.Post("one", 12);
        Assert.Equal([8, 0, 10, 10], _ledger.Remaining());

        _ledger.Post("two", 21.5m);
        Assert.Equal([0, 0, 0, 6.5m], _ledger.Remaining());
        Assert.Equal(6.5m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "F4")]
    public void New_funds_repay_the_oldest_call_first()
    {
        _ledger.Post("later", 3, "2026-03-10T00:00:00Z");
        _ledger.Post("earlier", 4, "2026-03-09T00:00:00Z");
        Assert.Equal(-7, _ledger.Balance());

        _ledger.AddFunds(5);

        var debt = Assert.Single(_ledger.State().Debts!);
        Assert.Equal(RuleLedger.At("2026-03-10T00:00:00Z"), debt.EffectiveAt.ToDateTimeOffset());
        Assert.Equal(2, debt.Unpaid.ToDecimal());
        Assert.Equal([0], _ledger.Remaining());

        _ledger.AddFunds(5);
        Assert.Empty(_ledger.State().Debts!);
        Assert.Equal([0, 3], _ledger.Remaining());
    }

    [Fact]
    [Trait("Rule", "F5")]
    public void What_has_expired_is_forfeited_by_the_next_posting_and_drawn_by_a_call_from_before()
    {
        _ledger.AddFunds(10, expiresAt: "2026-03-20T00:00:00Z");
        _ledger.SetClock("2026-03-21T00:00:00Z");
        Assert.Equal(0, _ledger.Balance());

        _ledger.Execute(new MaintainTenant(RuleLedger.Contoso));
        var forfeited = Contoso.Entries.Values.Single(stored => stored.Entry.Kind == CreditTransactionKind.Forfeiture).Entry;
        Assert.Equal(-10, forfeited.Amount.ToDecimal());

        _ledger.Post("late", 4, "2026-03-19T00:00:00Z");
        Assert.Equal(4, Contoso.Entries.Values.Single(stored => stored.Entry.Kind == CreditTransactionKind.Release).Entry.Amount.ToDecimal());
        Assert.Equal([6], _ledger.Remaining());
        Assert.Equal(0, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void An_undone_call_returns_to_the_lots_that_paid_it_and_is_undone_once()
    {
        _ledger.AddFunds(2);
        _ledger.AddFunds(8);
        var call = _ledger.Post("one", 5).Result;
        Assert.Equal([0, 5], _ledger.Remaining());

        var reversal = _ledger.Execute(new UndoTransaction($"{RuleLedger.Contoso}/{call}"));

        Assert.Equal(5, reversal.Amount);
        Assert.Equal([2, 8], _ledger.Remaining());
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Execute(new UndoTransaction($"{RuleLedger.Contoso}/{call}")));
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Undoing_an_import_returns_its_money_and_its_records_stay_known()
    {
        _ledger.AddFunds(8);
        _ledger.Post("one", 5);

        _ledger.Decider.Decide(new UndoImport($"{RuleLedger.Contoso}/I1", null), preview: false);

        Assert.Equal([8], _ledger.Remaining());
        _ledger.Post("one", 5);
        Assert.Equal([8], _ledger.Remaining());
        Assert.Single(Contoso.Records);
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void A_posting_below_the_minimum_recharges_in_the_same_commit()
    {
        _ledger.AddFunds(30);
        _ledger.Execute(new SetRechargeRule(RuleLedger.Contoso) { MinimumBalance = 20, TargetBalance = 50 });
        var writes = _store.Writes;

        var decided = _ledger.Post("one", 12.5m);

        Assert.Equal(32.5m, decided.Recharge!.Amount.ToDecimal());
        Assert.Equal(50, _ledger.Balance());
        Assert.Equal(writes + 1, _store.Writes);
    }

    [Theory]
    [Trait("Rule", "R4")]
    [InlineData(25, null, null, 25)]
    [InlineData(null, 40, null, 40)]
    [InlineData(null, null, 15, 15)]
    [InlineData(25, 40, 15, 15)]
    public void No_recharge_is_above_a_cap(int? perCharge, int? perDay, int? perMonth, int charged)
    {
        _ledger.Execute(new SetRechargeRule(RuleLedger.Contoso)
        {
            MinimumBalance = 20,
            TargetBalance = 50,
            MaximumPerCharge = perCharge,
            MaximumPerDay = perDay,
            MaximumPerMonth = perMonth,
        });

        _ledger.Post("one", 10);

        Assert.Equal(charged, Contoso.Attempts[1].Amount.ToDecimal());
        Assert.Equal(charged - 10, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "R4")]
    public void A_cap_that_is_used_up_refuses_once_until_its_day_ends()
    {
        _ledger.Execute(new SetRechargeRule(RuleLedger.Contoso) { MinimumBalance = 20, RechargeAmount = 30, MaximumPerDay = 30 });
        _ledger.Post("one", 15);
        Assert.Equal(15, _ledger.Balance());

        Assert.Equal(AutoRechargeAttemptState.Refused, _ledger.Post("two", 1).Recharge!.State);
        Assert.Null(_ledger.Post("three", 1).Recharge);
        Assert.Equal(13, _ledger.Balance());

        _ledger.SetClock("2026-03-16T00:00:00Z");
        Assert.Equal(30, _ledger.Post("four", 1).Recharge!.Amount.ToDecimal());
        Assert.Equal(42, _ledger.Balance());
    }

    [Fact]
    public void A_preview_answers_as_the_posting_would_takes_no_lock_and_changes_nothing()
    {
        _ledger.AddFunds(10);
        var (book, writes) = (_store.Book, _store.Writes);

        var preview = _ledger.Execute(new AddAdjustment(RuleLedger.Contoso, -4), preview: true);

        Assert.Equal((-4, 6), (preview.Amount, preview.BalanceAfter));
        Assert.Same(book, _store.Book);
        Assert.Equal(writes, _store.Writes);
        Assert.Equal([10], _ledger.Remaining());
        Assert.Equal(preview.Values(), _ledger.Execute(new AddAdjustment(RuleLedger.Contoso, -4)).Values());
    }

    [Fact]
    public void A_refused_operation_of_a_batch_changes_nothing_and_the_others_stay()
    {
        LedgerOperation<CreditFunds>[] batch =
        [
            new AddFunds(RuleLedger.Contoso, 1),
            new AddFunds(RuleLedger.Contoso, 2) { ExpiresAt = RuleLedger.At("2020-01-01T00:00:00Z"), PurchasedAt = RuleLedger.At("2019-01-01T00:00:00Z") },
            new AddFunds("nobody.com", 3),
            new AddFunds(RuleLedger.Contoso, 4),
        ];
        var writes = _store.Writes;

        var decided = _ledger.Decider.Decide(batch, preview: false);

        Assert.Equal(
            [null, CreditErrorId.FundsAlreadyExpired, CreditErrorId.TenantNotFound, null], decided.Select(one => one.Error?.ErrorId));
        Assert.Equal([1, 4], _ledger.Remaining());
        Assert.Equal(writes + 1, _store.Writes);
    }

    [Fact]
    public void Nothing_after_a_refusal_is_decided_where_it_ends_the_work()
    {
        LedgerOperation<CreditFunds>[] batch = [new AddFunds(RuleLedger.Contoso, 1), new AddFunds("nobody.com", 3), new AddFunds(RuleLedger.Contoso, 4)];

        Assert.Equal(2, _ledger.Decider.Decide(batch, preview: false, endsAtRefusal: true).Count);

        Assert.Equal([1], _ledger.Remaining());
    }

    [Fact]
    public void A_decision_that_was_overtaken_is_made_again_from_what_is_there_now()
    {
        _ledger.AddFunds(10);
        _store.BeforeWrite = () => _ledger.Execute(new AddAdjustment(RuleLedger.Contoso, -7));

        var entry = _ledger.Execute(new AddAdjustment(RuleLedger.Contoso, -5));

        Assert.Equal(-2, entry.BalanceAfter);
        Assert.Equal([0], _ledger.Remaining());
        Assert.Equal(2, Assert.Single(_ledger.State().Debts!).Unpaid.ToDecimal());
        AssertOneChain();
    }

    [Fact]
    public void An_undo_that_was_overtaken_by_the_same_undo_is_refused()
    {
        _ledger.AddFunds(10);
        var id = $"{RuleLedger.Contoso}/{_ledger.Post("one", 5).Result}";
        _store.BeforeWrite = () => _ledger.Execute(new UndoTransaction(id));

        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Execute(new UndoTransaction(id)));

        Assert.Equal([10], _ledger.Remaining());
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void A_key_leads_to_its_first_posting_whoever_was_faster()
    {
        var add = () => _ledger.Execute(new AddFunds(RuleLedger.Contoso, 10) { IdempotencyKey = "invoice-1" });
        CreditFunds? first = null;
        _store.BeforeWrite = () => first = add();

        var second = add();

        Assert.Equal(first!.Values(), second.Values());
        Assert.Equal([10], _ledger.Remaining());
        Refuses.With(
            CreditErrorId.IdempotencyConflict,
            () => _ledger.Execute(new AddFunds(RuleLedger.Contoso, 11) { IdempotencyKey = "invoice-1" }));
    }

    /// <summary>The entries are numbered from 1 on without a gap, and sum up to the balance.</summary>
    private void AssertOneChain()
    {
        var entries = Contoso.Entries.Values.Select(stored => stored.Entry).Concat(
            Contoso.Records.Values.Where(record => record.Sequence != 0).Select(record => record.Entry)).OrderBy(entry => entry.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.Sequence));
        Assert.Equal(Contoso.Account.Balance.ToDecimal(), entries.Sum(entry => entry.Amount.ToDecimal()));
    }
}
