using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Storage.PostgreSql;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using Npgsql;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>The roles of docs/postgresql: what they let one do, and what not.</summary>
public sealed class PgSecurityTests : IDisposable
{
    private const string Neighbour = "fabrikam.com";


    private readonly TestLedger _ledger = new(database: PgCluster.Create());

    public void Dispose() => _ledger.Dispose();

    [PgFact]
    public void A_reader_sees_all_and_writes_nothing()
    {
        _ledger.AddFunds(5m);
        Secure("security.sql");
        using var reader = Open("credits_reader");
        Assert.Equal(5m, reader.Funds.GetBalances(TenantSelection.All).Single().Balance);
        Assert.Empty(reader.Audit.Verify(TenantSelection.All));
        Refuses.With(CreditErrorId.LedgerDenied, () => reader.Execute(new AddFunds(TestLedger.Contoso, 1m)));
        Refuses.With(CreditErrorId.LedgerDenied, () => reader.Execute(new ChangeTenant(TestLedger.Contoso, new() { Name = "Mine" })));
        foreach (var table in Tables())
            Denied("credits_reader", $"DELETE FROM credits.{table}");
        Assert.Equal(5m, _ledger.Balance());
    }

    [PgFact]
    public void An_operator_posts_and_can_change_nothing_that_was_posted()
    {
        _ledger.AddRates();
        Secure("security.sql");
        using (var session = Open("credits_operator"))
            Post(session);
        foreach (var (table, column) in new[]
        {
            ("entry", "amount"), ("usage", "charge"), ("usage_rated", "entry"), ("usage_reversed", "entry"), ("draw", "amount"), ("idempotency", "entry"),
            ("ledger_entry", "at"),
        })
        {
            Denied("credits_operator", $"UPDATE credits.{table} SET {column} = 1");
            Denied("credits_operator", $"DELETE FROM credits.{table}");
        }

        using var settings = Open("credits_operator");
        Refuses.With(CreditErrorId.LedgerDenied, () => settings.Execute(new AddTenant("third.com", new())));
        Refuses.With(CreditErrorId.LedgerDenied, () => settings.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-10"))));
        using var admin = Open("credits_admin");
        admin.Execute(new AddTenant("third.com", new()));
        Assert.True(admin.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-10"))) > 0);
        Assert.Empty(admin.Audit.Verify(TenantSelection.All));
    }

    [PgFact]
    public void A_bound_reader_sees_no_neighbour()
    {
        _ledger.AddTenant(Neighbour);
        _ledger.AddFunds(5m);
        _ledger.AddFunds(7m, tenant: Neighbour);
        _ledger.Import(Call.Csv([Call.Paid("n", "2026-03-01T10:00:00Z", 1m)]), tenant: Neighbour);
        Secure("security.sql");
        Secure("row-security.sql");
        var user = Role("credits_bound_reader");
        PgCluster.Execute(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credits_tenant_1') THEN CREATE ROLE credits_tenant_1; END IF; END $$; "
            + $"GRANT credits_tenant_1 TO {user}", _ledger.Database!.Name);
        using var bound = LedgerSession.OpenDatabase(As(user), new() { Clock = _ledger.Clock });
        Assert.Equal(TestLedger.Contoso, bound.Funds.GetBalances(TenantSelection.All).Single().TenantId);
        Assert.Empty(bound.Usage.GetRecords(TenantSelection.All, new()));
        Assert.Empty(bound.Audit.Verify(TenantSelection.One(TestLedger.Contoso)));
        Refuses.With(CreditErrorId.TenantNotFound, () => bound.Funds.GetBalances(TenantSelection.One(Neighbour)).ToList());
        Refuses.With(CreditErrorId.LedgerDenied, () => bound.Execute(new AddFunds(TestLedger.Contoso, 1m)));
        foreach (var table in Tables().Where(table => table is not ("ledger" or "sheet" or "rate")))
        {
            if (table is "ledger_entry" or "commit_token")
                Denied("credits_bound_reader", $"SELECT 1 FROM credits.{table}");
            else
                Assert.Equal(0L, Scalar(As(user), $"SELECT count(*) FROM credits.{table} WHERE tenant <> 1"));
        }

        // All others see what they saw before, and whoever posts still does.
        using (var reader = Open("credits_reader"))
            Assert.Equal(2, reader.Funds.GetBalances(TenantSelection.All).Count());
        using var session = Open("credits_operator");
        Post(session);
        Assert.Empty(_ledger.Verify());
    }

    [PgFact]
    public void The_scripts_can_be_run_again()
    {
        for (var run = 0; run < 2; run++)
        {
            Secure("security.sql");
            Secure("row-security.sql");
        }

        using var session = Open("credits_admin");
        session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        Assert.Equal(1m, _ledger.Balance());
    }

    [Theory]
    [InlineData("14.9", true)]
    [InlineData("15.0", false)]
    [InlineData("18.1", false)]
    public void A_server_that_is_too_old_is_refused(string version, bool isRefused)
    {
        if (isRefused)
            Refuses.With(CreditErrorId.LedgerUnreadable, () => PgOpening.RefuseOld(new(version), "here"));
        else
            PgOpening.RefuseOld(new(version), "here");
    }

    private static void Post(LedgerSession session)
    {
        var before = session.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso)).Single().Balance;
        session.Execute(new AddFunds(TestLedger.Contoso, 10m) { IdempotencyKey = "order-1" });
        using (var import = session.Usage.ImportObjects(TestLedger.Contoso, new(), new RecordingObserver()))
        {
            import.Begin();
            foreach (var (name, value) in new[]
            {
                ("id", "a"), ("startDateTime", "2026-03-01T10:00:00Z"), ("duration", "60"), ("callType", "user_out"), ("charge", "4"), ("currency", "USD"),
                ("calleeNumber", "+12065550100"), ("callerNumber", "+14255550100"),
            })
                import.Set(name, value);
            import.End();
            Assert.Equal(1, import.Complete().Imported);
        }

        session.Execute(new AddAdjustment(TestLedger.Contoso, -1m));
        session.Execute(new UndoTransaction($"{TestLedger.Contoso}/{session.Funds.GetTransactions(TenantSelection.One(TestLedger.Contoso), new()).First(entry => entry.Amount == -1m).Sequence}"));
        session.Usage.Rate(TestLedger.Contoso, preview: false, default);
        Assert.Equal(before + 6m, session.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso)).Single().Balance);
        Assert.Empty(session.Audit.Verify(TenantSelection.All));
    }

    private static long Scalar(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }

    private void Secure(string script) =>
        PgCluster.Execute(File.ReadAllText(Path.Combine(Shared.Repository, "docs", "postgresql", script)), _ledger.Database!.Name);

    private List<string> Tables()
    {
        using var snapshot = _ledger.Session.Store.BeginRead();
        return [.. snapshot.Connection.Tables().Select(table => table.Name), "commit_token"];
    }

    private LedgerSession Open(string group) => LedgerSession.OpenDatabase(As(Role(group)), new() { Clock = _ledger.Clock, Actor = "tester@machine" });

    private void Denied(string group, string sql)
    {
        var problem = Assert.Throws<PostgresException>(() => Scalar(As(Role(group)), $"WITH done AS (SELECT 1) {sql}"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, problem.SqlState);
    }

    private string As(string user) => new NpgsqlConnectionStringBuilder(_ledger.Database!.ConnectionString) { Username = user }.ConnectionString;

    /// <summary>A role that can sign in and is a member of a group; roles are all databases', so each has a name of its own.</summary>
    private string Role(string group)
    {
        var user = $"{group}_{Guid.NewGuid():N}";
        PgCluster.Execute($"CREATE ROLE {user} LOGIN; GRANT {group} TO {user}", _ledger.Database!.Name);
        return user;
    }
}
