namespace CommunicationsCredits.Ledger.Tests.Simulation;

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

    public List<ModelLot> Lots { get; } = [];

    /// <summary>The charges in the order of their posting, reversed ones included.</summary>
    public List<ModelCharge> Charges { get; } = [];

    /// <summary>What each identity stands for now (U2).</summary>
    public Dictionary<string, ModelRecord> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>The identities that wait for a rate, in the order of their import (G7).</summary>
    public List<string> Waiting { get; } = [];

    public decimal Reversed { get; private set; }

    /// <summary>Open calls, the oldest first (F4).</summary>
    public IEnumerable<ModelCharge> Debts =>
        Charges.Where(charge => charge.Unpaid > 0).OrderBy(charge => charge.Start).ThenBy(charge => charge.Order);

    public void AddLot(decimal amount, DateTimeOffset purchasedAt, DateTimeOffset expiresAt, int priority)
    {
        var lot = new ModelLot(Lots.Count + 1, amount, purchasedAt, expiresAt, priority) { Remaining = amount };
        Lots.Add(lot);
        _moves.Add(new(amount, purchasedAt, Clock));
        Repay(lot);
    }

    /// <summary>A call: those live at its start, in draw order, then those bought later, then debt (F3, F4, F6).</summary>
    public ModelCharge Charge(DateTimeOffset start, decimal amount)
    {
        var charge = new ModelCharge(_posted++, start, amount) { Unpaid = amount };
        Charges.Add(charge);
        _moves.Add(new(-amount, start, Clock));
        var mayPay = Lots.Where(lot => lot.ExpiresAt > start && lot.Remaining > 0)
            .OrderBy(lot => lot.Priority).ThenBy(lot => lot.ExpiresAt).ThenBy(lot => lot.PurchasedAt).ThenBy(lot => lot.Number).ToList();
        foreach (var lot in mayPay.Where(lot => lot.PurchasedAt <= start).Concat(mayPay.Where(lot => lot.PurchasedAt > start)))
            Pay(charge, lot);
        return charge;
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

/// <summary>A lot of the model.</summary>
internal sealed record ModelLot(int Number, decimal Amount, DateTimeOffset PurchasedAt, DateTimeOffset ExpiresAt, int Priority)
{
    public decimal Remaining { get; set; }

    /// <summary>How much of it stands booked as forfeited.</summary>
    public decimal Booked { get; set; }
}

/// <summary>A posted charge of the model.</summary>
internal sealed record ModelCharge(int Order, DateTimeOffset Start, decimal Amount)
{
    public List<(ModelLot Lot, decimal Amount)> Draws { get; } = [];

    public decimal Unpaid { get; set; }

    public bool IsReversed { get; set; }
}

/// <summary>A record of the model: a charge of its own, or minutes that wait for a rate.</summary>
internal sealed record ModelRecord(string Id, DateTimeOffset Start, decimal? OwnCharge, int Minutes)
{
    public ModelCharge? Charge { get; set; }

    /// <summary>Whether it says the same to the cent and the second (U3).</summary>
    public bool SaysTheSameAs(ModelRecord other) => Start == other.Start && OwnCharge == other.OwnCharge && Minutes == other.Minutes;
}
