using System.Text.RegularExpressions;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Recorded;
using CommunicationsCredits.Ledger.Tests.Reports;
using CommunicationsCredits.Ledger.Tests.Simulation;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>The schema, and every statement, can be distributed by tenant (docs/postgresql/distribute.sql).</summary>
public sealed partial class PgDistributionTests
{
    /// <summary>What distribute.sql puts on every node: what has no tenant, and the list of them.</summary>
    private static readonly string[] References = ["ledger", "ledger_entry", "rate", "sheet", "tenant"];

    /// <summary>What stands for a list of values within a statement: it is on every node with the statement.</summary>
    private const string Constants = "constants";

    [PgFact]
    public void Every_key_begins_with_the_tenant()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        using var connection = new Npgsql.NpgsqlConnection(ledger.Database!.ConnectionString);
        connection.Open();
        using var command = new Npgsql.NpgsqlCommand(
            "SELECT CAST(c.relname AS text), CAST(a.attname AS text), i.indisprimary, EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant') "
            + "FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
            + "WHERE c.relnamespace = 'credits'::regnamespace", connection);
        var keys = new List<(string Table, string First, bool IsPrimary, bool HasTenant)>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
                keys.Add((rows.GetString(0), rows.GetString(1), rows.GetBoolean(2), rows.GetBoolean(3)));
        }

        Assert.True(keys.Count > 25, "The catalogue says too little.");
        Assert.Equal(References, keys.Where(key => !key.HasTenant || key.Table == "tenant").Select(key => key.Table).Distinct().Order(StringComparer.Ordinal));
        Assert.All(keys.Where(key => !References.Contains(key.Table)), key => Assert.Equal((key.Table, "tenant"), (key.Table, key.First)));
        using var snapshot = ledger.Session.Store.BeginRead();
        Assert.All(snapshot.Connection.Tables(), table => Assert.Contains(keys, key => key.Table == table.Name && key.IsPrimary));
    }

    [PgFact]
    public void Every_join_is_within_a_tenant_or_with_what_all_nodes_have()
    {
        using var server = new PgServer("-c log_statement=all -c log_min_error_statement=panic");
        server.Execute("CREATE DATABASE ledger");
        Use(server.ConnectionString("ledger"));
        var statements = Statements(server.Log);
        Assert.True(statements.Count > 120, $"Only {statements.Count} statements were run.");
        var broken = statements.SelectMany(statement => Unbound(statement).Select(what => $"{what} in: {statement}")).ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Theory]
    [InlineData("SELECT 1 FROM entry e JOIN lot l ON l.entry = e.sequence WHERE e.tenant = $1")]
    [InlineData("SELECT 1 FROM entry e LEFT JOIN (SELECT entry FROM draw) d ON d.entry = e.sequence")]
    [InlineData("SELECT 1 FROM usage u JOIN (SELECT user_key FROM credit_user) AS d ON d.user_key = u.user_name WHERE u.tenant = $1")]
    [InlineData("SELECT 1 FROM entry e, lot l WHERE e.tenant = l.tenant")]
    [InlineData("SELECT 1 FROM tenant t JOIN account a ON a.tenant = t.tenant LEFT JOIN guard g ON g.tenant = t.tenant")]
    [InlineData("UPDATE lot SET tenant = 2 WHERE lot = 1")]
    [InlineData("DELETE FROM debt WHERE entry = 1")]
    public void A_statement_that_goes_across_tenants_is_noticed(string sql) => Assert.NotEmpty(Unbound(sql));

    [Theory]
    [InlineData("SELECT 1 FROM tenant t JOIN account a ON a.tenant = t.tenant")]
    [InlineData("SELECT 1 FROM entry e JOIN lot l ON l.tenant = e.tenant AND l.entry = e.sequence")]
    [InlineData("SELECT 1 FROM usage u LEFT JOIN (SELECT column1 AS name FROM (VALUES ('x'), ('y')) AS v) AS n ON n.name = u.destination WHERE u.tenant = $1")]
    [InlineData("SELECT 1 FROM usage u JOIN sheet s ON s.sheet = u.sheet WHERE u.tenant = $1")]
    [InlineData("UPDATE lot SET remaining = 2 WHERE tenant = $1 AND lot = 1")]
    public void A_statement_that_does_not_is_none(string sql) => Assert.Empty(Unbound(sql));

    /// <summary>Runs all kinds of operations and questions.</summary>
    private static void Use(string connectionString)
    {
        using var ledger = new TestLedger(database: new PgDatabase("ledger", connectionString, () => { }));
        for (var seed = 1; seed <= 3; seed++)
            new SimulatedHistory(ledger, seed).Run(Enumerable.Range(0, 24));
        ledger.SetClock("2027-03-20T09:30:00Z");
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.Import(Call.Paid("a", "2027-03-01T10:00:00Z", 4m), Call.Paid("b", "2027-03-02T10:00:00Z", 3m), new Call { Id = "c", To = "+999123" });
        ledger.Session.Execute(new MaintainTenant(TestLedger.Contoso));
        foreach (var import in ledger.Session.Usage.GetImports(TenantSelection.One(TestLedger.Contoso)).ToList())
            ledger.Session.Execute(new UndoImport(import.ImportId, "wrong"));
        ledger.Session.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2027-03-02")));
        Assert.NotEmpty(LedgerFacts.Of(ledger.Session, RecordedLedger.Months));
        ledger.Session.Execute(new SetUser(TestLedger.Contoso, "ann@contoso.com") { Department = "Sales", CostCenter = "4711", Month = "2026-01" });
        ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 5, new(Department: "Sales")));
        foreach (var dimension in Enum.GetValues<UsageDimension>())
            Assert.NotEmpty(ledger.Session.Usage.Measure(TenantSelection.All, new() { By = [dimension] }).ToList());
        Assert.NotEmpty(ledger.Session.Reports.GetStatements(TenantSelection.All, "2027-03").ToList());
        Assert.NotEmpty(ledger.Session.Reports.GetForecasts(TenantSelection.All).ToList());
        ledger.Session.Reports.ExportReport(ledger.Folder.File("report.html"), null, null, TenantSelection.All, force: false);
        foreach (var format in Enum.GetValues<CreditExportFormat>())
            ledger.Session.Reports.ExportLedger(ledger.Folder.File($"export.{format}"), format, TenantSelection.All, force: false);
        Assert.Empty(ledger.Verify());
    }

    /// <summary>The module's own statements in a server's log.</summary>
    private static List<string> Statements(string log) =>
    [
        .. Executed().Matches(log).Select(match => Blanks().Replace(match.Groups["sql"].Value, " ").Trim())
            .Where(sql => !sql.Contains("pg_", StringComparison.Ordinal) && Verb().IsMatch(sql)).Distinct(),
    ];

    /// <summary>What of a statement goes across tenants.</summary>
    private static IEnumerable<string> Unbound(string sql)
    {
        // What stands in parentheses is a query of its own, or part of a condition.
        var flat = sql;
        var inner = new List<string>();
        while (Parentheses().Match(flat) is { Success: true } match)
        {
            if (match.Value.Contains("SELECT ", StringComparison.Ordinal))
                inner.Add(match.Value[1..^1]);
            var isQuery = match.Value.Contains("SELECT ", StringComparison.Ordinal);
            var stands = !isQuery ? match.Value[1..^1].Replace(" SELECT ", " ", StringComparison.Ordinal)
                : match.Value.Contains(" FROM VALUES ", StringComparison.Ordinal) ? Constants : "subquery";
            flat = flat[..match.Index] + stands + flat[(match.Index + match.Length)..];
        }

        foreach (var found in inner.Concat([flat]).SelectMany(query => query.Split(" UNION ALL ")).SelectMany(UnboundQuery))
            yield return found;
    }

    private static IEnumerable<string> UnboundQuery(string query)
    {
        if (Changed().Match(query) is { Success: true } change && !References.Contains(change.Groups["table"].Value)
            && (!query.Contains(" WHERE tenant ", StringComparison.Ordinal) || query.Contains("SET tenant =", StringComparison.Ordinal))
            && change.Groups["table"].Value != "commit_token")
            yield return $"{change.Value} of no tenant";

        var from = query.IndexOf(" FROM ", StringComparison.Ordinal);
        if (from < 0)
            yield break;
        var parts = Joined().Split(query[(from + 6)..]);
        if (Listed().IsMatch(parts[0]))
            yield return "a list of tables";
        var spread = new List<string>();
        foreach (var part in parts[1..])
        {
            var table = Table().Match(part);
            var name = table.Groups["table"].Value;
            var alias = table.Groups["alias"] is { Success: true } given ? given.Value : name;
            if (!References.Contains(name) && name != Constants && !References.Contains(parts[0].Split(' ')[0]) && !Regex.IsMatch(part, $@"\b{alias}\.tenant = \w+\.tenant|\w+\.tenant = {alias}\.tenant|\b{alias}\.tenant = \$1"))
                yield return $"a join with {name} {alias} not by the tenant";
            else if (!References.Contains(name) && name != Constants && References.Contains(parts[0].Split(' ')[0]) && !part.Contains(".tenant = ", StringComparison.Ordinal))
                yield return $"a join of {name} {alias} with a reference table not by the tenant";
            else if (!References.Contains(name) && name != Constants && References.Contains(parts[0].Split(' ')[0]) && spread.Count > 0
                && !part.Contains("tenant = $1", StringComparison.Ordinal) && !spread.Exists(other => Regex.IsMatch(part, $@"\b{other}\.tenant\b")))
                yield return $"a join of {name} {alias} by a reference table only, and not with {spread[0]}";
            if (!References.Contains(name) && name != Constants)
                spread.Add(alias);
        }
    }

    [GeneratedRegex(@"LOG:  (?:statement|execute [^:]*): (?<sql>(?:.|\n)*?)(?=\n\d{4}-\d\d-\d\d |\nDETAIL|\z)")]
    private static partial Regex Executed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(SELECT|INSERT|UPDATE|DELETE|WITH) ")]
    private static partial Regex Verb();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"^(UPDATE|DELETE FROM) (?<table>\w+)")]
    private static partial Regex Changed();

    [GeneratedRegex(@" (?:LEFT |INNER |CROSS )?JOIN ")]
    private static partial Regex Joined();

    [GeneratedRegex(@"^\w+(?: (?:AS )?\w+)?, \w+")]
    private static partial Regex Listed();

    [GeneratedRegex(@"^(?<table>\w+)(?: (?:AS )?(?!ON\b)(?<alias>\w+))?")]
    private static partial Regex Table();
}
