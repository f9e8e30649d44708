using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recorded;

/// <summary>What earlier versions wrote is read as it was meant, to the last digit and to the last byte of each chain.</summary>
public sealed class RecordedLedgerTests
{
    private const string Adatum = "adatum.example";

    private static readonly Dictionary<string, string> NowOfTomorrowsCall = new()
    {
        ["balance now | 2027-03-20T09:30:00.0000000+00:00 | -97.826079 | - | 0 | Off | Exhausted"] =
            "balance now | 2027-03-20T09:30:00.0000000+00:00 | -99.618005 | - | 0 | Off | Exhausted",
        ["statement | \"2027-03\" | -97.826079 | 0 | 0 | 0 | 0 | 0 | -97.826079 | \"\""] =
            "statement | \"2027-03\" | -99.618005 | 0 | 0 | 0 | 0 | 0 | -99.618005 | \"\"",
    };

    [Theory]
    [InlineData("0.1.0")]
    [Trait("Rule", "H1")]
    public void A_recorded_ledger_answers_as_it_did_when_it_was_recorded(string version)
    {
        using var ledger = new RecordedLedger(version);

        // Opening it for the first time adds one entry a tenant, which vouches for all that steers its money (H1b).
        var facts = LedgerFacts.Of(ledger.Session, RecordedLedger.Months)
            .Where(fact => !fact.EndsWith("| \"Brought to the schema of 1.0.0\"", StringComparison.Ordinal));
        // F8 was rewritten: now is the sum of all entries, a call of the next hours included, of which one tenant had one.
        var recorded = RecordedLedger.Lines(version, "facts.txt").Select(line => NowOfTomorrowsCall.GetValueOrDefault(line, line)).ToArray();
        AssertSame(recorded, facts);
    }

    [Theory]
    [InlineData("0.1.0")]
    [Trait("Rule", "H1")]
    public void The_chains_of_a_recorded_ledger_are_those_that_were_recorded(string version)
    {
        using var ledger = new RecordedLedger(version);

        AssertSame(RecordedLedger.Lines(version, "hashes.txt"), RecordedLedger.Hashes(ledger.File));
        Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.All));
    }

    [Theory]
    [InlineData("0.1.0")]
    [Trait("Rule", "H1")]
    public void Every_tenant_of_a_recorded_ledger_is_posted_to_as_before(string version)
    {
        using var ledger = new RecordedLedger(version);
        var session = ledger.Session;
        foreach (var tenant in session.Tenants.GetTenants(TenantSelection.All).ToList())
        {
            var before = Balance(session, tenant.TenantId);
            var funds = new AddFunds(tenant.TenantId, 1000m) { Reference = "after" };
            if (tenant.Status == CreditTenantStatus.Closed)
            {
                Refuses.With(CreditErrorId.TenantClosed, () => session.Execute(funds));
                continue;
            }

            session.Execute(funds);

            Assert.Equal(before + 1000m, Balance(session, tenant.TenantId));
        }

        Assert.Empty(session.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "F4")]
    public void The_debt_of_a_recorded_ledger_is_repaid_by_new_funds()
    {
        using var ledger = new RecordedLedger("0.1.0");
        var debt = -Balance(ledger.Session, Adatum);
        Assert.True(debt > 0);

        var funds = ledger.Session.Execute(new AddFunds(Adatum, debt + 10m));

        Assert.Equal((10m, 10m), (funds.Remaining, Balance(ledger.Session, Adatum)));
        Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void The_idempotency_keys_of_a_recorded_ledger_still_answer()
    {
        using var ledger = new RecordedLedger("0.1.0");
        var session = ledger.Session;
        var entries = session.Funds.CountTransactions(TenantSelection.One(Adatum), new());

        var funds = session.Execute(new AddFunds(Adatum, 60m)
        {
            ExpiresAt = TestLedger.At("2026-09-01T00:00:00Z"), Priority = 0, Reference = "INV-2", IdempotencyKey = "key 3",
        });
        var adjustment = session.Execute(
            new AddAdjustment(Adatum, 12.5m) { Reason = "Goodwill", ExpiresAt = TestLedger.At("2026-05-01"), IdempotencyKey = "adj 1" });
        Refuses.With(CreditErrorId.IdempotencyConflict, () => session.Execute(new AddFunds(Adatum, 61m) { IdempotencyKey = "key 3" }));

        Assert.Equal(("adatum.example/F4", "adatum.example/26"), (funds.FundsId, adjustment.TransactionId));
        Assert.Equal(entries, session.Funds.CountTransactions(TenantSelection.One(Adatum), new()));
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void The_calls_of_a_recorded_ledger_are_known_blanked_ones_included()
    {
        using var ledger = new RecordedLedger("0.1.0");
        using var folder = new TempFolder();
        var observer = new RecordingObserver();
        var calls = new[]
        {
            Call.Paid("feb", "2026-02-02T10:00:00Z", 4.000001m), Call.Paid("late 1", "2026-01-25T10:00:00Z", 12.5m),
            Call.Paid("late 2", "2026-01-26T10:00:00Z", 31m), Call.Paid("new", "2026-05-20T10:00:00Z", 1m),
        };

        var import = ledger.Session.Usage.Import(Adatum, folder.Write("usage.csv", Call.Csv(calls)), new(), observer, default);

        Assert.Equal((4, 1, 2, 1), (import.Read, import.Imported, import.Duplicate, import.Rejected));
        Assert.Equal(CreditErrorId.UsageConflict, Assert.Single(observer.Refusals).ErrorId);
        Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void What_a_recorded_ledger_posted_is_undone_once()
    {
        using var ledger = new RecordedLedger("0.1.0");
        var session = ledger.Session;
        var before = Balance(session, Adatum);

        // The one was all debt; most of the other was paid by a lot that has expired since, and is forfeited with it.
        session.Execute(new UndoTransaction("adatum.example/49"));
        Assert.Equal(before + 20m, Balance(session, Adatum));
        session.Execute(new UndoTransaction("adatum.example/48"));
        Assert.Equal(0m, Balance(session, Adatum));

        Refuses.With(CreditErrorId.AlreadyReversed, () => session.Execute(new UndoTransaction("adatum.example/48")));
        Refuses.With(CreditErrorId.AlreadyReversed, () => session.Execute(new UndoTransaction("adatum.example/15")));
        Assert.Empty(session.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void An_attempt_that_a_recorded_ledger_left_open_is_settled_by_hand()
    {
        using var ledger = new RecordedLedger("0.1.0");
        const string tenant = "proseware.example";
        var before = Balance(ledger.Session, tenant);

        var settled = ledger.Session.Execute(new ResolveAttempt("proseware.example/A1", succeeded: true, "ch_found"));

        Assert.Equal((AutoRechargeAttemptState.Succeeded, 55m), (settled.State, settled.Amount));
        Assert.Equal(before + 55m, Balance(ledger.Session, tenant));
        Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.All));
    }

    private static decimal Balance(LedgerSession ledger, string tenant) =>
        ledger.Funds.GetBalances(TenantSelection.One(tenant)).Single().Balance;

    /// <summary>Fails with the first lines that differ, not with two files.</summary>
    private static void AssertSame(IReadOnlyList<string> expected, IEnumerable<string> lines)
    {
        var actual = lines.ToList();
        var differences = Enumerable.Range(0, Math.Max(expected.Count, actual.Count))
            .Select(i => (Line: i + 1, Expected: expected.ElementAtOrDefault(i), Actual: actual.ElementAtOrDefault(i)))
            .Where(line => line.Expected != line.Actual).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {expected.Count} lines differ, the first:\n" + string.Join(
            '\n', differences.Take(5).Select(line => $"line {line.Line}\n  recorded {line.Expected}\n  now      {line.Actual}")));
    }
}
