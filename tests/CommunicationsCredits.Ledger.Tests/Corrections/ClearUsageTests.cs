using System.Text;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tests.Pools;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;
using static CommunicationsCredits.Ledger.Tests.Pools.PoolLedger;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>Personal data blanked (C4).</summary>
public sealed class ClearUsageTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "C4")]
    public void Numbers_and_names_before_an_instant_are_blanked_and_the_chain_verifies()
    {
        _ledger.AddRates();
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(
            Call.Paid("a", "2026-03-01T10:00:00Z", 1m), Call.Paid("b", "2026-03-02T00:00:00Z", 2m),
            new Call { Id = "free", To = "911" }, new Call { Id = "excluded", Type = "dr_out" }, new Call { Id = "rated",
                Seconds = "600" });
        var before = _ledger.Usage();

        Assert.Equal(4, _ledger.Clear("2026-03-02T00:00:00Z"));

        Assert.Equal(
            before.Select(record => (record.RecordId == "b" ? record : record.With(
                new { Caller = (string?)null, Callee = (string?)null, User = (string?)null })).Values()),
            _ledger.Usage().Select(record => record.Values()));
        Assert.Empty(_ledger.Verify());
        Assert.Equal(0, _ledger.Clear("2026-03-02T00:00:00Z"));
        Assert.Equal(1, _ledger.Clear("2030-01-01"));
        Assert.Equal(2, _ledger.Entries().Count(entry => entry.Description?.Contains("blanked",
            StringComparison.Ordinal) == true));
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "C4")]
    [InlineData("UPDATE usage SET personal = x'0000000000000000000000000000000000000000000000000000000000000000'")]
    [InlineData("UPDATE usage SET personal = NULL")]
    [InlineData("UPDATE usage SET charge = charge + 1")]
    [InlineData("UPDATE usage SET duration = duration + 1")]
    public void A_blanked_record_that_is_changed_is_found(string sql)
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        _ledger.Clear("2026-04-01");
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);

        raw.Execute(sql);

        Assert.NotEmpty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void Duplicates_and_conflicts_of_blanked_records_are_still_found()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var call = Call.Paid("a", "2026-03-01T10:00:00Z", 1m);
        _ledger.Import(call);
        _ledger.Clear("2026-04-01");

        Assert.Equal(1, _ledger.Import(call).Result.Duplicate);
        Assert.Equal(1, _ledger.Import(call with { To = "+4412345678" }).Result.Duplicate);
        foreach (var other in (Call[])[
            call with { Charge = "1.01" }, call with { Seconds = "61" }, call with { Start = "2026-03-01T10:00:01Z" },
            call with { Capability = "MCOPSTN1" }, call with { Type = "user_in" }])
            Assert.Equal(CreditErrorId.UsageConflict, Assert.Single(_ledger.Import(other).Told.Refusals).ErrorId);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void A_blanked_record_can_be_undone_and_corrected()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(
            Call.Paid("a", "2026-03-01T10:00:00Z", 1m), Call.Paid("b", "2026-03-01T10:00:00Z", 2m), Call.Paid("c",
                "2026-03-01T10:00:00Z", 3m));
        _ledger.Clear("2026-04-01");

        _ledger.Undo("a");
        _ledger.Import(Call.Csv([Call.Paid("b", "2026-03-01T10:00:00Z", 4m)]), ConflictAction.Correct);
        Assert.Equal(3m, _ledger.Balance());
        _ledger.UndoImport("contoso.com/I1");

        Assert.Equal(6m, _ledger.Balance());
        Assert.Equal(1, _ledger.Clear("2026-04-01"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void The_minutes_of_blanked_users_still_verify_and_can_be_returned()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN8", 3, minutes: 2, month: "2026-01");
        _ledger.Import(
            Out("feb ann", 180, "2026-02-10T00:00:00Z", "MCOPSTN8"), Out("feb bob", 60, "2026-02-10T00:00:00Z",
                "MCOPSTN8") with { User = "bob@contoso.com" },
            Out("mar ann", 60, "2026-03-05T00:00:00Z", "MCOPSTN8"), Out("mar late", 60, "2026-03-10T00:00:00Z", "MCOPSTN8"));

        Assert.Equal(3, _ledger.Clear("2026-03-06"));

        Assert.Empty(_ledger.Verify());
        Assert.Equal([3m, 2m], new[] { "2026-02", "2026-03" }.Select(month => _ledger.Pool("MCOPSTN8", month).MinutesUsed));
        var ann = _ledger.Ask(new() { Service = CreditService.Domestic, Capability = "MCOPSTN8", User = "ann@contoso.com" });
        Assert.Equal(CreditServiceReason.PoolExhausted, ann.Reason);
        _ledger.Undo("feb ann");
        _ledger.Undo("mar ann");
        Assert.Equal([1m, 1m], new[] { "2026-02", "2026-03" }.Select(month => _ledger.Pool("MCOPSTN8", month).MinutesUsed));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void What_waits_for_a_rate_keeps_waiting_without_its_number()
    {
        _ledger.Import(new Call { Id = "unrated" });
        _ledger.Clear("2026-04-01");
        _ledger.AddRates();

        var rated = _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default);

        Assert.Equal((1, 1), (rated.Read, rated.Unrated));
        Assert.Equal(UsageStatus.Unrated, _ledger.Record("unrated").Status);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void Only_the_tenants_own_records_are_blanked_and_a_preview_blanks_none()
    {
        _ledger.AddTenant("other", new());
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 1m));
        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01T10:00:00Z", 1m)]), tenant: "other");

        Assert.Equal(1, _ledger.Session.Execute(new Ledger.Corrections.Operations.ClearUsage("other", TestLedger.At("2026-04-01")),
            preview: true));
        Assert.NotNull(_ledger.Record("a", "other").Callee);
        _ledger.Clear("2026-04-01", "other");

        Assert.Null(_ledger.Record("a", "other").Callee);
        Assert.NotNull(_ledger.Record("a").Callee);
        Refuses.With(CreditErrorId.TenantNotFound, () => _ledger.Clear("2026-04-01", "nobody"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void Nothing_of_names_and_numbers_is_left_in_any_table()
    {
        FillWithPersonalData();

        _ledger.Clear("2026-03-15");

        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: true);
        var left = new List<string>();
        var tables = Texts(raw, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
        foreach (var table in tables)
        {
            foreach (var column in Texts(raw, $"SELECT name FROM pragma_table_info('{table}')"))
            {
                var text = $"CAST({column} AS TEXT)";
                if (Texts(raw, $"SELECT 1 FROM {table} WHERE {text} LIKE '%secret%' OR {text} LIKE '%2065557%'").Count > 0)
                    left.Add($"{table}.{column}");
            }
        }

        Assert.Empty(left);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void Nothing_of_names_and_numbers_is_left_in_the_files()
    {
        FillWithPersonalData();
        Assert.NotEqual((0, 0), Tell("before"));

        _ledger.Clear("2026-03-15");

        Assert.Equal((0, 0), Tell("afterwards"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void Whoever_reads_meanwhile_is_not_waited_for_and_the_log_goes_with_the_session()
    {
        FillWithPersonalData();
        using (var reading = _ledger.Session.Usage.GetRecords(Ledger.Tenants.TenantSelection.All, new()).GetEnumerator())
        {
            reading.MoveNext();

            Assert.Equal(3000, _ledger.Clear("2026-03-15"));
        }

        _ledger.Reopen();
        Assert.Equal((0, 0), Tell("after the session"));
        Assert.Empty(_ledger.Verify());
    }

    public void Dispose() => _ledger.Dispose();

    private static List<string> Texts(SqliteStoreConnection raw, string sql)
    {
        var texts = new List<string>();
        using var select = raw.Prepare(sql);
        while (select.Step())
            texts.Add(select.Text(0));
        return texts;
    }

    private void FillWithPersonalData()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN8", 3, minutes: 2, month: "2026-01");
        _ledger.Import(
        [
            .. Enumerable.Range(0, 3000).Select(i => Out($"r{i}", 60, $"2026-02-{1 + (i % 28):00}T00:00:00Z", "MCOPSTN8") with
            {
                User = $"secret{i % 50}@contoso.com", To = $"+12065557{i % 1000:000}", From = $"+12065557{i % 1000:000}",
            }),
        ]);
        Assert.NotEmpty(_ledger.PoolNotices());
    }

    private (int Database, int Log) Tell(string when)
    {
        var found = (Occurrences(_ledger.File), Occurrences(_ledger.File + "-wal"));
        output.WriteLine($"{when}: {found.Item1} in the database file, {found.Item2} in the write-ahead log");
        return found;
    }

    private static int Occurrences(string path)
    {
        if (!File.Exists(path))
            return 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var count = 0;
        foreach (var text in (string[])["secret", "+12065557"])
        {
            var sought = Encoding.UTF8.GetBytes(text);
            for (var rest = bytes.AsSpan(); rest.IndexOf(sought) is >= 0 and var at; rest = rest[(at + sought.Length)..])
                count++;
        }

        return count;
    }
}
