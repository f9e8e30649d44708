using System.Globalization;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// A short history of a ledger, from the file that is not there to a verified end, in steps that may be repeated: whoever is told that one failed
/// does it again, as a script that is started again would.
/// </summary>
internal sealed class FaultHistory : IDisposable
{
    private const string Tenant = "contoso.com";

    /// <summary>Errors that a broken disk may bring; anything else is a defect.</summary>
    private static readonly CreditErrorId[] Expected =
    [
        CreditErrorId.LedgerFull, CreditErrorId.LedgerUnreadable, CreditErrorId.LedgerBusy, CreditErrorId.LedgerReadOnly,
        CreditErrorId.LedgerCorrupt, CreditErrorId.LedgerNotFound,
    ];

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new(TestLedger.At("2026-03-15T12:00:00Z"));
    private readonly FaultPlan _plan;
    private readonly IDisposable _faults;
    private LedgerSession? _session;

    public FaultHistory(FaultPlan plan)
    {
        _plan = plan;
        _faults = FaultyFiles.Follow(_folder.Path, plan);
    }

    /// <summary>How many times a step was told that the disk failed.</summary>
    public int Failures { get; private set; }

    private LedgerSession Session => _session ??= LedgerSession.Open(
        _folder.File("ledger.db"), new() { Clock = _clock, Actor = "tester@machine", ConfigurationFolder = _folder.File("configuration") });

    /// <summary>Does all steps, each until it succeeds.</summary>
    /// <returns>What the ledger answers in the end.</returns>
    public string Run()
    {
        foreach (var step in Steps())
        {
            if (!TryDo(step) && !TryDo(step))
            {
                // The program is started again, on a disk that is well.
                _plan.End();
                Reopen();
                Assert.True(TryDo(step), "A step failed without a fault.");
            }
        }

        _plan.End();
        Reopen();
        return Outcome();
    }

    public void Dispose()
    {
        _plan.End();
        _session?.Dispose();
        _faults.Dispose();
        _folder.Dispose();
    }

    private IEnumerable<Action> Steps()
    {
        yield return () => Unless(CreditErrorId.TenantExists, () => Session.Execute(new AddTenant(Tenant, new() { Name = "Contoso" })));
        yield return () =>
        {
            var list = new RateListReader("(objects)");
            list.Add(1, name => name switch { "Prefix" => "1", "PricePerMinute" => "0.5", _ => null });
            Session.Execute(new AddRateSheet("PSTN", list) { EffectiveFrom = TestLedger.At("2020-01-01T00:00:00Z") });
        };
        yield return () => Session.Execute(new AddFunds(Tenant, 20m) { PurchasedAt = TestLedger.At("2026-01-01T00:00:00Z"), IdempotencyKey = "first" });
        yield return () => Session.Execute(new SetPool(Tenant, "MCOPSTN1") { Licenses = 1, MinutesPerLicense = 30 });
        yield return () => Session.Execute(new SetRechargeRule(Tenant) { MinimumBalance = 5m, RechargeAmount = 10m });
        yield return () => Import("first", Enumerable.Range(0, 60).Select(i => Out($"a{i}", 60 + i, "MCOPSTN1")));
        yield return Reopen;
        yield return () => Import("second", Enumerable.Range(0, 60).Select(i => Out($"b{i}", 61, "MCOPSTNPP")));
        yield return () => Session.Execute(new AddAdjustment(Tenant, -3m) { IdempotencyKey = "less" });
        yield return () => Unless(CreditErrorId.AlreadyReversed, () => Session.Execute(new UndoTransaction(EntryOf("b7"))));
        yield return () => Unless(CreditErrorId.AlreadyReversed, () => Session.Execute(new UndoImport($"{Tenant}/I1", null)));
        yield return () => Session.Recharges.Maintain(Tenant, preview: false, problem => throw problem);
    }

    /// <returns>Whether it succeeded; where it did not, a disk that fails was the reason.</returns>
    private bool TryDo(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (CreditException problem) when (_plan.Happened && Expected.Contains(problem.ErrorId))
        {
            Failures++;
            if (_session is null)
                return false;
            try
            {
                _ = _session.Funds.GetBalances(TenantSelection.All).Count();
            }
            catch (CreditException)
            {
                Reopen();
            }

            return false;
        }
    }

    private void Reopen()
    {
        _session?.Dispose();
        _session = null;
    }

    private void Import(string name, IEnumerable<Call> calls)
    {
        var path = _folder.Write(name, Call.Csv(calls));
        var observer = new RecordingObserver();
        var import = Session.Usage.Import(Tenant, path, new(), observer, default);
        Assert.Empty(observer.Refusals);
        Assert.Equal(60, import.Read);
    }

    private string EntryOf(string record) => Session.Funds.GetTransactions(TenantSelection.One(Tenant), new())
        .Single(entry => entry.Kind == CreditTransactionKind.Usage && entry.Reference == record).TransactionId;

    private static void Unless(CreditErrorId done, Action act)
    {
        try
        {
            act();
        }
        catch (CreditException problem) when (problem.ErrorId == done)
        {
            // The one before had succeeded after all.
        }
    }

    private static Call Out(string id, int seconds, string capability) =>
        new() { Id = id, Start = "2026-03-02T10:00:00Z", Seconds = seconds.ToString(CultureInfo.InvariantCulture), Capability = capability };

    /// <summary>Money, lots, pools and the order of entries; not when they were posted, nor in how many imports (U6).</summary>
    private string Outcome()
    {
        var one = TenantSelection.One(Tenant);
        var lines = Session.Audit.Verify(TenantSelection.All).Select(finding => $"finding {finding.Message}").ToList();
        lines.AddRange(Session.Funds.GetTransactions(one, new()).Where(entry => entry.Kind != CreditTransactionKind.Setting)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Kind} {entry.Amount} {entry.EffectiveAt:O} {entry.Reference}")));
        lines.AddRange(Session.Funds.GetFunds(one, includeSpent: true)
            .Select(lot => string.Create(CultureInfo.InvariantCulture, $"lot {lot.Amount} {lot.Remaining} {lot.ExpiresAt:O}")));
        lines.AddRange(Session.Pools.GetPools(one, "2026-03").Select(pool => string.Create(CultureInfo.InvariantCulture, $"pool {pool.MinutesUsed}")));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"balance {Session.Funds.GetBalances(one).Single().Balance}"));
        return string.Join('\n', lines);
    }
}
