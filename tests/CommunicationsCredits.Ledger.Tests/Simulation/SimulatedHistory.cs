using System.Globalization;
using System.Text.RegularExpressions;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Faults;
using CommunicationsCredits.Ledger.Tests.Pools;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>
/// A random history of one tenant, carried out on a real ledger and on the model, and compared after each step. What a step does follows from
/// the seed and its number alone, so that it stays the same when others are left out: a history that fails can be shortened.
/// </summary>
internal sealed partial class SimulatedHistory : IDisposable
{
    private const string Capability = "MCOPSTN1";
    private const int OperationsOfAStep = 45;

    private static readonly string[] Users = ["", "ann@x.example", "bob@x.example", "eve@x.example"];
    private static readonly string[] Departments = ["Sales", "Care"];

    private static readonly DateTimeOffset Begin = TestLedger.At("2026-01-01T00:00:00Z");

    private static readonly string[] Behaviours =
    [
        "succeed", "succeed", "succeed", "decline", "decline", "pending", "charge-pending", "status 500", "charge-status 500", "reset",
        "charge-reset", "rubbish", "charge-rubbish",
    ];

    private readonly TestLedger _ledger;
    private readonly int _seed;
    private readonly List<string> _steps = [];
    private readonly string _tenant;
    private readonly string _number;
    private readonly bool _onlyMoney;
    private readonly bool _booksEveryStep;
    private GatewayServer? _server;
    private LedgerModel _model = new();
    private SeededRandom _random;
    private string _gateway = "succeed";
    private bool _holdsRecharge;
    private HashSet<int> _alarms = [];
    private int _names;
    private int _keys;

    /// <summary>A history of funds, usage, rates, pools, recharges and corrections, with restarts and a clock that is set.</summary>
    /// <param name="ledger">The ledger, which others may share.</param>
    /// <param name="seed">What its steps follow from.</param>
    /// <param name="onlyMoney">Whether it has funds, usage and rates only.</param>
    /// <param name="booksEveryStep">Whether forfeitures are booked after each step.</param>
    public SimulatedHistory(TestLedger ledger, int seed, bool onlyMoney = false, bool booksEveryStep = false)
    {
        _ledger = ledger;
        _seed = seed;
        _random = new(seed);
        _onlyMoney = onlyMoney;
        _booksEveryStep = booksEveryStep;
        _tenant = string.Create(CultureInfo.InvariantCulture, $"t{seed}{(booksEveryStep ? "b" : "")}");

        // Digits of its own, so that no history has the rates of another.
        _number = string.Create(CultureInfo.InvariantCulture, $"{(booksEveryStep ? 8 : 7)}{seed % 100_000_000:D8}");
        ledger.Clock.Now = Begin;
        ledger.AddTenant(_tenant);
    }

    public LedgerModel Model
    {
        get => _model;
        init => _model = value;
    }

    public string Tenant => _tenant;

    /// <summary>What was done, a step a line.</summary>
    public IReadOnlyList<string> Done => _steps;

    private DateTimeOffset Now => _ledger.Clock.Now;

    public void Dispose() => _server?.Dispose();

    /// <summary>Carries out the steps of these numbers.</summary>
    public void Run(IEnumerable<int> steps)
    {
        try
        {
            foreach (var step in steps)
            {
                // Seeds in a row give the same numbers, one place further on; far apart they do not.
                _random = new(unchecked((_seed * 1_000_003) + (step * 7_919)));
                var before = _ledger.Entries(_tenant).Count;
                if (!_onlyMoney)
                    _ledger.Clock.Now += TimeSpan.FromMinutes(_random.Next(0, 90));
                _model.Clock = Now;
                if (_onlyMoney)
                    StepOfMoney();
                else
                    Step();
                if (_booksEveryStep)
                    ChangeSetting();

                _model.NotifyBudgets();

                // Whatever is posted books what has expired (F5).
                if (_ledger.Entries(_tenant).Count > before)
                {
                    _model.Clock = Now;
                    _model.Book();
                }

                Compare();
            }

            Verify();
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{problem.Message}\nThe steps:\n{string.Join('\n', _steps)}", problem);
        }
    }

    private void StepOfMoney()
    {
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

    private void Step()
    {
        // What the gateway does if it is asked.
        _gateway = _random.Pick(Behaviours);
        _server?.Book.Plan(_gateway);
        switch (_random.Next(100))
        {
            case < 10:
                AddFunds();
                break;
            case < 34:
                Import();
                break;
            case < 44:
                MoveClock();
                break;
            case < 45:
                ChangeSetting();
                break;
            case < 49:
                AddRates();
                break;
            case < 51:
                RateUsage();
                break;
            case < 55:
                PriceAgain();
                break;
            case < 56:
                AddFundsInVain();
                break;
            case < 60:
                Adjust();
                break;
            case < 66:
                Undo();
                break;
            case < 69:
                UndoImport();
                break;
            case < 73:
                SetUserOrBudget();
                break;
            case < 75:
                SetGuard();
                break;
            case < 79:
                EndOnTheWay();
                break;
            case < 82:
                SetPool();
                break;
            case < 86:
                SetRule();
                break;
            case < 89:
                ChangeRule();
                break;
            case < 92:
                RunRecharge();
                break;
            case < 96:
                Maintain();
                break;
            case < 97:
                ResolveAttempt();
                break;
            default:
                Told("a restart");
                _ledger.Reopen();
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
        _model.Recharge.Resume();
        _model.AddLot(amount, purchasedAt, expiresAt, priority);
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
            8 when !_onlyMoney => -TimeSpan.FromDays(_random.Next(300, 400)),
            _ => -TimeSpan.FromHours(_random.Next(1, 24 * 45)),
        };
        Told($"the clock is {Now:u}");
    }

    private void ChangeSetting()
    {
        Told("a setting");
        _ledger.Session.Execute(new ChangeTenant(_tenant, new() { Name = $"{_tenant}, {_names++}" }));
    }

    private void AddRates()
    {
        if (_onlyMoney && _model.Rates.Prices.Count > 0)
            return;

        // A sheet, a later version of it, or a revision of one of the two (G2).
        var price = _onlyMoney ? 0.5m : _random.Next(1, 20_000) / 10_000m;
        var from = _onlyMoney || _random.Chance(60) ? Begin.AddYears(-5) : Begin.AddDays(_random.Next(0, 4) * 30);
        Told($"rates from {from:u}: {price}");
        var list = new RateListReader("(objects)");
        list.Add(1, name => name switch { "Prefix" => _number, "PricePerMinute" => price.ToString(CultureInfo.InvariantCulture), _ => null });
        _ledger.Session.Execute(new AddRateSheet(_tenant, list) { EffectiveFrom = from });
        if (_model.Mistake != ModelMistake.IgnoresRevisions || !_model.Rates.Prices.ContainsKey(from))
            _model.Rates.Prices[from] = price;
    }

    private void RateUsage()
    {
        Told("what waits for a rate");
        _ledger.Session.Usage.Rate(_tenant, preview: false, default);
        foreach (var id in _model.Waiting.ToList())
        {
            if (_model.ChargeByRate(_model.Records[id]))
                _model.Waiting.Remove(id);
        }

        LookAtAlarms();
        Evaluate(isPosting: true);
    }

    private void Adjust()
    {
        var amount = _random.Next(1, 1500) / 100m * (_random.Chance(40) ? 1 : -1);
        var expiresAt = Now.AddDays(_random.Next(1, 200));
        Told($"adjustment {amount}, expires {expiresAt:u}");
        _ledger.Session.Execute(new AddAdjustment(_tenant, amount) { ExpiresAt = amount > 0 ? expiresAt : null });
        if (amount > 0)
        {
            _model.AddLot(amount, Now, expiresAt, 0, ModelLotSource.Adjusted);
            return;
        }

        _model.Charge(Now, -amount);
        Evaluate(isPosting: true);
    }

    private void Undo()
    {
        if (_random.Chance(40))
            UndoLot();
        else
            UndoCharge();
    }

    private void UndoLot()
    {
        if (_model.Lots.Count == 0)
            return;
        var lot = _random.Pick(_model.Lots);
        Told($"undo of lot {lot.Number}");
        var kind = lot.Source switch
        {
            ModelLotSource.Bought => CreditTransactionKind.Purchase,
            ModelLotSource.Adjusted => CreditTransactionKind.Adjustment,
            _ => CreditTransactionKind.Recharge,
        };
        var entry = _ledger.Entries(_tenant, kind).Where(entry => entry.Amount > 0)
            .ElementAt(_model.Lots.Where(other => other.Source == lot.Source).TakeWhile(other => other != lot).Count());
        var undo = new UndoTransaction(entry.TransactionId);
        if (lot.IsReversed)
        {
            Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Session.Execute(undo));
        }
        else if (lot.Source == ModelLotSource.Recharged || lot.Remaining != lot.Amount)
        {
            Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Session.Execute(undo));
        }
        else
        {
            _ledger.Session.Execute(undo);
            _model.Reverse(lot);
            Evaluate(isPosting: true);
        }
    }

    private void UndoCharge()
    {
        if (_model.Charges.Count == 0)
            return;
        var charge = _random.Pick(_model.Charges);
        Told($"undo of charge {charge.Order} of {charge.Record ?? "an adjustment"}");
        var alike = _model.Charges.Where(other => other.Record == charge.Record).ToList();
        var entries = charge.Record is null
            ? _ledger.Entries(_tenant, CreditTransactionKind.Adjustment).Where(entry => entry.Amount < 0).ToList()
            : _ledger.Entries(_tenant, CreditTransactionKind.Usage).Where(entry => entry.Reference == charge.Record).ToList();
        Assert.Equal(alike.Select(other => -other.Amount), entries.Select(entry => entry.Amount));
        var undo = new UndoTransaction(entries[alike.IndexOf(charge)].TransactionId);
        if (charge.IsReversed)
        {
            Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Session.Execute(undo));
            return;
        }

        _ledger.Session.Execute(undo);
        if (charge.Record is null)
            _model.Reverse(charge);
        else
            _model.Reverse(_model.Records.Values.Single(record => record.Charge == charge));
    }

    private void UndoImport()
    {
        if (_model.Imports.Count == 0)
            return;
        var import = _random.Pick(_model.Imports);
        Told($"undo of import {import.Id}");
        var undo = new UndoImport(import.Id, null);
        if (import.FormerCharges is not null)
        {
            if (!import.Standing.Any())
            {
                Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Session.Execute(undo));
                return;
            }

            _ledger.Session.Execute(undo);
            _model.PostFormer(import);
            LookAtAlarms();
            Evaluate(isPosting: true);
        }
        else if (import.Records.Count == 0)
        {
            Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Session.Execute(undo));
        }
        else if (import.Records.TrueForAll(record => record.IsReversed))
        {
            Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Session.Execute(undo));
        }
        else
        {
            _ledger.Session.Execute(undo);
            foreach (var record in import.Records.OrderByDescending(record => record.Number).Where(record => !record.IsReversed).ToList())
                _model.Reverse(record);
            LookAtAlarms();
        }
    }

    private void PriceAgain()
    {
        DateTimeOffset? from = _random.Chance(30) ? Now.AddHours(-_random.Next(0, 24 * 90)) : null;
        DateTimeOffset? to = _random.Chance(30) ? (from ?? Now.AddDays(-60)).AddHours(_random.Next(1, 24 * 60)) : null;
        Told($"calls from {from:u} to {to:u} priced again");
        var before = _model.Charges.Where(charge => !charge.IsReversed).Sum(charge => charge.Amount);
        var result = _ledger.Session.Usage.PriceAgain(_tenant, from, to, preview: false, default);
        var import = _model.PriceAgain(from, to);
        import.Id = result.ImportId;
        if (import.FormerCharges!.Count > 0)
            _model.Imports.Add(import);
        Assert.Equal(
            (import.FormerCharges.Count, _model.Charges.Where(charge => !charge.IsReversed).Sum(charge => charge.Amount) - before),
            ((int)result.Imported, result.Charged));
        LookAtAlarms();
        Evaluate(isPosting: true);
    }

    private void SetUserOrBudget()
    {
        if (_random.Chance(50))
        {
            var user = _random.Pick(Users[1..]);
            var department = _random.Pick(Departments);
            var month = ModelPool.MonthOf(Now.AddDays(_random.Next(-40, 40)));
            if (_model.People.DepartmentOf(user, month) == department)
                return;
            Told($"{user} belongs to {department} from {month}");
            _ledger.Session.Execute(new SetUser(_tenant, user) { Department = department, Month = month });
            if (!_model.People.Departments.TryGetValue(user, out var settings))
                _model.People.Departments.Add(user, settings = new(StringComparer.Ordinal));
            settings[month] = department;
            return;
        }

        var known = _model.People.Departments.Keys.ToList();
        var owner = _random.Next(3) switch
        {
            0 when known.Count > 0 => new ModelOwner(_random.Pick(known), null),
            1 => new ModelOwner(null, _random.Pick(Departments)),
            _ => new ModelOwner(null, null),
        };
        if (_model.People.Budgets.ContainsKey(owner) && _random.Chance(20))
        {
            Told($"no budget of {owner.Name}");
            _ledger.Session.Execute(new RemoveBudget(_tenant, new(owner.User, owner.Department)));
            _model.People.Set(owner, null);
            return;
        }

        var amount = _random.Next(1, 8000) / 100m;
        Told($"a budget of {owner.Name}: {amount}");
        _ledger.Session.Execute(new SetBudget(_tenant, amount, new(owner.User, owner.Department)));
        _model.People.Set(owner, amount);
    }

    private void SetGuard()
    {
        _holdsRecharge = _random.Chance(85);
        Told($"the guard {(_holdsRecharge ? "holds" : "does not hold")} the rule");
        _ledger.Session.Execute(new SetGuard(_tenant) { Sensitivity = CreditSensitivity.High, HoldRecharge = _holdsRecharge });
    }

    /// <summary>What the guard found is taken from the ledger (GuardSimulationTests have its formulas); what follows from it is not (D2, R10).</summary>
    private void LookAtAlarms()
    {
        HashSet<int> open;
        using (var snapshot = _ledger.Session.Store.BeginRead())
            open = [.. snapshot.Guards.Alarms(snapshot.Tenants.Get(_tenant).Number).Where(alarm => alarm.IsOpen).Select(alarm => alarm.FirstDay)];
        if (open.Count == 0 && _alarms.Count > 0)
            _model.Recharge.Release();
        else if (_holdsRecharge && open.Except(_alarms).Any())
            _model.Recharge.Hold();
        _alarms = open;
    }

    /// <summary>The program ends at some operation on a file (R5, U6, C2), is started again, and does the same again.</summary>
    private void EndOnTheWay()
    {
        switch (_random.Next(_model.Recharge.HasRule ? 3 : 2))
        {
            case 0:
                EndInFunds();
                break;
            case 1:
                EndInImport();
                break;
            default:
                EndInRecharge();
                break;
        }
    }

    private void EndInFunds()
    {
        var amount = _random.Next(1, 3000) / 100m;
        Told($"funds {amount}, and the end on the way");
        var command = new AddFunds(_tenant, amount) { IdempotencyKey = $"key {_keys++}" };
        EndsIn(() => _ledger.Session.Execute(command));
        Assert.Equal(amount, _ledger.Session.Execute(command).Amount);
        _model.Recharge.Resume();
        _model.AddLot(amount, Now, Now.AddMonths(12), 0);
    }

    private void EndInImport()
    {
        var action = NextAction();
        var records = NextRecords();
        Told($"usage {action}, and the end on the way: {InWords(records)}");
        var path = _ledger.Folder.Write($"killed-{_tenant}-{_keys++}", Call.Csv(Calls(records)));
        var options = new UsageImportOptions { OnConflict = action, NoRecharge = true };
        var known = _ledger.Usage(_tenant).Count;
        var hasEnded = EndsIn(() => _ledger.ImportFile(path, options, _tenant));
        if (hasEnded && _ledger.Usage(_tenant).Count > known)
        {
            // Its one batch is there.
            var import = Kept(records, action, []).Import;
            import.Id = _ledger.Session.Usage.GetImports(TenantSelection.One(_tenant)).Last().ImportId;
            _model.Imports.Add(import);
            _model.NotifyBudgets();
            LookAtAlarms();
        }

        if (!hasEnded)
        {
            // It came to its end before the operation that would have been the last.
            var import = Kept(records, action, []).Import;
            import.Id = _ledger.Session.Usage.GetImports(TenantSelection.One(_tenant)).Last().ImportId;
            _model.Imports.Add(import);
            LookAtAlarms();
            return;
        }

        var result = _ledger.ImportFile(path, options, _tenant).Result;
        Compare(result, Kept([.. records.Select(record => record.Again())], action, []), records.Count);
        LookAtAlarms();
    }

    private void EndInRecharge()
    {
        Told("a run, and the end on the way");
        if (!EndsIn(() => _ledger.Session.Recharges.Run(_tenant, force: false)))
        {
            Evaluate(isPosting: false);
            return;
        }

        // What was committed before the end, as the ledger has it; the money is the gateway's word alone.
        var attempts = _ledger.Session.Recharges.GetAttempts(TenantSelection.One(_tenant)).Where(attempt => attempt.State != AutoRechargeAttemptState.Refused).ToList();
        var before = _model.Recharge.Attempts;
        var isNew = attempts.Count > before.Count;
        if (isNew && attempts[^1].State == AutoRechargeAttemptState.Pending)
            _model.StartUnanswered();
        else if (isNew || (before.Count > 0 && attempts[^1].State != before[^1].State))
            Evaluate(isPosting: false);
        if (_server is not null && _model.Recharge.Open is { } open)
            open.IsCharged |= _server.Book.Charges().Sum(charge => charge.Amount) > before.Where(attempt => attempt.IsCharged).Sum(attempt => attempt.Amount);

        // Started again, it goes on.
        _server?.Book.Plan(_gateway);
        _ledger.Session.Recharges.Run(_tenant, force: false);
        Evaluate(isPosting: false);
    }

    /// <returns>Whether the program ended before it was done, and is started again.</returns>
    private bool EndsIn(Action act)
    {
        if (_ledger.Database is not null)
        {
            act();
            return false;
        }

        var plan = new FaultPlan(_random.Next(1, OperationsOfAStep), FileFault.Ends);
        using (FaultyFiles.Follow(_ledger.Folder.Path, plan))
        {
            var problem = Record.Exception(act);
            if (!plan.Happened)
            {
                if (problem is not null)
                    throw problem;
                plan.End();
                return false;
            }

            _steps[^1] += $" (at operation {plan.Count})";
            _ = Record.Exception(_ledger.Session.Dispose);
            plan.End();
        }

        _ledger.Reopen();
        return true;
    }

    private void SetPool()
    {
        var minutes = _random.Next(0, 120);
        var month = ModelPool.MonthOf(Now.AddDays(_random.Next(-40, 40)));
        Told($"a pool of {minutes} minutes from {month}");
        _ledger.SetPool(Capability, 1, minutes, month: month, tenant: _tenant);
        _model.Pool.Settings[month] = minutes;
    }

    private void SetRule()
    {
        var rule = _model.Recharge;
        var isFixed = _random.Chance(50);
        rule.Minimum = _random.Next(0, 60);
        rule.Fixed = isFixed ? _random.Next(1, 6000) / 100m : null;
        rule.Target = isFixed ? null : rule.Minimum + (_random.Next(1, 9000) / 100m);
        rule.PerCharge = Cap(rule.PerCharge, 200);
        rule.PerDay = Cap(rule.PerDay, 300);
        rule.PerMonth = Cap(rule.PerMonth, 900);
        Told($"a rule: below {rule.Minimum}, {rule.Fixed} or to {rule.Target}; at most {rule.PerCharge}, {rule.PerDay}, {rule.PerMonth}");
        if (!rule.HasRule)
        {
            rule.HasRule = rule.IsEnabled = true;
            rule.IsInvoiced = _random.Chance(25);
            if (!rule.IsInvoiced)
            {
                _server = new();
                _ledger.Session.Recharges.RegisterGateway(_server.Gateway($"psp-{_tenant}"));
                SetMethod();
            }
        }

        _ledger.Session.Execute(new SetRechargeRule(_tenant)
        {
            MinimumBalance = rule.Minimum,
            RechargeAmount = rule.Fixed,
            TargetBalance = rule.Target,
            MaximumPerCharge = rule.PerCharge,
            MaximumPerDay = rule.PerDay,
            MaximumPerMonth = rule.PerMonth,
            PaymentMethod = rule.IsInvoiced ? null : "card",
        });

        // What a rule is not given again it keeps.
        decimal? Cap(decimal? before, int most) => _random.Chance(50) ? _random.Next(20, most) : before;
    }

    private void ChangeRule()
    {
        if (!_model.Recharge.HasRule)
            return;
        if (!_model.Recharge.IsInvoiced && _random.Chance(40))
        {
            Told("a new token");
            SetMethod();
            _model.Recharge.Resume();
            return;
        }

        var isEnabled = _random.Chance(75);
        Told(isEnabled ? "the rule is enabled" : "the rule is disabled");
        _ledger.Session.Execute(new SetRechargeRuleEnabled(_tenant, isEnabled));
        _model.Recharge.IsEnabled = isEnabled;
        if (isEnabled)
        {
            _model.Recharge.Resume();
            _model.Recharge.Release();
        }
    }

    private void SetMethod() => _ledger.Session.Execute(
        new SetPaymentMethod(_tenant, "card") { Gateway = $"psp-{_tenant}", Token = $"tok_{_random.Next(1000)}" });

    private void RunRecharge()
    {
        var isForced = _random.Chance(40);
        Told(isForced ? "a forced run" : "a run");
        _ledger.Session.Recharges.Run(_tenant, isForced);
        Evaluate(isPosting: false, isForced);
    }

    private void Maintain()
    {
        Told("maintenance");
        _ledger.Session.Recharges.Maintain(_tenant, preview: false, problem => throw problem);
        Evaluate(isPosting: false);
    }

    private void ResolveAttempt()
    {
        if (_model.Recharge.Open is not { } open)
            return;
        var isPaid = _random.Chance(50);
        Told(isPaid ? "the open attempt was paid" : "the open attempt was declined");
        var attempt = _ledger.Session.Recharges.GetAttempts(TenantSelection.One(_tenant))
            .Single(attempt => attempt.State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown);
        _ledger.Session.Execute(new ResolveAttempt(attempt.AttemptId, isPaid, null));
        open.State = isPaid ? AutoRechargeAttemptState.Succeeded : AutoRechargeAttemptState.Declined;
        if (isPaid)
            _model.Recharge.Resume();
        else
            _model.Recharge.Decline(Now);
        _model.Settle(open);
    }

    private void Evaluate(bool isPosting, bool isForced = false)
    {
        if (_model.Recharge.HasRule)
            _steps[^1] += $" (the gateway would {_gateway})";
        _model.Evaluate(isPosting, isForced, _gateway);
    }

    private ConflictAction NextAction() => _random.Pick<ConflictAction>([ConflictAction.Error, ConflictAction.Skip, ConflictAction.Correct]);

    private List<ModelRecord> NextRecords() => [.. Enumerable.Range(0, _random.Next(1, 7)).Select(_ => NextRecord())];

    private static string InWords(IEnumerable<ModelRecord> records) => string.Join(
        "; ", records.Select(record => $"{record.Id} {record.Start:u} {record.OwnCharge?.ToString(CultureInfo.InvariantCulture) ?? $"{record.Minutes} min"} {record.User}"));

    private List<Call> Calls(IEnumerable<ModelRecord> records) =>
    [
        .. records.Select(record => new Call
        {
            Id = record.Id,
            User = record.User,
            Start = record.Start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            Charge = record.OwnCharge?.ToString(CultureInfo.InvariantCulture) ?? "",
            Seconds = (record.Minutes * 60).ToString(CultureInfo.InvariantCulture),
            To = "+" + _number + "12345",
            Capability = record.IsPooled ? Capability : "MCOPSTNPP",
        }),
    ];

    private void Import()
    {
        var action = NextAction();
        var records = NextRecords();
        Told($"usage {action}: {InWords(records)}");
        var calls = Calls(records);
        var flushed = new HashSet<int>();
        var result = _random.Chance(15)
            ? _ledger.Import(_random.Chance(50) ? Call.Csv(calls) : Call.Json(calls), action, tenant: _tenant).Result
            : ImportObjects(calls, action, flushed);
        Compare(result, Kept(records, action, flushed), records.Count);
        _model.NotifyBudgets();
        LookAtAlarms();
        Evaluate(isPosting: true);
    }

    /// <summary>What the model keeps of records (U2, U3, U5), posted at once after those of some places.</summary>
    private (ModelImport Import, long Duplicate, long Rejected, long Unrated, decimal Charged) Kept(
        List<ModelRecord> records, ConflictAction action, HashSet<int> flushed)
    {
        var import = new ModelImport();
        long duplicate = 0, rejected = 0, unrated = 0;
        decimal charged = 0;
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            if (flushed.Contains(i - 1))
                _model.NotifyBudgets();

            // The clock may have been set back since the record came first (U5).
            if (record.Start > Now.AddDays(1))
            {
                rejected++;
                continue;
            }

            if (_model.Records.TryGetValue(record.Id, out var known))
            {
                // One that was reversed stays a duplicate unless it comes as a correction (C1).
                var isReversed = known.IsReversed && action == ConflictAction.Correct;
                if ((known.SaysTheSameAs(record) && !isReversed) || action == ConflictAction.Skip)
                {
                    duplicate++;
                    continue;
                }

                if (action == ConflictAction.Error)
                {
                    rejected++;
                    continue;
                }

                if (!known.IsReversed)
                {
                    charged -= known.Charge?.Amount ?? 0;
                    _model.Reverse(known);
                }
            }

            import.Records.Add(record);
            unrated += _model.Post(record) ? 1 : 0;
            charged += record.Charge?.Amount ?? 0;
        }

        return (import, duplicate, rejected, unrated, charged);
    }

    private void Compare(UsageImport result, (ModelImport Import, long Duplicate, long Rejected, long Unrated, decimal Charged) kept, int count)
    {
        kept.Import.Id = result.ImportId;
        _model.Imports.Add(kept.Import);
        Assert.Equal(
            (count, kept.Import.Records.Count, kept.Duplicate, kept.Rejected, kept.Unrated, kept.Charged),
            (result.Read, result.Imported, result.Duplicate, result.Rejected, result.Unrated, result.Charged));
    }

    private UsageImport ImportObjects(List<Call> calls, ConflictAction action, HashSet<int> flushed)
    {
        using var objects = _ledger.Session.Usage.ImportObjects(_tenant, new() { OnConflict = action }, new RecordingObserver());
        for (var i = 0; i < calls.Count; i++)
        {
            objects.Begin();
            foreach (var (name, value) in calls[i].Properties())
                objects.Set(name, value);
            objects.End();
            if (!_random.Chance(20))
                continue;
            objects.Flush();
            flushed.Add(i);
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
                0 => known.Again(otherCharge: _random.Next(1, 1500) / 100m),
                1 => known.Again(otherStart: Start()),
                _ => known.Again(),
            };
        }

        return new(
            string.Create(CultureInfo.InvariantCulture, $"r{_model.Records.Count}-{_random.Next(1000)}"), _random.Pick(Users), Start(),
            _random.Chance(_onlyMoney ? 80 : 50) ? _random.Next(0, 1500) / 100m : null, _random.Next(0, 30), isPooled: !_onlyMoney && _random.Chance(60));

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
        Assert.Equal(Bought(ModelLotSource.Bought), sums.GetValueOrDefault(CreditTransactionKind.Purchase));
        Assert.Equal(Bought(ModelLotSource.Recharged), sums.GetValueOrDefault(CreditTransactionKind.Recharge));
        Assert.Equal(
            Bought(ModelLotSource.Adjusted) - _model.Charges.Where(charge => charge.Record is null).Sum(charge => charge.Amount),
            sums.GetValueOrDefault(CreditTransactionKind.Adjustment));
        Assert.Equal(
            -_model.Charges.Where(charge => charge.Record is not null).Sum(charge => charge.Amount), sums.GetValueOrDefault(CreditTransactionKind.Usage));
        Assert.Equal(_model.Reversed, sums.GetValueOrDefault(CreditTransactionKind.Reversal));
        Assert.Equal(
            -_model.Lots.Sum(lot => lot.Booked),
            sums.GetValueOrDefault(CreditTransactionKind.Forfeiture) + sums.GetValueOrDefault(CreditTransactionKind.Release));
        if (!_onlyMoney)
        {
            CompareRecharges();
            ComparePools();
            CompareBudgets();
        }

        decimal Bought(ModelLotSource source) => _model.Lots.Where(lot => lot.Source == source).Sum(lot => lot.Amount);
    }

    private void CompareRecharges()
    {
        var attempts = _ledger.Session.Recharges.GetAttempts(TenantSelection.One(_tenant)).Where(attempt => attempt.State != AutoRechargeAttemptState.Refused);
        Assert.Equal(
            _model.Recharge.Attempts.Select(attempt => (attempt.State, attempt.Amount, attempt.StartedAt)),
            attempts.Select(attempt => (attempt.State, attempt.Amount, attempt.StartedAt)));

        // The gateway's own book, written by nobody of the two.
        if (_server is not null)
            Assert.Equal(_model.Recharge.Attempts.Where(attempt => attempt.IsCharged).Sum(attempt => attempt.Amount), _server.Book.Charges().Sum(charge => charge.Amount));
    }

    private void ComparePools()
    {
        if (_model.Pool.Settings.Count == 0)
            return;
        foreach (var month in _model.Pool.Months)
        {
            var pool = _ledger.Pools(month, _tenant).Single();
            Assert.Equal((month, _model.Pool.Used(month)), (month, (int)pool.MinutesUsed));
        }
    }

    private void CompareBudgets()
    {
        var month = ModelPool.MonthOf(Now);
        var uses = _model.UsedIn(month).ToList();
        Assert.Equal(
            _model.People.Budgets.Select(budget => (budget.Key.Name, budget.Value, _model.People.Used(budget.Key, month, uses))).Order(),
            _ledger.Session.Budgets.GetBudgets(TenantSelection.One(_tenant)).Select(budget => (budget.User ?? budget.Department ?? "", budget.Amount, budget.Used)).Order());

        // That a month will not last has a formula of its own; what is passed has not.
        var reached = _ledger.Session.Notifications.GetNotifications(TenantSelection.One(_tenant), [CreditNotificationKind.BudgetReached], [])
            .Select(notice => PassedBudget().Match(notice.Subject)).Where(match => match.Success)
            .Select(match => (match.Groups[2].Value, match.Groups[3].Value, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(_model.People.Reached.Order(), reached.Order());
    }

    [GeneratedRegex("([0-9]+) % of the budget (?:of (.+) )?for ([0-9]{4}-[0-9]{2}) are used$")]
    private static partial Regex PassedBudget();

    private void Verify()
    {
        Assert.Empty(_ledger.Session.Audit.Verify(TenantSelection.One(_tenant)));
        var entries = _ledger.Entries(_tenant);
        Assert.True(entries.Zip(entries.Skip(1)).All(pair => pair.First.PostedAt <= pair.Second.PostedAt));

        // Debt and a lot that could have paid it never exist side by side (F4).
        Assert.DoesNotContain(_model.Debts, debt => _model.Lots.Any(lot => lot.Remaining > 0 && lot.ExpiresAt > debt.Start));
        if (_server is not null)
        {
            // What was asked again was asked byte for byte (R5).
            Assert.All(_server.Book.Requests(), requests => Assert.Single(requests.Distinct()));
            Assert.Empty(_server.Faults);
        }

        var notices = _ledger.Session.Notifications.GetNotifications(TenantSelection.One(_tenant), [CreditNotificationKind.RechargeSucceeded], []).Count();
        Assert.Equal(_model.Recharge.Attempts.Count(attempt => attempt.State == AutoRechargeAttemptState.Succeeded), notices);
        Assert.Equal(
            _model.Recharge.Holds, _ledger.Session.Notifications.GetNotifications(TenantSelection.One(_tenant), [CreditNotificationKind.RechargeHeld], []).Count());

        // Every department has what its users' calls cost while they belonged to it (P1, P2).
        var byDepartment = _model.Charges.Where(charge => charge is { Record: not null, IsReversed: false })
            .GroupBy(charge => _model.People.DepartmentOf(_model.Records[charge.Record!].User, ModelPool.MonthOf(charge.Start)) ?? "")
            .Select(group => (group.Key, group.Sum(charge => charge.Amount))).Where(group => group.Item2 != 0);
        var measured = _ledger.Session.Usage.Measure(TenantSelection.One(_tenant), new() { By = [UsageDimension.Department] })
            .Select(group => (group.Department ?? "", group.Charge)).Where(group => group.Charge != 0);
        Assert.Equal(byDepartment.Order(), measured.Order());
    }

    private void Told(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:u} {step}"));
}
