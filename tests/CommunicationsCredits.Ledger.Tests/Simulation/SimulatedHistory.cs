using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>A random history of one tenant, carried out on a real ledger and on the model, and compared after each step.</summary>
internal sealed class SimulatedHistory
{
    private static readonly DateTimeOffset Begin = TestLedger.At("2026-01-01T00:00:00Z");

    private readonly TestLedger _ledger;
    private readonly SeededRandom _random;
    private readonly LedgerModel _model = new();
    private readonly List<string> _steps = [];
    private readonly string _tenant;
    private readonly string _number;
    private readonly bool _booksEveryStep;
    private bool _hasRates;
    private int _names;
    private int _keys;

    public SimulatedHistory(TestLedger ledger, int seed, bool booksEveryStep = false)
    {
        _ledger = ledger;
        _random = new(seed);
        _booksEveryStep = booksEveryStep;
        _tenant = string.Create(CultureInfo.InvariantCulture, $"t{seed}{(booksEveryStep ? "b" : "")}");

        // Digits of its own, so that no history has the rates of another.
        _number = string.Create(CultureInfo.InvariantCulture, $"{(booksEveryStep ? 8 : 7)}{seed % 100_000_000:D8}");
        ledger.Clock.Now = Begin;
        ledger.AddTenant(_tenant);
    }

    public LedgerModel Model => _model;

    public string Tenant => _tenant;

    private DateTimeOffset Now => _ledger.Clock.Now;

    public void Run(int steps)
    {
        try
        {
            for (var step = 0; step < steps; step++)
            {
                Step();
                if (_booksEveryStep)
                    ChangeSetting();
                Compare();
            }

            Verify();
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{problem.Message}\nThe steps:\n{string.Join('\n', _steps)}", problem);
        }
    }

    private void Step()
    {
        _model.Clock = Now;
        switch (_random.Next(100))
        {
            case < 22:
                AddFunds();
                break;
            case < 62:
                Import();
                break;
            case < 80:
                MoveClock();
                break;
            case < 86:
                ChangeSetting();
                break;
            case < 90:
                AddRates();
                break;
            case < 95:
                RateUsage();
                break;
            default:
                AddFundsInVain();
                break;
        }
    }

    private void AddFunds()
    {
        var amount = _random.Next(1, 3000) / 100m;
        var purchasedAt = _random.Chance(40) ? Now : Now.AddHours(-_random.Next(1, 24 * 60));
        var life = _random.Next(4) switch { 0 => TimeSpan.FromDays(_random.Next(1, 40)), 1 => TimeSpan.FromHours(_random.Next(1, 72)), _ => TimeSpan.Zero };
        var expiresAt = life == TimeSpan.Zero ? purchasedAt.AddMonths(12) : purchasedAt + life;
        var priority = _random.Chance(70) ? 0 : _random.Next(3);
        var key = _random.Chance(30) ? $"key {_keys++}" : null;
        Told($"funds {amount} bought {purchasedAt:u}, expire {expiresAt:u}, priority {priority}");
        var command = new AddFunds(_tenant, amount)
        {
            PurchasedAt = purchasedAt, ExpiresAt = life == TimeSpan.Zero ? null : expiresAt, Priority = priority, IdempotencyKey = key,
        };
        if (expiresAt <= Now)
        {
            Refuses.With(CreditErrorId.FundsAlreadyExpired, () => _ledger.Session.Execute(command));
            return;
        }

        _ledger.Session.Execute(command);
        _model.AddLot(amount, purchasedAt, expiresAt, priority);
        Posted();
        if (key is not null && _random.Chance(50))
            Assert.Equal(amount, _ledger.Session.Execute(command).Amount);
    }

    private void AddFundsInVain()
    {
        Told("refused and previewed funds");
        Refuses.With(CreditErrorId.FundsInFuture, () => _ledger.Session.Execute(new AddFunds(_tenant, 1m) { PurchasedAt = Now.AddTicks(1) }));
        _ledger.Session.Execute(new AddFunds(_tenant, 5m), preview: true);
    }

    private void MoveClock()
    {
        _ledger.Clock.Now += _random.Next(10) switch
        {
            < 5 => TimeSpan.FromHours(_random.Next(1, 48)),
            < 7 => TimeSpan.FromDays(_random.Next(1, 60)),
            7 => TimeSpan.FromDays(_random.Next(300, 400)),
            _ => -TimeSpan.FromHours(_random.Next(1, 24 * 45)),
        };
        Told($"the clock is {Now:u}");
    }

    private void ChangeSetting()
    {
        Told("a setting");
        _ledger.Session.Execute(new ChangeTenant(_tenant, new() { Name = $"{_tenant}, {_names++}" }));
        Posted();
    }

    private void AddRates()
    {
        if (_hasRates)
            return;
        Told("rates");
        _hasRates = true;
        var list = new RateListReader("(objects)");
        list.Add(1, name => name switch { "Prefix" => _number, "PricePerMinute" => "0.5", _ => null });
        _ledger.Session.Execute(new AddRateSheet(_tenant, list) { EffectiveFrom = Begin.AddYears(-5) });
    }

    private void RateUsage()
    {
        Told("what waits for a rate");
        var before = _ledger.Entries(_tenant).Count;
        _ledger.Session.Usage.Rate(_tenant, preview: false, default);
        if (_hasRates)
        {
            foreach (var id in _model.Waiting)
                _model.Records[id].Charge = _model.Charge(_model.Records[id].Start, _model.Records[id].Minutes * 0.5m);
            _model.Waiting.Clear();
        }

        if (_ledger.Entries(_tenant).Count > before)
            Posted();
    }

    private void Import()
    {
        var action = _random.Pick<ConflictAction>([ConflictAction.Error, ConflictAction.Skip, ConflictAction.Correct]);
        var records = Enumerable.Range(0, _random.Next(1, 7)).Select(_ => NextRecord()).ToList();
        Told($"usage {action}: " + string.Join("; ", records.Select(record => $"{record.Id} {record.Start:u} {record.OwnCharge?.ToString(CultureInfo.InvariantCulture) ?? $"{record.Minutes} min"}")));
        var calls = records.Select(record => new Call
        {
            Id = record.Id,
            Start = record.Start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            Charge = record.OwnCharge?.ToString(CultureInfo.InvariantCulture) ?? "",
            Seconds = (record.Minutes * 60).ToString(CultureInfo.InvariantCulture),
            To = "+" + _number + "12345",
        }).ToList();
        var result = _random.Chance(15)
            ? _ledger.Import(_random.Chance(50) ? Call.Csv(calls) : Call.Json(calls), action, tenant: _tenant).Result
            : ImportObjects(calls, action);

        long imported = 0, duplicate = 0, rejected = 0, unrated = 0;
        decimal charged = 0;
        foreach (var record in records)
        {
            // The clock may have been set back since the record came first (U5).
            if (record.Start > Now.AddDays(1))
            {
                rejected++;
                continue;
            }

            if (_model.Records.TryGetValue(record.Id, out var known))
            {
                if (known.SaysTheSameAs(record) || action == ConflictAction.Skip)
                {
                    duplicate++;
                    continue;
                }

                if (action == ConflictAction.Error)
                {
                    rejected++;
                    continue;
                }

                if (known.Charge is { } old)
                {
                    _model.Reverse(old);
                    charged -= old.Amount;
                }

                _model.Waiting.Remove(record.Id);
            }

            imported++;
            _model.Records[record.Id] = record;
            if ((record.OwnCharge ?? (_hasRates ? record.Minutes * 0.5m : null)) is { } amount)
            {
                record.Charge = _model.Charge(record.Start, amount);
                charged += amount;
            }
            else
            {
                unrated++;
                _model.Waiting.Add(record.Id);
            }
        }

        Posted();
        Assert.Equal((records.Count, imported, duplicate, rejected, unrated, charged), (
            result.Read, result.Imported, result.Duplicate, result.Rejected, result.Unrated, result.Charged));

        Assert.Equal(_model.BalanceNow(), result.BalanceAfter);
    }

    private UsageImport ImportObjects(List<Call> calls, ConflictAction action)
    {
        using var objects = _ledger.Session.Usage.ImportObjects(_tenant, new() { OnConflict = action }, new RecordingObserver());
        foreach (var call in calls)
        {
            objects.Begin();
            foreach (var (name, value) in call.Properties())
                objects.Set(name, value);
            objects.End();
            if (_random.Chance(20))
                objects.Flush();
        }

        return objects.Complete();
    }

    private ModelRecord NextRecord()
    {
        // A known one again, as it was or changed, or a new one: mostly of the last days, some late, some of tomorrow.
        if (_model.Records.Count > 0 && _random.Chance(25))
        {
            var known = _model.Records.Values.ElementAt(_random.Next(_model.Records.Count));
            return _random.Next(3) switch
            {
                0 => known with { Charge = null, OwnCharge = _random.Next(0, 1500) / 100m },
                1 => known with { Charge = null, Start = Start() },
                _ => known with { Charge = null },
            };
        }

        return new(
            string.Create(CultureInfo.InvariantCulture, $"r{_model.Records.Count}-{_random.Next(1000)}"), Start(),
            _random.Chance(80) ? _random.Next(0, 1500) / 100m : null, _random.Next(0, 30));

        DateTimeOffset Start() => new(
            (Now + (_random.Next(10) switch
            {
                < 6 => -TimeSpan.FromMinutes(_random.Next(0, 3 * 24 * 60)),
                < 9 => -TimeSpan.FromHours(_random.Next(0, 60 * 24)),
                _ => TimeSpan.FromHours(_random.Next(0, 24)),
            })).UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }

    private void Compare()
    {
        _model.Clock = Now;
        Assert.Equal(_model.BalanceNow(), _ledger.Balance(tenant: _tenant));
        for (var i = 0; i < 3; i++)
        {
            var at = _random.Chance(40) && _model.Lots.Count > 0
                ? _random.Pick(_model.Lots).ExpiresAt.AddTicks(_random.Next(-1, 2))
                : Now.AddHours(_random.Next(-2000, 2000));
            Assert.True(
                _model.BalanceAt(at) == _ledger.Session.Funds.GetBalances(TenantSelection.One(_tenant), at).Single().Balance,
                $"At {at:O} the balance is {_ledger.Session.Funds.GetBalances(TenantSelection.One(_tenant), at).Single().Balance}, and the model has {_model.BalanceAt(at)}.");
        }

        var funds = _ledger.Session.Funds.GetFunds(TenantSelection.One(_tenant), includeSpent: true).ToList();
        Assert.Equal(
            _model.Lots.OrderBy(lot => lot.PurchasedAt).ThenBy(lot => lot.Number)
                .Select(lot => (lot.Amount, lot.ExpiresAt <= Now ? 0 : lot.Remaining, lot.ExpiresAt, lot.Priority)),
            funds.Select(lot => (lot.Amount, lot.Remaining, lot.ExpiresAt, lot.Priority)));
        Assert.Equal(_model.Debts.Select(debt => debt.Unpaid), _ledger.Debts(_tenant).Select(debt => debt.Unpaid));

        var sums = _ledger.Entries(_tenant).GroupBy(entry => entry.Kind).ToDictionary(kind => kind.Key, kind => kind.Sum(entry => entry.Amount));
        Assert.Equal(_model.Lots.Sum(lot => lot.Amount), sums.GetValueOrDefault(CreditTransactionKind.Purchase));
        Assert.Equal(-_model.Charges.Sum(charge => charge.Amount), sums.GetValueOrDefault(CreditTransactionKind.Usage));
        Assert.Equal(_model.Reversed, sums.GetValueOrDefault(CreditTransactionKind.Reversal));
        Assert.Equal(
            -_model.Lots.Sum(lot => lot.Booked),
            sums.GetValueOrDefault(CreditTransactionKind.Forfeiture) + sums.GetValueOrDefault(CreditTransactionKind.Release));
    }

    private void Verify()
    {
        Assert.Empty(_ledger.Session.Audit.Verify(TenantSelection.One(_tenant)));
        var entries = _ledger.Entries(_tenant);
        Assert.True(entries.Zip(entries.Skip(1)).All(pair => pair.First.PostedAt <= pair.Second.PostedAt));

        // Debt and a lot that could have paid it never exist side by side (F4).
        Assert.DoesNotContain(_model.Debts, debt => _model.Lots.Any(lot => lot.Remaining > 0 && lot.ExpiresAt > debt.Start));
    }

    private void Posted()
    {
        _model.Clock = Now;
        _model.Book();
    }

    private void Told(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:u} {step}"));
}
