using CommunicationsCredits.Ledger.Tests.Pools;
using CommunicationsCredits.Ledger.Tests.Support;
using static CommunicationsCredits.Ledger.Tests.Pools.PoolLedger;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>A whole import undone as one (C1).</summary>
public sealed class UndoImportTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "C1")]
    public void All_that_an_import_kept_is_reversed_as_one()
    {
        _ledger.AddRates(DollarRates);
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);
        _ledger.Import(Call.Paid("before", "2026-03-01T10:00:00Z", 1m));
        _ledger.Import(
            Out("pooled", 120), Out("split", 120), Out("paid", 60), new Call { Id = "free", To = "911" },
            new Call { Id = "excluded", Type = "dr_out" }, new Call { Id = "unrated", To = "+4930123456" });
        Assert.Equal(7m, _ledger.Balance());

        var undone = _ledger.UndoImport("contoso.com/I2", "Wrong tenant");

        Assert.Equal((6, 6, -2m, 9m), (undone.Read, undone.Imported, undone.Charged, undone.BalanceAfter));
        Assert.Equal(("contoso.com/I3", "(undo of contoso.com/I2)"), (undone.ImportId, undone.Source));
        Assert.Equal(undone, _ledger.Session.Usage.GetImports(Ledger.Tenants.TenantSelection.All).Last());
        Assert.All(_ledger.Usage().Skip(1), record => Assert.Equal(UsageStatus.Reversed, record.Status));
        Assert.Equal(UsageStatus.Charged, _ledger.Record("before").Status);
        Assert.Equal(0m, _ledger.Pool("MCOPSTN1").MinutesUsed);
        Assert.All(_ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Reversal), entry => Assert.Equal("Wrong tenant",
            entry.Description));

        // What waited for a rate waits no more.
        _ledger.AddRates("Prefix,Price / min,Country\n49,1,DE\n", name: "Germany");
        Assert.Equal(0, _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default).Read);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void What_was_reversed_before_is_left_and_an_import_is_undone_once()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m), Call.Paid("b", "2026-03-01T10:00:00Z", 2m));
        _ledger.Undo("a");

        Assert.Equal((1, -2m), (_ledger.UndoImport("contoso.com/i1").Imported,
            _ledger.Session.Usage.GetImports(Ledger.Tenants.TenantSelection.All).Last().Charged));

        Assert.Equal(10m, _ledger.Balance());
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.UndoImport("contoso.com/I1"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void An_import_that_kept_nothing_is_refused_and_so_is_the_undo_itself()
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        _ledger.UndoImport("contoso.com/I1");

        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.UndoImport("contoso.com/I2"));
        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.UndoImport("contoso.com/I3"));
    }

    [Theory]
    [Trait("Rule", "C1")]
    [InlineData("contoso.com/I9")]
    [InlineData("contoso.com/1")]
    [InlineData("contoso.com/I")]
    [InlineData("nobody/I1")]
    [InlineData("I1")]
    [InlineData("")]
    public void An_id_that_is_none_is_told(string id)
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));

        Refuses.With(CreditErrorId.ImportNotFound, () => _ledger.UndoImport(id));
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void Its_records_stay_duplicates_unless_they_come_as_corrections()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        Call[] calls = [Call.Paid("a", "2026-03-01T10:00:00Z", 1m), Call.Paid("b", "2026-03-01T10:00:00Z", 2m)];
        _ledger.Import(calls);
        _ledger.UndoImport("contoso.com/I1");

        Assert.Equal(2, _ledger.Import(calls).Result.Duplicate);
        Assert.Equal(2, _ledger.Import(Call.Csv(calls), ConflictAction.Correct).Result.Imported);
        Assert.Equal(7m, _ledger.Balance());
        Assert.Equal(2, _ledger.UndoImport("contoso.com/I4").Imported);
        Assert.Equal(10m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void An_import_of_corrections_is_undone_without_bringing_back_what_it_replaced()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01T10:00:00Z", 2m)]), ConflictAction.Correct);

        Assert.Equal(-2m, _ledger.UndoImport("contoso.com/I2").Charged);

        Assert.Equal(10m, _ledger.Balance());
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.UndoImport("contoso.com/I1"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void The_last_call_returns_first_so_that_lots_are_as_before_the_import()
    {
        _ledger.AddFunds(3m, "2026-01-01", "2026-06-01");
        _ledger.AddFunds(4m, "2026-01-02", "2026-12-01", priority: 1);
        _ledger.Import(Call.Paid("open", "2026-03-01T10:00:00Z", 1m));
        _ledger.Import(Enumerable.Range(0, 12).Select(i => Call.Paid($"r{i}", $"2026-03-0{(i % 9) + 1}T10:00:00Z",
            1m)).ToArray());

        _ledger.UndoImport("contoso.com/I2");

        Assert.Equal([2m, 4m], _ledger.Remaining());
        Assert.Empty(_ledger.Debts());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Recharges_already_made_stand()
    {
        _ledger.Session.Execute(new Ledger.Recharge.Operations.SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 5m,
            RechargeAmount = 10m });
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 20m));
        Assert.Equal(10m, _ledger.Balance());

        _ledger.UndoImport("contoso.com/I1");

        Assert.Equal(30m, _ledger.Balance());
        Assert.Equal([30m], _ledger.Remaining());
        Assert.Empty(_ledger.Verify());
    }

    public void Dispose() => _ledger.Dispose();
}
