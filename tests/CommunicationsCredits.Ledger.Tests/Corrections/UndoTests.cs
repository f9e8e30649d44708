using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>One entry undone (C1, C2, R8).</summary>
public sealed class UndoTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "C1")]
    public void A_call_is_undone_as_of_its_start_and_its_money_returns()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));

        var undone = _ledger.Undo("a", "The customer was right");

        Assert.Equal(
            (CreditTransactionKind.Reversal, 4m, 10m, TestLedger.At("2026-03-01T10:00:00Z"), "The customer was right"),
            (undone.Kind, undone.Amount, undone.BalanceAfter, undone.EffectiveAt, undone.Description));
        Assert.Equal(_ledger.Clock.Now, undone.PostedAt);
        Assert.Equal(UsageStatus.Reversed, _ledger.Record("a").Status);
        Assert.Equal([10m], _ledger.Remaining());
        Assert.Equal(10m, _ledger.Balance("2026-03-01T10:00:00Z"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_call_of_0_is_undone_too()
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 0m));

        Assert.Equal(0m, _ledger.Undo("a").Amount);

        Assert.Equal(UsageStatus.Reversed, _ledger.Record("a").Status);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Money_returns_to_the_lots_it_came_from_with_repayments()
    {
        _ledger.AddFunds(2m, "2026-01-01", "2026-12-01");
        _ledger.AddFunds(3m, "2026-01-01", "2026-11-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 10m));
        _ledger.AddFunds(4m, expiresAt: "2027-01-01");
        _ledger.AddFunds(6m, expiresAt: "2027-02-01");
        Assert.Equal([0m, 0m, 0m, 5m], _ledger.Remaining());

        _ledger.Undo("a");

        Assert.Equal([2m, 3m, 4m, 6m], _ledger.Remaining());
        Assert.Equal(15m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Of_a_call_that_is_partly_debt_the_debt_goes_first()
    {
        _ledger.AddFunds(2m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 10m));
        Assert.Equal(8m, Assert.Single(_ledger.Debts()).Unpaid);

        _ledger.Undo("a");

        Assert.Empty(_ledger.Debts());
        Assert.Equal([2m], _ledger.Remaining());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Returned_money_first_repays_open_debt_of_calls_it_may_pay_the_oldest_first()
    {
        AddExpiredFunds();
        _ledger.Import(
            Call.Paid("a", "2026-03-01T10:00:00Z", 10m), Call.Paid("too late for the lot", "2026-03-11T00:00:00Z", 1m),
            Call.Paid("second", "2026-03-05T10:00:00Z", 5m), Call.Paid("first", "2026-03-04T10:00:00Z", 3m));

        _ledger.Undo("a");

        Assert.Equal([1m], _ledger.Debts().Select(debt => debt.Unpaid));
        Assert.Equal(-2m, _ledger.Last(CreditTransactionKind.Forfeiture).Amount);
        Assert.Equal(TestLedger.At("2026-03-10"), _ledger.Last(CreditTransactionKind.Forfeiture).EffectiveAt);
        Assert.Equal(-1m, _ledger.Balance());
        Assert.Equal(2m, _ledger.Balance("2026-03-09T23:59:59Z"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Each_lot_repays_what_it_may_in_reverse_draw_order()
    {
        // The call was paid by the lot that expires first, then by the other; the other returns first.
        _ledger.AddFunds(1m, "2026-01-01", "2026-03-20");
        _ledger.AddFunds(5m, "2026-01-01", "2026-12-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 6m), Call.Paid("debt", "2026-03-02T10:00:00Z", 2m));

        _ledger.Undo("a");

        Assert.Equal([1m, 3m], _ledger.Remaining());
        Assert.Empty(_ledger.Debts());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void What_returns_to_an_expired_lot_is_forfeited_as_of_its_expiry_at_once()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-03-20");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        _ledger.SetClock("2026-04-01T00:00:00Z");

        var undone = _ledger.Undo("a");

        // What was left is forfeited by the same posting, after the reversal.
        Assert.Equal(10m, undone.BalanceAfter);
        var forfeited = _ledger.Last(CreditTransactionKind.Forfeiture);
        Assert.Equal((-10m, TestLedger.At("2026-03-20"), 0m), (forfeited.Amount, forfeited.EffectiveAt, forfeited.BalanceAfter));
        Assert.Equal([0m, 10m, 10m], new[] { "2026-04-01", "2026-03-19", "2026-03-10" }.Select(at => _ledger.Balance(at)));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void What_was_forfeited_before_stays_so_and_what_returns_is_forfeited_too()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-03-20");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        _ledger.SetClock("2026-04-01T00:00:00Z");
        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });
        Assert.Equal(-6m, _ledger.Last(CreditTransactionKind.Forfeiture).Amount);

        _ledger.Undo("a");

        Assert.Equal([-6m, -4m], _ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Forfeiture).Select(entry =>
            entry.Amount));
        Assert.Equal((0m, 10m), (_ledger.Balance(), _ledger.Balance("2026-03-19")));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_call_that_had_released_forfeited_money_is_undone_and_the_money_is_forfeited_again()
    {
        AddExpiredFunds();
        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });
        _ledger.Import(Call.Paid("late", "2026-03-09T00:00:00Z", 4m));
        Assert.Equal(4m, _ledger.Last(CreditTransactionKind.Release).Amount);

        _ledger.Undo("late");

        Assert.Equal([-10m, -4m], _ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Forfeiture).Select(entry =>
            entry.Amount));
        Assert.Equal(0m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_purchase_that_nothing_is_drawn_from_is_undone()
    {
        _ledger.AddFunds(10m, "2026-01-01", reference: "INV-1");

        var undone = _ledger.Undo(_ledger.Last(CreditTransactionKind.Purchase), "Typed twice");

        Assert.Equal((-10m, 0m, TestLedger.At("2026-01-01"), "INV-1"), (undone.Amount, undone.BalanceAfter, undone.EffectiveAt,
            undone.Reference));
        Assert.Equal(CreditFundsStatus.Reversed, Assert.Single(_ledger.Session.Funds.GetFunds(Ledger.Tenants.TenantSelection.All,
            true)).Status);
        Assert.Empty(_ledger.Session.Funds.GetFunds(Ledger.Tenants.TenantSelection.All, includeSpent: false));
        Assert.Equal([0m, 0m], new[] { "2026-02-01", "2027-06-01" }.Select(at => _ledger.Balance(at)));
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        Assert.Equal(1m, Assert.Single(_ledger.Debts()).Unpaid);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_purchase_whose_draws_were_all_undone_can_be_undone_and_one_that_is_drawn_is_refused()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 0.000001m));
        var purchase = _ledger.Last(CreditTransactionKind.Purchase);
        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Undo(purchase));

        _ledger.Undo("a");
        _ledger.Undo(purchase);

        Assert.Equal(0m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_purchase_that_repaid_a_debt_is_drawn()
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        _ledger.AddFunds(10m);

        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Undo(_ledger.Last(CreditTransactionKind.Purchase)));
    }

    [Theory]
    [Trait("Rule", "C1")]
    [InlineData(true)]
    [InlineData(false)]
    public void An_expired_purchase_is_undone_whether_its_forfeiture_is_booked_or_not(bool booked)
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-03-20");
        _ledger.SetClock("2026-04-01T00:00:00Z");
        if (booked)
            _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });

        _ledger.Undo(_ledger.Last(CreditTransactionKind.Purchase));

        Assert.Equal(booked ? 1 : 0, _ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Release).Count);
        Assert.Equal([0m, 0m, 0m], new[] { "2026-02-01", "2026-03-25", "2026-04-01" }.Select(at => _ledger.Balance(at)));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Adjustments_of_either_sign_are_undone_and_a_drawn_one_is_refused()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var less = _ledger.Adjust(-4m, reason: "Wrong tenant");
        var more = _ledger.Adjust(3m, "2026-04-01", "Goodwill");
        Assert.Equal([6m, 3m], _ledger.Remaining());

        _ledger.Undo(less);
        _ledger.Undo(more);

        Assert.Equal([10m, 0m], _ledger.Remaining());
        Assert.Equal(10m, _ledger.Balance());
        var drawn = _ledger.Adjust(1m, "2026-03-25");
        _ledger.Import(Call.Paid("a", _ledger.Clock.Now, 0.5m));
        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Undo(drawn));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Anything_else_is_refused_and_changes_nothing()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-03-16");
        _ledger.SetClock("2026-03-17T00:00:00Z");
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 1m, RechargeAmount = 5m });
        _ledger.Session.Recharges.Run(TestLedger.Contoso, force: false);
        _ledger.Import(Call.Paid("late", "2026-03-10T00:00:00Z", 1m));
        var reversal = _ledger.Undo("late");
        var before = _ledger.Entries().Count;

        foreach (var kind in (CreditTransactionKind[])[
            CreditTransactionKind.Recharge, CreditTransactionKind.Forfeiture, CreditTransactionKind.Release,
                CreditTransactionKind.Setting])
        {
            var error = Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Undo(_ledger.Last(kind)));
            Assert.Contains(kind.ToString(), error.Message, StringComparison.Ordinal);
        }

        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Undo(reversal));
        Assert.Equal(before, _ledger.Entries().Count);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Everything_is_undone_once()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        var call = _ledger.EntryOf("a");
        _ledger.Undo(call);
        _ledger.Undo(_ledger.Last(CreditTransactionKind.Purchase));

        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Undo(call));
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Undo(_ledger.Last(CreditTransactionKind.Purchase)));
    }

    [Theory]
    [Trait("Rule", "C1")]
    [InlineData("contoso.com/99")]
    [InlineData("contoso.com/0")]
    [InlineData("contoso.com/-1")]
    [InlineData("contoso.com/I1")]
    [InlineData("contoso.com/")]
    [InlineData("contoso.com")]
    [InlineData("/1")]
    [InlineData("nobody/1")]
    [InlineData("")]
    [InlineData("contoso.com/99999999999999999999")]
    public void An_id_that_is_none_is_told(string id) =>
        Refuses.With(CreditErrorId.TransactionNotFound, () => _ledger.Session.Execute(new UndoTransaction(id)));

    [Fact]
    [Trait("Rule", "C1")]
    public void The_tenant_must_match_where_it_is_given()
    {
        _ledger.AddTenant("other", new());
        _ledger.AddFunds(10m, "2026-01-01");
        var purchase = _ledger.Last(CreditTransactionKind.Purchase);

        Refuses.With(
            CreditErrorId.TransactionNotFound, () =>
                _ledger.Session.Execute(new UndoTransaction(purchase.TransactionId) { TenantId = "other" }));

        Assert.Equal(-10m, _ledger.Session.Execute(new UndoTransaction(purchase.TransactionId) { TenantId = "CONTOSO.com" })
            .Amount);
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Nothing_of_a_closed_tenant_is_undone()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        _ledger.Session.Execute(new Ledger.Tenants.Operations.ChangeTenant(TestLedger.Contoso,
            new() { Status = CreditTenantStatus.Closed }));

        Refuses.With(CreditErrorId.TenantClosed, () => _ledger.Undo("a"));
        Refuses.With(CreditErrorId.TenantClosed, () => _ledger.UndoImport("contoso.com/I1"));
        Refuses.With(CreditErrorId.TenantClosed, () => _ledger.Adjust(1m));
    }

    [Theory]
    [Trait("Rule", "R9")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("paid by 4111-1111-1111-1111")]
    public void A_card_number_in_a_reason_or_a_key_is_refused_and_not_echoed(string text)
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var purchase = _ledger.Last(CreditTransactionKind.Purchase);
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));

        foreach (var act in (Action[])[
            () => _ledger.Undo(purchase, text), () => _ledger.Undo(purchase, key: text), () => _ledger.Adjust(1m, reason: text),
            () => _ledger.Adjust(1m, key: text), () => _ledger.UndoImport("contoso.com/I1", text)])
        {
            var error = Refuses.With(CreditErrorId.CardNumberRefused, act);
            Assert.DoesNotContain("1111", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void A_reversed_record_stays_a_duplicate_unless_it_comes_as_a_correction()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var call = Call.Paid("a", "2026-03-01T10:00:00Z", 4m);
        _ledger.Import(call);
        _ledger.Undo("a");

        Assert.Equal((0, 1), Counts(_ledger.Import(call)));
        Assert.Equal((0, 1), Counts(_ledger.Import(Call.Csv([call]), ConflictAction.Skip)));
        Assert.Equal(10m, _ledger.Balance());
        Assert.Equal((1, 0), Counts(_ledger.Import(Call.Csv([call]), ConflictAction.Correct)));
        Assert.Equal(6m, _ledger.Balance());
        Assert.Equal((0, 1), Counts(_ledger.Import(Call.Csv([call]), ConflictAction.Correct)));
        Assert.Equal([UsageStatus.Reversed, UsageStatus.Charged], _ledger.Usage().Select(record => record.Status));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void What_a_correction_replaced_cannot_be_undone_and_the_correction_can()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        var replaced = _ledger.EntryOf("a");
        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01T10:00:00Z", 3m)]), ConflictAction.Correct);

        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Undo(replaced));
        _ledger.Undo("a");

        Assert.Equal(10m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void The_same_key_gives_the_first_reversal_again()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m), Call.Paid("b", "2026-03-01T10:00:00Z", 1m));
        var first = _ledger.Undo("a", "Why", "key");
        var entries = _ledger.Entries().Count;

        Assert.Equal(first.Values(), _ledger.Undo("a", "Why", "key").Values());
        Assert.Equal(entries, _ledger.Entries().Count);
        var other = Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.Undo("b", "Why", "key"));
        Assert.Contains(_ledger.EntryOf("a").TransactionId, other.Message, StringComparison.Ordinal);
        Assert.Contains(_ledger.EntryOf("b").TransactionId, other.Message, StringComparison.Ordinal);
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.Undo("a", "Because", "key"));
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Undo("a", "Why", "another key"));
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Undo("a", "Why"));
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void The_same_key_gives_the_first_adjustment_again_and_is_of_one_operation_and_tenant()
    {
        _ledger.AddTenant("other", new());
        var first = _ledger.Adjust(5m, "2027-01-01", "Why", "key");

        Assert.Equal(first.Values(), _ledger.Adjust(5.00m, "2027-01-01T00:00:00Z", "Why", "key").Values());
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.Adjust(6m, "2027-01-01", "Why", "key"));
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.Adjust(5m, null, "Why", "key"));
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.Adjust(5m, "2027-01-01", "Because", "key"));
        Assert.Equal(5m, _ledger.Balance());

        _ledger.AddFunds(1m, key: "key");
        _ledger.Adjust(7m, key: "key", tenant: "other");
        _ledger.Undo(first, key: "key");
        Assert.Equal((1m, 7m), (_ledger.Balance(), _ledger.Balance(tenant: "other")));
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void A_purchase_undone_or_a_negative_adjustment_evaluates_the_rule()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-12-01");
        var purchase = _ledger.Last(CreditTransactionKind.Purchase);
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 8m, RechargeAmount = 5m });

        _ledger.Adjust(-1m);
        Assert.Equal(9m, _ledger.Balance());
        _ledger.Adjust(-2m);
        Assert.Equal(12m, _ledger.Balance());
        _ledger.Adjust(1m);
        Assert.Equal(13m, _ledger.Balance());
        _ledger.Undo(_ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Adjustment)[0]);
        _ledger.Undo(_ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Adjustment)[1]);
        Assert.Equal(16m, _ledger.Balance());
        _ledger.Undo(purchase);

        // Of 6 that are left, one charge brings the balance to 11; recharges made stand.
        Assert.Equal(11m, _ledger.Balance());
        Assert.Equal([5m, 5m], _ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Recharge).Select(entry => entry.Amount));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void A_positive_adjustment_undone_evaluates_the_rule()
    {
        var adjustment = _ledger.Adjust(10m);
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 8m, RechargeAmount = 5m });

        _ledger.Undo(adjustment);

        Assert.Equal(10m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_preview_undoes_nothing()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var purchase = _ledger.Last(CreditTransactionKind.Purchase);

        Assert.Equal(-10m, _ledger.Session.Execute(new UndoTransaction(purchase.TransactionId), preview: true).Amount);

        Assert.Equal(10m, _ledger.Balance());
        _ledger.Undo(purchase);
    }

    public void Dispose() => _ledger.Dispose();

    /// <summary>10, from January to the tenth of March; it is the sixteenth now.</summary>
    private void AddExpiredFunds()
    {
        _ledger.SetClock("2026-03-01T00:00:00Z");
        _ledger.AddFunds(10m, "2026-01-01", "2026-03-10");
        _ledger.SetClock("2026-03-16T00:00:00Z");
    }

    private static (long Imported, long Duplicate) Counts(Imported import) => (import.Result.Imported, import.Result.Duplicate);
}
