using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Simulation;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>The ledger in a PostgreSQL database does what it does in a file.</summary>
public sealed class PgStoreTests
{
    /// <summary>The end of the statement as it is sent; "READ COMMITTED" begins like it.</summary>
    internal const string Commit = "COMMIT\0";

    [PgFact]
    public void Postings_imports_and_duplicates_are_kept_and_verify()
    {
        using var ledger = OpenLedger();
        ledger.AddRates();
        ledger.AddFunds(5m, reference: "o'brien \u00e9\u4e16");
        ledger.AddFunds(10m, key: "order-1");
        ledger.AddFunds(10m, key: "order-1");
        var first = ledger.Import(
            Call.Paid("a", "2026-03-01T10:00:00Z", 4m), Call.Paid("b", "2026-03-02T10:00:00Z", 3m),
            new Call { Id = "c", To = "+442071234567", Destination = "United Kingdom", Context = "International", Seconds = "61" },
            new Call { Id = "d", To = "+999123", Destination = "Nowhere", Context = "International" });
        Assert.Equal((4L, 4L, 0L, 1L), (first.Result.Read, first.Result.Imported, first.Result.Duplicate, first.Result.Unrated));
        var second = ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m), Call.Paid("e", "2026-03-03T10:00:00Z", 1m));
        Assert.Equal((1L, 1L), (second.Result.Imported, second.Result.Duplicate));

        ledger.Reopen();
        Assert.Equal(15m - 4m - 3m - 0.03m - 1m, ledger.Balance());
        Assert.Equal(["a", "b", "c", "d", "e"], ledger.Usage().Select(record => record.RecordId).Order(StringComparer.Ordinal));
        Assert.Equal("o'brien \u00e9\u4e16", ledger.Session.Funds.GetFunds(TenantSelection.One(TestLedger.Contoso), includeSpent: true).First().Reference);
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void What_is_no_text_is_kept_alike_by_both_stores_or_refused_by_both()
    {
        using var database = OpenLedger();
        using var file = new TestLedger();
        var kept = new List<string>();
        foreach (var ledger in (TestLedger[])[database, file])
        {
            ledger.AddFunds(5m, reference: "half \ud83d of a pair");
            Refuses.With(CreditErrorId.RuleInvalid, () => ledger.AddFunds(5m, reference: "a\0b"));
            Refuses.With(CreditErrorId.RuleInvalid, () => ledger.AddFunds(5m, key: "a\0b"));
            Refuses.With(CreditErrorId.RuleInvalid, () => ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, -1m) { Reason = "a\0b" }));
            var result = ledger.Import(
                Call.Paid("a", "2026-03-01T10:00:00Z", 1m) with { User = "an\0n@contoso.com", Destination = "x\0y" },
                Call.Paid("b\0c", "2026-03-01T10:00:00Z", 1m));
            Assert.Equal((1L, 1L), (result.Result.Imported, result.Result.Rejected));
            ledger.Reopen();
            Assert.Equal("an\u2400n@contoso.com", ledger.Record("a").User);
            Assert.Empty(ledger.Verify());
            kept.Add($"{ledger.Record("a")} {ledger.Session.Funds.GetFunds(TenantSelection.One(TestLedger.Contoso), includeSpent: true).Single().Reference}");
        }

        Assert.Equal(kept[0], kept[1]);
        Assert.Contains("half \ufffd of a pair", kept[0], StringComparison.Ordinal);
    }

    [PgFact]
    public void A_user_is_found_whatever_the_case_of_the_letters()
    {
        using var ledger = OpenLedger();
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m), Call.Paid("b", "2026-03-02T10:00:00Z", 3m) with { User = "bob@contoso.com" });
        var found = ledger.Session.Usage.GetRecords(TenantSelection.One(TestLedger.Contoso), new() { User = "ANN@*" });
        Assert.Equal("a", Assert.Single(found).RecordId);
    }

    [PgFact]
    [Trait("Rule", "F4")]
    public void What_is_unpaid_is_paid_by_the_next_funds()
    {
        using var ledger = OpenLedger();
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m), Call.Paid("b", "2026-03-02T10:00:00Z", 3m));
        Assert.Equal([4m, 3m], ledger.Debts().Select(debt => debt.Unpaid));
        ledger.AddFunds(5m);
        Assert.Equal([2m], ledger.Debts().Select(debt => debt.Unpaid));
        Assert.Equal(-2m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void Sessions_that_post_at_once_lose_nothing()
    {
        using var ledger = OpenLedger();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var session = ledger.Open();
            for (var i = 0; i < 10; i++)
                session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        });
        Assert.Equal(40m, ledger.Balance());
        Assert.Equal(Enumerable.Range(1, ledger.Entries().Count).Select(n => (long)n), ledger.Entries().Select(entry => entry.Sequence));
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void A_session_whose_line_is_cut_goes_on()
    {
        using var ledger = OpenLedger();
        ledger.AddFunds(1m);
        for (var i = 0; i < 3; i++)
        {
            PgCluster.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{ledger.Database!.Name}'");
            ledger.AddFunds(1m);
        }

        Assert.Equal(4m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void A_commit_whose_answer_is_lost_is_not_posted_again()
    {
        using var ledger = OpenLedger();
        using var line = new CutLine(ledger.Database!.ConnectionString);
        using var session = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = ledger.Clock });
        line.CutAt(Commit, arrives: true);
        session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        Assert.True(line.IsCut);
        Assert.Equal(1m, ledger.Balance());
        session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        Assert.Equal(2m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void A_commit_that_never_arrived_is_made_again()
    {
        using var ledger = OpenLedger();
        using var line = new CutLine(ledger.Database!.ConnectionString);
        using var session = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = ledger.Clock });
        line.CutAt(Commit, arrives: false);
        session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        Assert.True(line.IsCut);
        Assert.Equal(1m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void One_posting_is_written_in_two_round_trips()
    {
        using var ledger = OpenLedger();
        using var line = new CutLine(ledger.Database!.ConnectionString);
        using var session = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = ledger.Clock });
        for (var i = 0; i < 5; i++)
            session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        var (reading, writing) = (0, 0);
        var before = line.Trips;
        using (session.Store.BeginFacts())
            reading = line.Trips - before;
        var posting = PostingOf(session);
        before = line.Trips;
        using (var write = session.Store.BeginWrite([posting.Tenant.Number]))
        {
            Assert.True(Decider.IsCurrent(write, posting));
            write.Write(posting);
            write.Commit();
        }

        writing = line.Trips - before;
        before = line.Trips;
        session.Execute(new AddFunds(TestLedger.Contoso, 1m));
        Assert.Equal(2, writing);
        Assert.True(line.Trips - before <= 6, $"A posting took {line.Trips - before} round trips, {writing} of them to write.");
        Assert.Equal(1, reading);
    }

    [PgFact]
    public void A_statement_runs_while_the_rows_of_another_are_read()
    {
        using var ledger = OpenLedger();
        for (var i = 1; i <= 5; i++)
            ledger.AddFunds(i);
        using var snapshot = ledger.Session.Store.BeginRead();
        var tenant = snapshot.Tenants.Get(TestLedger.Contoso).Number;
        var seen = new List<(decimal Amount, long Entry)>();
        foreach (var lot in snapshot.Lots.All(tenant))
        {
            var entry = snapshot.Entries.Find(tenant, lot.Entry)!.Value.Entry;
            seen.Add((lot.Amount.ToDecimal(), entry.Sequence));
            Assert.Equal(lot.Amount, entry.Amount);
        }

        Assert.Equal([1m, 2m, 3m, 4m, 5m], seen.Select(lot => lot.Amount).Order());
    }

    [PgFact]
    public void A_session_that_ends_leaves_no_token()
    {
        using var ledger = OpenLedger();
        using (var session = ledger.Open())
            session.Execute(new AddFunds(TestLedger.Contoso, 1m));

        // One of a session that was killed.
        PgCluster.Execute(
            "INSERT INTO credits.commit_token (tenant, session, number, at) VALUES (1, gen_random_uuid(), 1, now() - interval '2 days')", ledger.Database!.Name);
        ledger.Session.Dispose();
        PgCluster.Execute("DO $$ BEGIN IF EXISTS (SELECT 1 FROM credits.commit_token) THEN RAISE EXCEPTION 'a token is left'; END IF; END $$", ledger.Database!.Name);
    }

    [PgFact]
    public void An_empty_database_becomes_a_ledger_and_only_for_those_who_may_write()
    {
        using var database = PgCluster.Create(empty: true);
        Refuses.With(CreditErrorId.LedgerNotFound, () => LedgerSession.OpenDatabase(database.ConnectionString, new() { ReadOnly = true }));
        Parallel.For(0, 4, _ => LedgerSession.OpenDatabase(database.ConnectionString).Dispose());
        using var reader = LedgerSession.OpenDatabase(database.ConnectionString, new() { ReadOnly = true });
        var described = reader.Describe();
        Assert.Equal(("PostgreSql", true, 0), (described.Kind, described.ReadOnly, described.TenantCount));
        Assert.StartsWith("postgresql://127.0.0.1:", described.Location, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", described.Location, StringComparison.Ordinal);
        Refuses.With(CreditErrorId.LedgerReadOnly, () => reader.Execute(new Ledger.Tenants.Operations.AddTenant("a.example", new())));
    }

    [PgFact]
    public void A_newer_schema_and_another_programs_are_refused_and_left()
    {
        using var newer = PgCluster.Create();
        PgCluster.Execute($"UPDATE credits.ledger SET schema_version = {Ledger.Storage.LedgerStore.NewestSchema + 1}", newer.Name);
        Refuses.With(CreditErrorId.LedgerTooNew, () => LedgerSession.OpenDatabase(newer.ConnectionString));

        using var other = PgCluster.Create(empty: true);
        PgCluster.Execute("CREATE SCHEMA credits; CREATE TABLE credits.film (title text)", other.Name);
        Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.OpenDatabase(other.ConnectionString));
    }

    [PgFact]
    public void What_cannot_be_reached_or_read_says_so_without_the_password()
    {
        using var database = PgCluster.Create(empty: true);
        var lost = Refuses.With(CreditErrorId.LedgerNotFound, () => LedgerSession.OpenDatabase(database.ConnectionString.Replace(database.Name, "nowhere", StringComparison.Ordinal)));
        var bad = Refuses.With(CreditErrorId.ConnectionInvalid, () => LedgerSession.OpenDatabase("Host=127.0.0.1;Pasword=hunter2"));
        var refused = Refuses.With(CreditErrorId.LedgerUnreachable, () => LedgerSession.OpenDatabase("Host=127.0.0.1;Port=1;Username=a;Password=hunter2"));
        foreach (var problem in (CreditException[])[lost, bad, refused])
        {
            Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("not-a-secret", problem.ToString(), StringComparison.Ordinal);
        }
    }

    [PgFact]
    [Trait("Rule", "R5, C2, H1")]
    public void Eight_workers_post_to_one_tenant_with_one_open_attempt_and_nothing_twice()
    {
        using var ledger = OpenLedger();
        ledger.AddFunds(10m);
        ledger.SetRule(minimum: 100, amount: 50);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            using var session = ledger.Open();
            for (var i = 0; i < 5; i++)
            {
                // Each key is used by all workers, each call is in two imports, and each posting that lowers the balance asks for a recharge.
                session.Execute(new AddFunds(TestLedger.Contoso, 1m) { IdempotencyKey = $"key-{i}" });
                session.Usage.Import(
                    TestLedger.Contoso, ledger.Folder.Write($"w{worker}-{i}.csv", Call.Csv([Call.Paid($"c{worker / 2}-{i}", "2026-03-01T10:00:00Z", 1m)])), new(),
                    new RecordingObserver(), CancellationToken.None);
                session.Execute(new AddAdjustment(TestLedger.Contoso, -1m));
            }
        });

        // Invoiced rules post their recharge at once: as many as there were, and never two open.
        var attempts = ledger.Session.Recharges.GetAttempts(TenantSelection.One(TestLedger.Contoso)).ToList();
        Assert.InRange(attempts.Count(attempt => attempt.State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown), 0, 1);
        var recharged = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded).Sum(attempt => attempt.Amount);
        Assert.Equal(10m + 5m - 20m - 40m + recharged, ledger.Balance());
        Assert.Equal(20, ledger.Usage().Count);
        Assert.Equal(Enumerable.Range(1, ledger.Entries().Count).Select(n => (long)n), ledger.Entries().Select(entry => entry.Sequence));
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    [Trait("Rule", "F1-F8, U2, U3, G7, C1, C2, H1")]
    public void Random_histories_end_as_the_model_says() => SimulationTests.RunTenth(() => OpenLedger(contoso: false));

    private static TenantPosting PostingOf(LedgerSession session)
    {
        using var facts = session.Store.BeginFacts();
        var operation = new AddFunds(TestLedger.Contoso, 1m) { IdempotencyKey = "two-trips" };
        var draft = new Draft(facts.Load([operation.Needs])[0]!, new("tester", Ledger.Time.Instant.From(TestLedger.At("2026-03-15T12:00:00Z"))));
        operation.Decide(draft);
        return draft.Accept(null);
    }

    internal static TestLedger OpenLedger(bool contoso = true) => new(contoso: contoso, database: PgCluster.Create());
}
