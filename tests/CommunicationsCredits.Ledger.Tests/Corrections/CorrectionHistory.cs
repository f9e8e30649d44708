using System.Globalization;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Pools;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>When a history's forfeitures are booked.</summary>
internal enum Booking
{
    /// <summary>By what is posted anyway.</summary>
    Late,

    /// <summary>After every step.</summary>
    Always,

    /// <summary>Now and then, several at once.</summary>
    AtRandom,
}

/// <summary>
/// A random history of one tenant without a rule: funds, late calls, corrections, undos, adjustments, pools. The same seed tells
/// the
/// same history however forfeitures are booked. Verified after every step; balances stated meanwhile are asked for again at the
/// end.
/// </summary>
internal sealed class CorrectionHistory(TestLedger ledger, int seed, Booking booking)
{
    private static readonly DateTimeOffset Begin = TestLedger.At("2026-01-01T00:00:00Z");

    // Seeds in a row give the same numbers, one place further on; far apart they do not.
    private readonly SeededRandom _random = new(unchecked(seed * 1_000_003));
    private readonly SeededRandom _bookings = new(unchecked((seed * 1_000_003) + 500_000));
    private readonly List<string> _steps = [];
    private readonly List<Call> _calls = [];
    private readonly List<string> _undoable = [];
    private readonly List<string> _imports = [];
    private readonly List<(DateTimeOffset Posted, CreditBalance Stated)> _stated = [];
    private readonly string _tenant = string.Create(CultureInfo.InvariantCulture, $"h{seed}-{booking}");

    public int Undone { get; private set; }

    public int Stated => _stated.Count;

    public string Tenant => _tenant;

    private DateTimeOffset Now => ledger.Clock.Now;

    public void Run(int steps)
    {
        ledger.Clock.Now = Begin;
        ledger.AddTenant(_tenant);
        try
        {
            for (var i = 0; i < steps; i++)
            {
                // Time always moves on, so that what was posted by an instant is what had been posted then.
                ledger.Clock.Now += _random.Chance(70) ? TimeSpan.FromMinutes(_random.Next(1,
                    4000)) : TimeSpan.FromDays(_random.Next(1, 120));
                Step();
                Book();
                State();
                Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.One(_tenant)));
                AssertNoDebtBesideMoney();
            }

            foreach (var (posted, stated) in _stated)
                Assert.Equal(stated, ledger.AsPosted(stated.AsOf, posted, _tenant));
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{problem.Message}\nThe steps:\n{string.Join('\n', _steps)}", problem);
        }
    }

    /// <summary>All that must not depend on bookings.</summary>
    public string Outcome()
    {
        var text = new System.Text.StringBuilder();
        foreach (var lot in ledger.Session.Funds.GetFunds(TenantSelection.One(_tenant), includeSpent: true))
            text.AppendLine(CultureInfo.InvariantCulture,
                $"lot {lot.Amount} {lot.Remaining} {lot.PurchasedAt:O} {lot.ExpiresAt:O} {lot.Priority} {lot.Status}");
        foreach (var record in ledger.Usage(_tenant))
            text.AppendLine(CultureInfo.InvariantCulture,
                $"call {record.RecordId} {record.Status} {record.Charge} {record.PooledSeconds}");
        text.AppendLine(string.Join(' ', ledger.Debts(_tenant).Select(debt =>
            debt.Unpaid.ToString(CultureInfo.InvariantCulture))));
        for (var day = -30; day < 1500; day += 15)
            text.AppendLine(CultureInfo.InvariantCulture, $"{day} {BalanceAt(Begin.AddDays(day))}");
        foreach (var lot in ledger.Session.Funds.GetFunds(TenantSelection.One(_tenant), includeSpent: true))
            text.AppendLine(CultureInfo.InvariantCulture, $"{BalanceAt(lot.ExpiresAt.AddTicks(-1))} {BalanceAt(lot.ExpiresAt)}");
        return text.ToString();
    }

    private decimal BalanceAt(DateTimeOffset at) => ledger.Session.Funds.GetBalances(TenantSelection.One(_tenant), at).Single().Balance;

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 18:
                Buy();
                break;
            case < 55:
                Import();
                break;
            case < 65:
                Adjust();
                break;
            case < 82:
                Undo();
                break;
            case < 88:
                UndoAnImport();
                break;
            case < 94:
                ledger.SetPool("MCOPSTN1", _random.Next(1, 4), minutes: 10, tenant: _tenant);
                Told("pool");
                break;
            default:
                ledger.Session.Usage.Rate(_tenant, preview: false, default);
                Told("rating");
                break;
        }
    }

    private void Buy()
    {
        var purchasedAt = _random.Chance(50) ? Now : Now.AddHours(-_random.Next(1, 24 * 60));
        var expiresAt = _random.Next(3) switch
        {
            0 => Now.AddHours(_random.Next(1, 72)), 1 => Now.AddDays(_random.Next(1, 100)), _ => purchasedAt.AddMonths(12),
        };
        var funds = new AddFunds(_tenant, _random.Next(1, 3000) / 100m)
        {
            PurchasedAt = purchasedAt, ExpiresAt = expiresAt, Priority = _random.Chance(70) ? 0 : _random.Next(3),
        };
        ledger.Session.Execute(funds);
        _undoable.Add("lot " + Newest(CreditTransactionKind.Purchase));
        Told($"funds until {expiresAt:u}");
    }

    private void Adjust()
    {
        var amount = _random.Next(1, 1500) / 100m * (_random.Chance(50) ? 1 : -1);
        var expiresAt = Now.AddDays(_random.Next(1, 200));
        ledger.Session.Execute(new AddAdjustment(_tenant, amount) { ExpiresAt = amount > 0 ? expiresAt : null });
        _undoable.Add("adjustment " + Newest(CreditTransactionKind.Adjustment));
        Told($"adjustment {amount}");
    }

    /// <summary>How many entries there are of a kind that bookings do not change.</summary>
    private string Newest(CreditTransactionKind kind) => PoolLedger.Text(ledger.Entries(_tenant, kind).Count - 1);

    private void Import()
    {
        var calls = Enumerable.Range(0, _random.Next(1, 6)).Select(_ => NextCall()).ToList();
        var action = _random.Chance(60) ? ConflictAction.Correct : ConflictAction.Skip;
        var import = ledger.Import(Call.Csv(calls), action, tenant: _tenant);
        Assert.Empty(import.Told.Refusals);
        _imports.Add(import.Result.ImportId);
        var told = calls.Select(call => $"{call.Id} {call.Start} {call.Charge}|{call.Seconds}");
        Told($"usage {action}: {string.Join("; ", told)}");
    }

    private Call NextCall()
    {
        if (_calls.Count > 0 && _random.Chance(30))
        {
            var known = _random.Pick(_calls);
            return _random.Chance(50) ? known : known with { Charge = known.Charge.Length == 0 ? "" : Cents(),
                Seconds = Seconds() };
        }

        var start = Now - (_random.Chance(60) ? TimeSpan.FromMinutes(_random.Next(0, 4320)) : TimeSpan.FromHours(_random.Next(0,
            24 * 90)));
        var call = new Call
        {
            Id = $"r{_calls.Count}",
            Start = start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            Charge = _random.Chance(50) ? Cents() : "",
            Seconds = Seconds(),
            Capability = "MCOPSTN1",
        };
        _calls.Add(call);
        return call;

        string Cents() => (_random.Next(0, 1500) / 100m).ToString(CultureInfo.InvariantCulture);
        string Seconds() => PoolLedger.Text(_random.Next(0, 1200));
    }

    private void Undo()
    {
        string transaction;
        if (_undoable.Count > 0 && _random.Chance(40))
        {
            var parts = _random.Pick(_undoable).Split(' ');
            var kind = parts[0] == "lot" ? CreditTransactionKind.Purchase : CreditTransactionKind.Adjustment;
            transaction = ledger.Entries(_tenant, kind)[int.Parse(parts[1], CultureInfo.InvariantCulture)].TransactionId;
            Told("undo of " + string.Join(' ', parts));
        }
        else
        {
            var entries = ledger.Entries(_tenant, CreditTransactionKind.Usage);
            if (entries.Count == 0)
                return;
            var picked = _random.Next(entries.Count);
            transaction = entries[picked].TransactionId;
            Told($"undo of charge {picked}");
        }

        Try(() => ledger.Session.Execute(new UndoTransaction(transaction)));
    }

    private void UndoAnImport()
    {
        if (_imports.Count == 0)
            return;
        var import = _random.Pick(_imports);
        Told($"undo of {import}");
        Try(() => ledger.Session.Execute(new UndoImport(import, null)));
    }

    private void Try(Action undo)
    {
        try
        {
            undo();
            Undone++;
            _steps[^1] += ": undone";
        }
        catch (CreditException refusal) when (refusal.ErrorId is CreditErrorId.AlreadyReversed or CreditErrorId.ReversalRefused)
        {
            _steps[^1] += $": {refusal.ErrorId}";
        }
    }

    private void Book()
    {
        for (var times = booking switch { Booking.Late => 0, Booking.Always => 1, _ =>
            _bookings.Next(4) - 1 }; times > 0; times--)
            ledger.Session.Recharges.Maintain(_tenant, preview: false, problem => throw problem);
    }

    private void State()
    {
        foreach (var at in (DateTimeOffset[])[Now, Now.AddHours(-_random.Next(1, 5000)), Now.AddHours(_random.Next(1, 9000))])
            _stated.Add((Now, ledger.Session.Funds.GetBalances(TenantSelection.One(_tenant), at).Single()));
    }

    /// <summary>Debt and a lot that could have paid it never exist side by side (F4).</summary>
    private void AssertNoDebtBesideMoney()
    {
        var entries = ledger.Entries(_tenant).ToDictionary(entry => entry.Sequence);
        var debts = ledger.Debts(_tenant).Select(debt => entries[debt.Entry].EffectiveAt).ToList();
        if (debts.Count == 0)
            return;
        using var tx = ledger.Session.Store.BeginRead();
        Assert.DoesNotContain(
            tx.Lots.WithRemainder(tx.Tenants.Get(_tenant).Number), lot => debts.Exists(start =>
                start < lot.ExpiresAt.ToDateTimeOffset()));
    }

    private void Told(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:u} {step}"));
}
