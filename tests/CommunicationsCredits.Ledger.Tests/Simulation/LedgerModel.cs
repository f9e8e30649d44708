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
}

/// <summary>
/// One tenant's account as domain.md tells it, and nothing else: lists, sums and searches, no booking, no storage, nothing of the
/// engine's.
/// </summary>
internal sealed class LedgerModel
{
    private readonly List<ModelMove> _moves = [];
    private int _posted;

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
    public List<(string Id, List<ModelRecord> Records)> Imports { get; } = [];

    public ModelPool Pool { get; } = new();

    public ModelRates Rates { get; } = new();

    public ModelRecharge Recharge { get; } = new();

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
        if (Recharge.Evaluate(Clock, BalanceNow(), isPosting, isForced, gateway) is { } attempt)
            Settle(attempt);
    }

    /// <summary>A charge that was paid is a lot, bought when it is settled (R6).</summary>
    public void Settle(ModelAttempt attempt)
    {
        if (attempt.State == AutoRechargeAttemptState.Succeeded)
            AddLot(attempt.Amount, Clock, Clock.AddMonths(12), 0, ModelLotSource.Recharged);
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
internal sealed class ModelRecord(string id, DateTimeOffset start, decimal? ownCharge, int minutes, bool isPooled)
{
    public string Id => id;

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
        new(id, otherStart ?? start, otherCharge ?? ownCharge, minutes, isPooled);

    /// <summary>Whether it says the same to the cent and the second (U3).</summary>
    public bool SaysTheSameAs(ModelRecord other) => Start == other.Start && OwnCharge == other.OwnCharge && Minutes == other.Minutes;
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

    /// <summary>All but the refused ones.</summary>
    public List<ModelAttempt> Attempts { get; } = [];

    public ModelAttempt? Open => Attempts.SingleOrDefault(attempt => attempt.IsOpen);

    /// <summary>A new method, a purchase, or enabling the rule clears the back-off (R6).</summary>
    public void Resume() => (_declines, _retryAt) = (0, null);

    public void Decline(DateTimeOffset now)
    {
        _declines++;
        _retryAt = _declines switch { 1 => now.AddHours(1), 2 => now.AddHours(6), _ => null };
    }

    /// <summary>What is asked of the gateway now, and what came of it; null where nothing is.</summary>
    public ModelAttempt? Evaluate(DateTimeOffset now, decimal balance, bool isPosting, bool isForced, string gateway)
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
        if (Size(now, balance) is not > 0)
            return null;
        var attempt = new ModelAttempt(Size(now, balance), now);
        Attempts.Add(attempt);
        return Ask(attempt, now, IsInvoiced ? "succeed" : gateway);
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
    private decimal Size(DateTimeOffset now, decimal balance)
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
                PerDay - counted.Where(attempt => attempt.StartedAt >= day).Sum(attempt => attempt.Amount) ?? decimal.MaxValue,
                PerMonth - counted.Where(attempt => attempt.StartedAt >= month).Sum(attempt => attempt.Amount) ?? decimal.MaxValue));
        return wanted <= allowed ? wanted : Math.Floor(Math.Max(allowed, 0) / step) * step;
    }
}
