using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage.Import;
using static CommunicationsCredits.Ledger.Tests.Pools.PoolLedger;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>Included minutes under all that an import does, and the notices of their use (A1, A2, A4, C1).</summary>
public sealed class PoolImportTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    public PoolImportTests()
    {
        _ledger.AddRates(DollarRates);
        _ledger.AddFunds(1000m, "2026-01-01");
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_late_call_counts_in_its_own_month_under_that_months_setting()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 2, month: "2026-01");
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3, month: "2026-02");
        _ledger.SetPool("MCOPSTN1", 1, minutes: 4, month: "2026-03");

        _ledger.Import(
            Out("mar", 300, "2026-03-01T00:00:00Z"), Out("feb", 300, "2026-02-28T23:59:59.9999999Z"), Out("jan", 300,
                "2026-01-31T23:59:59Z"),
            Out("dec", 300, "2025-12-31T23:00:00-05:00"), Out("nov", 300, "2025-11-05T00:00:00Z"));

        Assert.Equal([(240, 1m), (180, 2m), (120, 3m), (0, 5m), (120, 3m)], _ledger.Outcome("mar", "feb", "jan", "dec", "nov"));
        Assert.Equal([2m, 2m, 3m, 4m], new[] { "2025-11", "2026-01", "2026-02", "2026-03" }.Select(month =>
            _ledger.Pool("MCOPSTN1", month).MinutesUsed));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void The_months_of_one_file_are_kept_apart()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 2);

        _ledger.Import(
            Out("m1", 60, "2026-03-01T00:00:00Z"), Out("f1", 60, "2026-02-01T00:00:00Z"), Out("m2", 120, "2026-03-02T00:00:00Z"),
            Out("f2", 120, "2026-02-02T00:00:00Z"));

        Assert.Equal([(60, 0m), (60, 0m), (60, 1m), (60, 1m)], _ledger.Outcome("m1", "f1", "m2", "f2"));
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void Duplicates_and_conflicts_take_nothing()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.Import(Out("a", 60));

        _ledger.Import(Out("a", 60), Out("a", 60), Out("a", 300));
        _ledger.Import(Call.Csv([Out("a", 300)]), ConflictAction.Skip);

        Assert.Equal(1m, _ledger.Pool("MCOPSTN1").MinutesUsed);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void A_correction_gives_the_old_minutes_back_before_it_takes_the_new()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 5);
        _ledger.Import(Out("a", 180), Out("b", 180));

        var import = _ledger.Import(Call.Csv([Out("a", 60), Out("b", 240)]), ConflictAction.Correct);

        // What was charged meanwhile, a minute of b, is not pooled again until b itself comes again.
        Assert.Equal([(60, 0m), (240, 0m)], _ledger.Outcome("a", "b"));
        Assert.Equal((-1m, 5m), (import.Result.Charged, _ledger.Pool("MCOPSTN1").MinutesUsed));
        Assert.Equal(1000m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_reversal_gives_minutes_back_and_what_was_charged_meanwhile_is_not_pooled_again()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 2);
        _ledger.Import(Out("a", 120), Out("b", 120));
        var entry = _ledger.Entries().Single(entry => entry.Reference == "a" && entry.Kind == CreditTransactionKind.Usage);

        _ledger.Session.Execute(new UndoTransaction(entry.TransactionId));

        Assert.Equal((UsageStatus.Charged, 0, 2m), (_ledger.Record("b").Status, _ledger.Record("b").PooledSeconds,
            _ledger.Record("b").Charge));
        Assert.Equal(UsageStatus.Reversed, _ledger.Record("a").Status);
        Assert.Equal((0m, CreditPoolStatus.Open), (_ledger.Pool("MCOPSTN1").MinutesUsed, _ledger.Pool("MCOPSTN1").Status));
        _ledger.Import(Out("c", 180));
        Assert.Equal([(120, 1m)], _ledger.Outcome("c"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_reversal_gives_back_what_its_call_made_void_too()
    {
        _ledger.AddRates("Prefix,Price / min,Country\n1999,1,US\n", name: "Seconds", initial: 1, increment: 1);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 2);
        _ledger.Import(Out("first", 30) with { To = "+19995550100" }, Out("split", 240), Out("a", 60));

        _ledger.Import(Call.Csv([Out("split", 90) with { To = "+19995550100" }]), ConflictAction.Correct);

        Assert.Equal([(30, 0m), (90, 0m), (0, 1m)], _ledger.Outcome("first", "split", "a"));
        Assert.Equal((2m, CreditPoolStatus.UsedUp), (_ledger.Pool("MCOPSTN1").MinutesUsed, _ledger.Pool("MCOPSTN1").Status));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void Reversed_minutes_of_MCOPSTN2_open_it_again()
    {
        _ledger.SetPool("MCOPSTN2", 1, minutes: 5, international: 1);
        _ledger.Import(Abroad("i", 60, "MCOPSTN2"), Out("closed", 60, capability: "MCOPSTN2"));

        _ledger.Session.Execute(new UndoTransaction(_ledger.Entries().Single(entry => entry.Reference == "i").TransactionId));
        _ledger.Import(Out("open", 60, capability: "MCOPSTN2"));

        Assert.Equal([(0, 1m), (60, 0m)], _ledger.Outcome("closed", "open"));
    }

    [Fact]
    [Trait("Rule", "U7")]
    public void The_same_calls_one_by_one_or_together_take_the_same_minutes()
    {
        _ledger.AddTenant("other", new());
        _ledger.SetPool("MCOPSTN1", 1, minutes: 7);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 7, tenant: "other");
        Call[] calls = [Out("a", 100), Out("b", 200), Out("c", 61), Out("d", 60), Out("e", 90)];

        _ledger.Import(calls);
        foreach (var call in calls)
            _ledger.Import(Call.Csv([call]), tenant: "other");

        Assert.Equal(
            _ledger.Usage().Select(record => (record.RecordId, record.PooledSeconds, record.Charge)),
            _ledger.Usage("other").Select(record => (record.RecordId, record.PooledSeconds, record.Charge)));
        Assert.Equal([(120, 0m), (240, 0m), (60, 1m), (0, 1m), (0, 2m)], _ledger.Outcome("a", "b", "c", "d", "e"));
    }

    [Fact]
    [Trait("Rule", "U6")]
    public void An_import_that_is_killed_and_run_again_takes_the_same_minutes()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 4);
        Call[] calls = [Out("a", 100), Out("b", 60), Out("c", 100), Out("d", 60)];
        using (var killed = _ledger.Session.Usage.ImportObjects(TestLedger.Contoso, new(), new RecordingObserver()))
        {
            Add(killed, calls[0]);
            Add(killed, calls[1]);
            killed.Flush();
            Add(killed, calls[2]);
        }

        _ledger.Reopen();
        _ledger.Import(calls);

        Assert.Equal([(120, 0m), (60, 0m), (60, 1m), (0, 1m)], _ledger.Outcome("a", "b", "c", "d"));
        Assert.Equal(4m, _ledger.Pool("MCOPSTN1").MinutesUsed);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "G7")]
    public void What_waits_for_a_rate_takes_minutes_when_it_is_rated()
    {
        _ledger.SetPool("MCOPSTN9", 1, international: 3);
        var german = Abroad("unrated", 120, "MCOPSTN9") with { To = "+4930123456" };
        _ledger.Import(german, Abroad("rated", 120, "MCOPSTN9"));
        Assert.Equal((UsageStatus.Unrated, 0), (_ledger.Record("unrated").Status, _ledger.Record("unrated").PooledSeconds));

        _ledger.AddRates("Prefix,Price / min,Country\n49,1,DE\n", name: "Germany");
        var rated = _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default);

        Assert.Equal([(60, 1m), (120, 0m)], _ledger.Outcome("unrated", "rated"));
        Assert.Equal((1, 1m), (rated.Imported, rated.Charged));
        Assert.Equal(3m, _ledger.Pool("MCOPSTN9").InternationalMinutesUsed);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void After_a_pool_is_removed_calls_are_paid_and_what_it_gave_can_still_be_returned()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 5, month: "2026-02");
        _ledger.Import(Out("a", 60), Out("feb", 60, "2026-02-10T00:00:00Z"));
        _ledger.RemovePool("MCOPSTN1", month: "2026-03");

        _ledger.Import(Out("b", 60), Out("late", 60, "2026-02-11T00:00:00Z"));
        _ledger.Session.Execute(new UndoTransaction(_ledger.Entries().Single(entry => entry.Reference == "a").TransactionId));

        Assert.Equal([(0, 1m), (60, 0m)], _ledger.Outcome("b", "late"));
        Assert.Equal(2m, _ledger.Pool("MCOPSTN1", "2026-02").MinutesUsed);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void A_preview_takes_no_minutes()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 1);

        var preview = _ledger.Import(Call.Csv([Out("a", 120)]), preview: true);

        Assert.Equal(1m, preview.Result.Charged);
        Assert.Equal(0m, _ledger.Pool("MCOPSTN1").MinutesUsed);
        Assert.Empty(_ledger.PoolNotices());
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void What_a_call_without_a_country_took_is_still_found_after_the_tenant_moves()
    {
        _ledger.SetPool("MCOPSTN1", 1);
        _ledger.Import(Out("a", 60) with { Country = "" });

        _ledger.Session.Execute(new Ledger.Tenants.Operations.ChangeTenant(TestLedger.Contoso, new() { Country = "CA" }));

        Assert.Empty(_ledger.Verify());
        _ledger.Session.Execute(new UndoTransaction(_ledger.Entries().Single(entry => entry.Reference == "a").TransactionId));
        Assert.Equal(0m, _ledger.Pool("MCOPSTN1").MinutesUsed);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void Passing_80_and_100_percent_is_told_once_a_pool_and_month()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.Import(Out("a", 470));
        Assert.Single(_ledger.PoolNotices());
        _ledger.Import(Out("b", 60));
        Assert.Single(_ledger.PoolNotices());
        _ledger.Import(Out("c", 60), Out("d", 60), Out("e", 60));

        Assert.Equal(
            [
                "contoso.com: 80 % of the MCOPSTN1 minutes in US of 2026-03 are used",
                "contoso.com: 100 % of the MCOPSTN1 minutes in US of 2026-03 are used",
            ],
            _ledger.PoolNotices().Select(notice => notice.Subject));
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void Just_below_80_percent_nothing_is_told()
    {
        _ledger.AddRates("Prefix,Price / min,Country\n1999,1,US\n", name: "Seconds", initial: 1, increment: 1);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);

        _ledger.Import(Out("a", 479) with { To = "+19995550100" });
        Assert.Empty(_ledger.PoolNotices());

        _ledger.Import(Out("b", 1) with { To = "+19995550100" });
        Assert.Single(_ledger.PoolNotices());
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void Past_months_are_told_too_each_for_itself_and_both_marks_at_once_as_one()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);

        _ledger.Import(Out("jan", 600, "2026-01-05T00:00:00Z"), Out("mar", 480), Out("feb", 480, "2026-02-05T00:00:00Z"),
            Out("jan 2", 60, "2026-01-06T00:00:00Z"));

        Assert.Equal(
            ["100 2026-01", "80 2026-03", "80 2026-02"],
            _ledger.PoolNotices().Select(notice => $"{notice.Subject.Split(' ')[1]} {notice.Subject.Split(' ')[^3]}"));
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void Minutes_that_come_back_and_go_again_are_not_told_again()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.Import(Out("a", 600));
        _ledger.Import(Call.Csv([Out("a", 60)]), ConflictAction.Correct);

        _ledger.Import(Out("b", 540));

        Assert.Single(_ledger.PoolNotices());
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void What_is_void_counts_as_used()
    {
        _ledger.AddRates("Prefix,Price / min,Country\n1999,1,US\n", name: "Seconds", initial: 1, increment: 1);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.Import(Out("a", 570) with { To = "+19995550100" });

        _ledger.Import(Out("b", 60));

        Assert.Equal([80, 100], _ledger.PoolNotices().Select(notice => int.Parse(notice.Subject.Split(' ')[1], null)));
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void A_user_of_MCOPSTN8_is_told_of_by_name()
    {
        _ledger.SetPool("MCOPSTN8", 2, minutes: 1);

        _ledger.Import(Out("a", 60, capability: "MCOPSTN8"), Out("b", 60,
            capability: "MCOPSTN8") with { User = "bob@contoso.com" });

        Assert.Equal(["ann@contoso.com", "bob@contoso.com"], _ledger.PoolNotices().Select(notice =>
            notice.Subject.Split(' ')[10]));
    }

    [Fact]
    [Trait("Rule", "A4")]
    public void A_pool_that_fewer_licences_made_used_up_is_told_of_with_the_next_call()
    {
        _ledger.SetPool("MCOPSTN1", 2, minutes: 10);
        _ledger.Import(Out("a", 600));
        _ledger.SetPool("MCOPSTN1", 1);

        _ledger.Import(Out("b", 60));

        Assert.StartsWith("contoso.com: 100 % of", Assert.Single(_ledger.PoolNotices()).Subject, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Rule", "H1")]
    [InlineData("UPDATE pool_month SET domestic_used = domestic_used - 60", "A2")]
    [InlineData("UPDATE pool_month SET international_used = 60", "A2")]
    [InlineData("UPDATE pool_month SET domestic_void = domestic_void + 30", "A2")]
    [InlineData("UPDATE pool_month SET international_void = 30", "A2")]
    [InlineData("UPDATE pool_month SET capability = 'MCOPSTN6'", "A2")]
    [InlineData("UPDATE pool_month SET country = 'GB'", "A2")]
    [InlineData("UPDATE pool_month SET month = month + 1", "A2")]
    [InlineData("DELETE FROM pool_month", "A2")]
    [InlineData("UPDATE usage SET pooled_seconds = pooled_seconds + 60 WHERE sequence IS NOT NULL", "H1")]
    [InlineData("UPDATE usage SET pooled_seconds = 0 WHERE sequence IS NULL AND pooled_seconds > 0", "A2")]
    public void Tampered_minutes_are_found(string sql, string rule)
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);
        _ledger.Session.Execute(new Ledger.Tenants.Operations.ChangeTenant(
            TestLedger.Contoso, new() { AccountFrom = TestLedger.At("2026-02-01T00:00:00Z") }));
        _ledger.Import(Out("a", 60), Out("b", 240), Out("excluded", 60, "2026-01-15T00:00:00Z"));
        Assert.Empty(_ledger.Verify());
        using var raw = new Ledger.Storage.Sqlite.SqliteStoreConnection(_ledger.File, readOnly: false);

        raw.Execute(sql);

        Assert.True(raw.Changes > 0);
        Assert.Equal(rule, _ledger.Verify()[0].Rule);
    }

    public void Dispose() => _ledger.Dispose();

    private static void Add(UsageObjectImport import, Call call)
    {
        import.Begin();
        foreach (var (name, value) in call.Properties())
            import.Set(name, value);
        import.End();
    }
}
