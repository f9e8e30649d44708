using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Storage;

/// <summary>Queries name no index, so that both stores understand them: these find theirs by themselves.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private static readonly string[] Tables = ["usage", "entry", "draw", "lot", "notification", "attempt"];
    private static readonly Instant From = new(638000000000000000);
    private static readonly Instant To = new(639000000000000000);

    private static readonly Dictionary<string, (Action<StoreReaders> Query, string[] Indexes)> Queries = new()
    {
        ["what counts after an instant"] = (tables => tables.Entries.SumAfter(1, From, 9), ["entry_effective", "usage_started"]),
        ["sums by kind"] = (tables => tables.Reports.SumsByKind(1, From, To, 9), ["entry_effective"]),
        ["use by service"] = (tables => tables.Reports.UseByService(1, From, To, 9), ["usage_started"]),
        ["use by destination"] = (tables => tables.Reports.UseByDestination(1, From, To), ["usage_started"]),
        ["use"] = (tables => tables.Reports.Use(1, From, To, 9), ["usage_started"]),
        ["how many are unrated"] = (tables => tables.Reports.Unrated(1), ["usage_unrated"]),
        ["use by day"] = (tables => tables.Reports.UseByDay(1, From, To), ["usage_started", "entry_effective"]),
        ["change by day"] = (tables => tables.Reports.ChangeByDay(1, From, To), ["usage_started", "entry_effective"]),
        ["first and last call"] = (tables => tables.Reports.Calls(1, To), ["usage_started"]),
        ["groups of a time"] = (
            tables => tables.Measures.Query(1, new() { By = Enum.GetValues<UsageDimension>(), From = From.ToDateTimeOffset(), To = To.ToDateTimeOffset() }, To).ToList(),
            ["usage_started"]),
        ["the unrated"] = (tables => tables.Usage.Load(1, new RecordPage { After = 5, Unrated = true }, new UsageBatch()), ["usage_unrated"]),
        ["lots with something left"] = (tables => tables.Lots.WithRemainder(1).ToList(), ["lot_undrawn"]),
        ["what a posting drew"] = (tables => tables.Lots.DrawnBy(1, 5).ToList(), ["draw_posted_later"]),
        ["drawn after an entry"] = (tables => tables.Lots.DrawnAfter(1, 5), ["draw_posted_later"]),
        ["notices that wait"] = (tables => tables.Notifications.Waiting().ToList(), ["notification_due"]),
        ["usage of a time"] = (tables => tables.Usage.Query(1, new() { From = From, To = To }, new()).ToList(), ["usage_started"]),
        ["usage by its id"] = (tables => tables.Usage.Query(1, new() { Keys = [5] }, new()).ToList(), []),
        ["the dearest calls"] = (tables => tables.Usage.Query(1, new() { Top = 5 }, new()).ToList(), []),
        ["users lately"] = (tables => tables.Usage.RecentUsers(1, 5), []),
        ["entries by their ids"] = (tables => tables.Entries.Query(1, new() { Sequences = [5] }).ToList(), ["usage_entry"]),
        ["entries of a record"] = (tables => tables.Entries.Query(1, new() { Records = [5] }).ToList(), []),
        ["entries of an import"] = (tables => tables.Entries.Query(1, new() { Imports = [5] }).ToList(), []),
        ["entries of a lot"] = (tables => tables.Entries.Query(1, new() { Lots = [5] }).ToList(), []),
        ["the newest entries"] = (tables => tables.Entries.Query(1, new() { Most = 5, NewestFirst = true }).ToList(), ["usage_entry"]),
        ["what lots paid of entries"] = (tables => tables.Lots.DrawsAbout(1, [5, 6]), ["draw_posted_later"]),
        ["whether an entry was reversed"] = (tables => tables.Entries.IsReversed(1, 5), ["entry_reverses"]),
        ["the open attempt"] = (tables => tables.Recharge.FindOpen(1), ["attempt_open"]),
        ["the calls that were charged"] = (tables => tables.Usage.ReadCharged(1, 5, 9, new UsageBatch()), ["usage_entry"]),
        ["entries in order"] = (tables => tables.Entries.Query(1).ToList(), ["usage_entry"]),
    };

    private readonly TestLedger _ledger = new();

    public static TheoryData<string> Names => new(Queries.Keys);

    [Theory]
    [Trait("Rule", "decide-then-write.md: the stores")]
    [MemberData(nameof(Names))]
    public void A_query_finds_its_index_without_being_given_one(string name)
    {
        using var tables = new StoreReaders(new SqliteStoreConnection(_ledger.File, readOnly: true));
        var (query, indexes) = Queries[name];
        query(tables);

        var plans = tables.Connection.Texts.Select(text => (Text: text, Plan: Plan(tables.Connection, text))).ToList();

        Assert.DoesNotContain(plans, plan => plan.Text.Contains("INDEXED BY", StringComparison.OrdinalIgnoreCase));
        foreach (var index in indexes)
            Assert.Contains(plans, plan => plan.Plan.Contains($"INDEX {index} ", StringComparison.Ordinal));
        Assert.DoesNotContain(plans, plan => Tables.Any(table => plan.Plan.Contains($"SCAN {table} ", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void Calls_are_grouped_without_being_sorted()
    {
        using var tables = new StoreReaders(new SqliteStoreConnection(_ledger.File, readOnly: true));
        foreach (var dimension in Enum.GetValues<UsageDimension>())
            _ = tables.Measures.Query(1, new() { By = [dimension] }, To).ToList();

        var plans = tables.Connection.Texts.Where(text => text.Contains("FROM usage u", StringComparison.Ordinal)).Select(text => Plan(tables.Connection, text)).ToList();

        Assert.NotEmpty(plans);
        Assert.DoesNotContain(plans, plan => plan.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    public void Dispose() => _ledger.Dispose();

    private static string Plan(StoreConnection connection, string text)
    {
        using var command = connection.Connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + text;
        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
            steps.Add(reader.GetString(3) + " ");
        return string.Join('\n', steps);
    }
}
