namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>What a model does wrong on purpose: a simulation has to notice.</summary>
public enum ModelMistake
{
    None,

    /// <summary>Lots are drawn without regard to their priority (F3).</summary>
    ForgetsPriorities,

    /// <summary>A decline does not keep the rule from acting (R6).</summary>
    NeverBacksOff,

    /// <summary>The minutes of a reversed call stay used (C1).</summary>
    KeepsMinutesOfReversedCalls,

    /// <summary>A revision does not take the place of what it revises (G2).</summary>
    IgnoresRevisions,

    /// <summary>Pricing again leaves the charges as they were (C1a).</summary>
    NeverPricesAgain,

    /// <summary>A budget of a department counts the calls of users that belonged elsewhere in that month (P1, B1).</summary>
    ForgetsDepartments,

    /// <summary>A held rule charges what it likes (R10).</summary>
    NeverHolds,
}

/// <summary>
/// One tenant's account as domain.md tells it, and nothing else: lists, sums and searches, no booking, no storage, nothing of the
/// engine's.
/// </summary>
internal sealed class LedgerModel
{
    private readonly List<ModelMove> _moves = [];
    private int _posted;
    private int _records;

    /// <summary>What the clock reads (F8).</summary>
    public DateTimeOffset Clock { get; set; }

    public ModelMistake Mistake { get; init; }

    public List<ModelLot> Lots { get; } = [];

    /// <summary>The charges in the order of their posting, reversed ones and adjustments below 0 included.</summary>
    public List<ModelCharge> Charges { get; } = [];

    /// <summary>What each identity stands for now (U2).</summary>
    public Dictionary<string, ModelRecord> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>The identities that wait for a rate, in the order of their import (G7).</summary>
    public List<string> Waiting { get; } = [];

    /// <summary>What each import kept, in order.</summary>
    public List<ModelImport> Imports { get; } = [];

    public ModelPool Pool { get; } = new();

    public ModelRates Rates { get; } = new();

    public ModelRecharge Recharge { get; } = new();

    public ModelPeople People { get; } = new();

    /// <summary>The sum of all reversals, signed.</summary>
    public decimal Reversed { get; private set; }

    /// <summary>Open calls, the oldest first (F4).</summary>
    public IEnumerable<ModelCharge> Debts =>
        Charges.Where(charge => charge.Unpaid > 0).OrderBy(charge => charge.Start).ThenBy(charge => charge.Order);

    public ModelLot AddLot(
        decimal amount, DateTimeOffset purchasedAt, DateTimeOffset expiresAt, int priority, ModelLotSource source = ModelLotSource.Bought)
    {
        var lot = new ModelLot(Lots.Count + 1, amount, purchasedAt, expiresAt, priority, source) { Remaining = amount };
        Lots.Add(lot);
        _moves.Add(new(amount, purchasedAt, Clock));
        Repay(lot);
        return lot;
    }

    /// <summary>A call: those live at its start, in draw order, then those bought later, then debt (F3, F4, F6).</summary>
    public ModelCharge Charge(DateTimeOffset start, decimal amount, string? record = null)
    {
        var charge = new ModelCharge(_posted++, start, amount, record) { Unpaid = amount };
        Charges.Add(charge);
        if (record is not null)
            People.Touch(start);
        _moves.Add(new(-amount, start, Clock));
        var mayPay = Lots.Where(lot => lot.ExpiresAt > start && lot.Remaining > 0)
            .OrderBy(lot => Mistake == ModelMistake.ForgetsPriorities ? 0 : lot.Priority).ThenBy(lot => lot.ExpiresAt).ThenBy(lot => lot.PurchasedAt).ThenBy(lot => lot.Number).ToList();
        foreach (var lot in mayPay.Where(lot => lot.PurchasedAt <= start).Concat(mayPay.Where(lot => lot.PurchasedAt > start)))
            Pay(charge, lot);
        return charge;
    }

    /// <summary>
    /// A call that needs a rate: the pool of its month first, in whole minutes here, then credits (A2); without a rate it waits (G7).
    /// </summary>
    /// <returns>Whether there was a rate.</returns>
    public bool ChargeByRate(ModelRecord record)
    {
        if (Rates.PriceAt(record.Start) is not { } price)
            return false;
        if (record.IsPooled)
        {
            record.PooledMinutes = Math.Clamp(Pool.MinutesLeft(record.Start), 0, record.Minutes);
            Pool.Use(record.Start, record.PooledMinutes);
        }

        record.Charge = Charge(record.Start, (record.Minutes - record.PooledMinutes) * price, record.Id);
        return true;
    }

    /// <summary>Money returns in reverse draw order, and first repays open debt (C1).</summary>
    public void Reverse(ModelCharge charge)
    {
        Reversed += charge.Amount;
        _moves.Add(new(charge.Amount, charge.Start, Clock));
        charge.IsReversed = true;
        charge.Unpaid = 0;
        if (charge.Record is not null)
            People.Touch(charge.Start);
        foreach (var (lot, amount) in charge.Draws.AsEnumerable().Reverse().ToList())
        {
            lot.Remaining += amount;
            Repay(lot);
        }
    }

    /// <summary>A record with its money and its minutes (C1).</summary>
    public void Reverse(ModelRecord record)
    {
        record.IsReversed = true;
        Waiting.Remove(record.Id);
        if (Mistake != ModelMistake.KeepsMinutesOfReversedCalls)
            Pool.Use(record.Start, -record.PooledMinutes);
        if (record.Charge is { } charge)
            Reverse(charge);
    }

    /// <summary>A record that came, by its own charge or by rate (G6, G7).</summary>
    /// <returns>Whether it waits for a rate.</returns>
    public bool Post(ModelRecord record)
    {
        record.Number = _records++;
        Records[record.Id] = record;
        if (record.OwnCharge is { } own)
            record.Charge = Charge(record.Start, own, record.Id);
        else if (!ChargeByRate(record))
            Waiting.Add(record.Id);
        return record.Charge is null;
    }

    /// <summary>
    /// Calls of a period that a sheet charged, priced by the sheets in force now: only their paid minutes, and what differs is reversed and
    /// posted anew (C1a).
    /// </summary>
    public ModelImport PriceAgain(DateTimeOffset? from, DateTimeOffset? to)
    {
        var import = new ModelImport { FormerCharges = [] };
        var priced = Records.Values.Where(record => record is { IsReversed: false, OwnCharge: null, Charge: not null }
            && !(record.Start < from) && !(record.Start >= to)).OrderBy(record => record.Number).ToList();
        foreach (var record in priced)
        {
            if (Rates.PriceAt(record.Start) is not { } price)
                continue;
            import.Read++;
            var amount = (record.Minutes - record.PooledMinutes) * price;
            if (amount == record.Charge!.Amount || Mistake == ModelMistake.NeverPricesAgain)
                continue;
            var former = record.Charge.Amount;
            Replace(record, amount);
            import.FormerCharges.Add((record, record.Charge, former));
        }

        return import;
    }

    /// <summary>Undoing that posts the former charges again, of what still stands as it was priced (C1a).</summary>
    public void PostFormer(ModelImport pricedAgain)
    {
        foreach (var (record, charge, former) in pricedAgain.Standing.Reverse())
            Replace(record, former);
    }

    /// <summary>What calls of a month cost, by whoever made them (P1, P2).</summary>
    public IEnumerable<(string User, decimal Amount)> UsedIn(string month) => Charges
        .Where(charge => charge is { Record: not null, IsReversed: false } && ModelPool.MonthOf(charge.Start) == month)
        .Select(charge => (Records[charge.Record!].User, charge.Amount));

    /// <summary>Notes the budgets that a posting has passed, once each, month and mark (B1).</summary>
    public void NotifyBudgets() => People.Notify(Mistake, UsedIn);

    /// <summary>A lot that nothing is drawn from now (C1).</summary>
    public void Reverse(ModelLot lot)
    {
        Reversed -= lot.Amount;
        _moves.Add(new(-lot.Amount, lot.PurchasedAt, Clock));
        lot.IsReversed = true;
        lot.Remaining = lot.Booked = 0;
    }

    /// <summary>
    /// Books what has expired, and releases what a clock that ran ahead had booked (F5, F8): of no consequence but to the sum of the
    /// forfeitures.
    /// </summary>
    public void Book()
    {
        _moves.Add(new(0, Clock, Clock));
        foreach (var lot in Lots)
            lot.Booked = lot.ExpiresAt <= Clock ? lot.Remaining : 0;
    }

    /// <summary>All that was posted, less what has expired by now (F8).</summary>
    public decimal BalanceNow() => _moves.Sum(move => move.Amount) - Expired(Clock);

    /// <summary>What counts by then, less what has expired by then: each from when it is effective, and no later than the clock read
    /// when it or anything after it was posted (F8).</summary>
    public decimal BalanceAt(DateTimeOffset at)
    {
        var sum = -Expired(at);
        var recorded = DateTimeOffset.MaxValue;
        for (var i = _moves.Count - 1; i >= 0; i--)
        {
            recorded = _moves[i].RecordedAt < recorded ? _moves[i].RecordedAt : recorded;
            if (_moves[i].EffectiveAt <= at || recorded <= at)
                sum += _moves[i].Amount;
        }

        return sum;
    }

    /// <summary>Evaluates the rule (R2, R3, R8), and asks the gateway, which behaves so.</summary>
    public void Evaluate(bool isPosting, bool isForced, string gateway)
    {
        if (Mistake == ModelMistake.NeverBacksOff)
            Recharge.Resume();
        if (Recharge.Evaluate(Clock, BalanceNow(), HeldPerDay(), isPosting, isForced, gateway) is { } attempt)
            Settle(attempt);
    }

    /// <summary>An attempt that was committed before whoever made it was killed, with no answer kept (R5).</summary>
    public void StartUnanswered() => Recharge.Start(Clock, BalanceNow(), HeldPerDay());

    /// <summary>
    /// What a held rule may charge a day: one recharge, or the median of the last 28 days with usage, of the last eight weeks (R10).
    /// </summary>
    private decimal? HeldPerDay()
    {
        if (!Recharge.IsHeld || Mistake == ModelMistake.NeverHolds)
            return null;
        var today = new DateTimeOffset(Clock.UtcDateTime.Date, TimeSpan.Zero);
        var days = Charges.Where(charge => charge.Record is not null && charge.Start < Clock && charge.Start >= today.AddDays(-56))
            .GroupBy(charge => charge.Start.UtcDateTime.Date).OrderBy(day => day.Key)
            .Select(day => day.Where(charge => !charge.IsReversed).Sum(charge => charge.Amount)).TakeLast(28).Order().ToList();
        var median = days.Count == 0 ? 0 : (days[(days.Count - 1) / 2] + days[days.Count / 2]) / 2;
        return Math.Max(median, Recharge.Fixed ?? Recharge.Target!.Value - Recharge.Minimum);
    }

    /// <summary>A charge that was paid is a lot, bought when it is settled (R6).</summary>
    public void Settle(ModelAttempt attempt)
    {
        if (attempt.State == AutoRechargeAttemptState.Succeeded)
            AddLot(attempt.Amount, Clock, Clock.AddMonths(12), 0, ModelLotSource.Recharged);
    }

    /// <summary>Another charge for a call, which keeps its minutes (C1a).</summary>
    private void Replace(ModelRecord record, decimal amount)
    {
        Reverse(record.Charge!);
        record.Number = _records++;
        record.Charge = Charge(record.Start, amount, record.Id);
    }

    private decimal Expired(DateTimeOffset at) => Lots.Where(lot => lot.ExpiresAt <= at).Sum(lot => lot.Remaining);

    private void Repay(ModelLot lot)
    {
        foreach (var debt in Debts.Where(debt => debt.Start < lot.ExpiresAt).ToList())
            Pay(debt, lot);
    }

    private static void Pay(ModelCharge charge, ModelLot lot)
    {
        var amount = Math.Min(charge.Unpaid, lot.Remaining);
        if (amount == 0)
            return;
        charge.Unpaid -= amount;
        charge.Draws.Add((lot, amount));
        lot.Remaining -= amount;
        lot.Booked = Math.Min(lot.Booked, lot.Remaining);
    }
}

/// <summary>Money that moved in the model.</summary>
/// <param name="Amount">How much, signed.</param>
/// <param name="EffectiveAt">When it counts.</param>
/// <param name="RecordedAt">What the clock read when it was posted.</param>
internal sealed record ModelMove(decimal Amount, DateTimeOffset EffectiveAt, DateTimeOffset RecordedAt);

/// <summary>Where a lot's money is from.</summary>
internal enum ModelLotSource
{
    Bought,
    Adjusted,
    Recharged,
}

/// <summary>A lot of the model.</summary>
internal sealed record ModelLot(int Number, decimal Amount, DateTimeOffset PurchasedAt, DateTimeOffset ExpiresAt, int Priority, ModelLotSource Source)
{
    public decimal Remaining { get; set; }

    /// <summary>How much of it stands booked as forfeited.</summary>
    public decimal Booked { get; set; }

    public bool IsReversed { get; set; }
}

/// <summary>A posted charge of the model: of a call, or without one an adjustment below 0.</summary>
internal sealed record ModelCharge(int Order, DateTimeOffset Start, decimal Amount, string? Record)
{
    public List<(ModelLot Lot, decimal Amount)> Draws { get; } = [];

    public decimal Unpaid { get; set; }

    public bool IsReversed { get; set; }
}

/// <summary>A record of the model: a charge of its own, or minutes that need a rate, of a pool or not.</summary>
internal sealed class ModelRecord(string id, string user, DateTimeOffset start, decimal? ownCharge, int minutes, bool isPooled)
{
    public string Id => id;

    /// <summary>Who called; empty where nobody says.</summary>
    public string User => user;

    /// <summary>Its place among all that were posted, or posted anew.</summary>
    public int Number { get; set; }

    public DateTimeOffset Start => start;

    public decimal? OwnCharge => ownCharge;

    public int Minutes => minutes;

    /// <summary>Whether included minutes may cover it; with a charge of its own that has happened already (A2).</summary>
    public bool IsPooled => isPooled && ownCharge is null;

    public ModelCharge? Charge { get; set; }

    public int PooledMinutes { get; set; }

    public bool IsReversed { get; set; }

    /// <summary>The same, as it would come again, with another charge or start.</summary>
    public ModelRecord Again(DateTimeOffset? otherStart = null, decimal? otherCharge = null) =>
        new(id, user, otherStart ?? start, otherCharge ?? ownCharge, minutes, isPooled);

    /// <summary>Whether it says the same to the cent and the second (U3).</summary>
    public bool SaysTheSameAs(ModelRecord other) => Start == other.Start && OwnCharge == other.OwnCharge && Minutes == other.Minutes;
}

/// <summary>An import of the model.</summary>
internal sealed class ModelImport
{
    public string Id { get; set; } = "";

    /// <summary>What it kept, in order.</summary>
    public List<ModelRecord> Records { get; init; } = [];

    /// <summary>Of a pricing again: the calls, with the charge that it made and the one before; else null (C1a).</summary>
    public List<(ModelRecord Record, ModelCharge Charge, decimal Former)>? FormerCharges { get; init; }

    public int Read { get; set; }

    /// <summary>What stands as it was priced by it.</summary>
    public IEnumerable<(ModelRecord Record, ModelCharge Charge, decimal Former)> Standing =>
        FormerCharges!.Where(priced => priced.Record.Charge == priced.Charge && !priced.Charge.IsReversed);
}

/// <summary>Whose a budget of the model is: the tenant's, a user's or a department's.</summary>
internal sealed record ModelOwner(string? User, string? Department)
{
    public string Name => User ?? Department ?? "";
}

/// <summary>Users, departments and budgets of the model (P1, B1).</summary>
internal sealed class ModelPeople
{
    private readonly HashSet<string> _touched = [];
    private readonly Dictionary<(string Month, ModelOwner Owner), int> _marks = [];
    private readonly Dictionary<ModelOwner, decimal> _budgets = [];

    /// <summary>The departments of each user, by the month from which they hold.</summary>
    public Dictionary<string, SortedDictionary<string, string>> Departments { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<ModelOwner, decimal> Budgets => _budgets;

    /// <summary>The marks that were passed: whose budget, in which month, and how many per cent.</summary>
    public List<(string Owner, string Month, int Percent)> Reached { get; } = [];

    /// <summary>Another amount is another budget, of which nothing was passed yet; null is none.</summary>
    public void Set(ModelOwner owner, decimal? amount)
    {
        if (_budgets.TryGetValue(owner, out var before) && before == amount)
            return;
        foreach (var mark in _marks.Keys.Where(mark => mark.Owner == owner).ToList())
            _marks.Remove(mark);
        if (amount is { } given)
            _budgets[owner] = given;
        else
            _budgets.Remove(owner);
    }

    public void Touch(DateTimeOffset start) => _touched.Add(ModelPool.MonthOf(start));

    /// <summary>Where a user belonged in a month, whenever that was set.</summary>
    public string? DepartmentOf(string user, string month) => Departments.TryGetValue(user, out var settings)
        ? settings.LastOrDefault(setting => string.CompareOrdinal(setting.Key, month) <= 0).Value
        : null;

    public decimal Used(ModelOwner owner, string month, IEnumerable<(string User, decimal Amount)> uses, ModelMistake mistake = ModelMistake.None) =>
        uses.Where(use => owner switch
        {
            { User: { } user } => use.User == user,
            { Department: { } department } => mistake == ModelMistake.ForgetsDepartments
                ? Departments.TryGetValue(use.User, out var settings) && settings.ContainsValue(department)
                : DepartmentOf(use.User, month) == department,
            _ => true,
        }).Sum(use => use.Amount);

    public void Notify(ModelMistake mistake, Func<string, IEnumerable<(string User, decimal Amount)>> usedIn)
    {
        foreach (var month in _touched)
        {
            var uses = usedIn(month).ToList();
            foreach (var (owner, amount) in Budgets)
            {
                var used = Used(owner, month, uses, mistake);
                var passed = new[] { 100, 80, 50 }.FirstOrDefault(mark => used * 100 >= amount * mark);
                if (passed <= _marks.GetValueOrDefault((month, owner)))
                    continue;
                _marks[(month, owner)] = passed;
                Reached.Add((owner.Name, month, passed));
            }
        }

        _touched.Clear();
    }
}

/// <summary>The included minutes of the model's one pool, by month (A1).</summary>
internal sealed class ModelPool
{
    private readonly Dictionary<string, int> _used = [];

    /// <summary>The minutes that each setting gives, by the month from which it holds.</summary>
    public SortedDictionary<string, int> Settings { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Months => _used.Keys;

    public static string MonthOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    public int Used(string month) => _used.GetValueOrDefault(month);

    /// <summary>A setting holds from its month on, and the first one for all earlier months too.</summary>
    public int MinutesLeft(DateTimeOffset at)
    {
        if (Settings.Count == 0)
            return 0;
        var month = MonthOf(at);
        var setting = Settings.LastOrDefault(setting => string.CompareOrdinal(setting.Key, month) <= 0, Settings.First());
        return setting.Value - Used(month);
    }

    public void Use(DateTimeOffset at, int minutes)
    {
        if (minutes != 0)
            _used[MonthOf(at)] = Used(MonthOf(at)) + minutes;
    }
}

/// <summary>The versions of the model's one rate sheet (G2).</summary>
internal sealed class ModelRates
{
    /// <summary>The price a minute by the date from which it holds: a revision has taken the place of what was there.</summary>
    public SortedDictionary<DateTimeOffset, decimal> Prices { get; } = [];

    public decimal? PriceAt(DateTimeOffset start)
    {
        var inForce = Prices.Where(price => price.Key <= start).ToList();
        return inForce.Count == 0 ? null : inForce[^1].Value;
    }
}

/// <summary>An attempt of the model.</summary>
internal sealed class ModelAttempt(decimal amount, DateTimeOffset startedAt)
{
    public decimal Amount => amount;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public DateTimeOffset AskedAt { get; set; } = startedAt;

    public AutoRechargeAttemptState State { get; set; } = AutoRechargeAttemptState.Pending;

    /// <summary>Whether the gateway has taken the money, whatever it answered.</summary>
    public bool IsCharged { get; set; }

    public bool IsOpen => State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown;
}

/// <summary>The recharge rule of the model and its attempts (R1–R8).</summary>
internal sealed class ModelRecharge
{
    private static readonly TimeSpan PauseOfPostings = TimeSpan.FromMinutes(15);
    private DateTimeOffset? _retryAt;
    private int _declines;

    public bool HasRule { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Without a payment method it is invoiced, and settles at once.</summary>
    public bool IsInvoiced { get; set; }

    public decimal Minimum { get; set; }

    public decimal? Fixed { get; set; }

    public decimal? Target { get; set; }

    public decimal? PerCharge { get; set; }

    public decimal? PerDay { get; set; }

    public decimal? PerMonth { get; set; }

    /// <summary>Whether the guard holds it (R10).</summary>
    public bool IsHeld { get; private set; }

    /// <summary>How often it was held.</summary>
    public int Holds { get; private set; }

    /// <summary>All but the refused ones.</summary>
    public List<ModelAttempt> Attempts { get; } = [];

    public ModelAttempt? Open => Attempts.SingleOrDefault(attempt => attempt.IsOpen);

    /// <summary>A new method, a purchase, or enabling the rule clears the back-off (R6).</summary>
    public void Resume() => (_declines, _retryAt) = (0, null);

    /// <summary>An alarm holds a rule that may act (D2).</summary>
    public void Hold()
    {
        if (!HasRule || !IsEnabled || IsHeld)
            return;
        IsHeld = true;
        Holds++;
    }

    public void Release() => IsHeld = false;

    public void Decline(DateTimeOffset now)
    {
        _declines++;
        _retryAt = _declines switch { 1 => now.AddHours(1), 2 => now.AddHours(6), _ => null };
    }

    /// <summary>What is asked of the gateway now, and what came of it; null where nothing is.</summary>
    public ModelAttempt? Evaluate(DateTimeOffset now, decimal balance, decimal? heldPerDay, bool isPosting, bool isForced, string gateway)
    {
        if (Open is { } open)
        {
            // A posting asks again after a quarter of an hour; every run does (R6).
            if (isPosting && open.AskedAt <= now && open.AskedAt + PauseOfPostings > now)
                return null;
            open.AskedAt = now;
            return Ask(open, now, gateway);
        }

        if (!HasRule || !IsEnabled || _declines >= 3 || (_retryAt > now && !isForced) || balance >= Minimum)
            return null;
        return Start(now, balance, heldPerDay) is { } attempt ? Ask(attempt, now, IsInvoiced ? "succeed" : gateway) : null;
    }

    /// <summary>A new attempt, of what the caps allow; null where nothing fits.</summary>
    public ModelAttempt? Start(DateTimeOffset now, decimal balance, decimal? heldPerDay)
    {
        if (Size(now, balance, heldPerDay) is not (> 0 and var amount))
            return null;
        var attempt = new ModelAttempt(amount, now);
        Attempts.Add(attempt);
        return attempt;
    }

    private ModelAttempt Ask(ModelAttempt attempt, DateTimeOffset now, string gateway)
    {
        // Whoever has charged a key says so when it is asked again with it.
        if (gateway == "decline" && attempt.IsCharged)
            gateway = "succeed";
        attempt.IsCharged |= gateway == "succeed" || gateway.StartsWith("charge-", StringComparison.Ordinal);
        attempt.State = gateway switch
        {
            "succeed" => AutoRechargeAttemptState.Succeeded,
            "decline" => AutoRechargeAttemptState.Declined,
            "pending" or "charge-pending" => AutoRechargeAttemptState.Pending,
            _ => AutoRechargeAttemptState.Unknown,
        };
        if (attempt.State == AutoRechargeAttemptState.Succeeded)
            Resume();
        else if (attempt.State == AutoRechargeAttemptState.Declined)
            Decline(now);
        return attempt;
    }

    /// <summary>One charge closes the gap, as far as the caps allow (R3, R4).</summary>
    private decimal Size(DateTimeOffset now, decimal balance, decimal? heldPerDay)
    {
        var step = Fixed ?? 0.01m;
        var wanted = Math.Ceiling(((Fixed is null ? Target!.Value : Minimum) - balance) / step) * step;

        // A clock that was set back finds attempts of days to come: they count too, since the money may be gone.
        var counted = Attempts.Where(attempt => attempt.State != AutoRechargeAttemptState.Declined).ToList();
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var month = day.AddDays(1 - day.Day);
        var allowed = Math.Min(
            PerCharge ?? decimal.MaxValue,
            Math.Min(
                Math.Min(PerDay ?? decimal.MaxValue, heldPerDay ?? decimal.MaxValue) - counted.Where(attempt => attempt.StartedAt >= day).Sum(attempt => attempt.Amount),
                PerMonth - counted.Where(attempt => attempt.StartedAt >= month).Sum(attempt => attempt.Amount) ?? decimal.MaxValue));
        return wanted <= allowed ? wanted : Math.Floor(Math.Max(allowed, 0) / step) * step;
    }
}
