using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The lots and debts of a tenant while money moves: what the state knows, changed in copies that the draft's posting gets.
/// </summary>
/// <param name="draft">The draft.</param>
internal sealed class LotBook(Draft draft)
{
    private readonly HashSet<Lot> _own = [];
    private List<Lot>? _lots;
    private List<Debt>? _debts;

    /// <summary>The lots that have something left, or had when the draft began, in draw order.</summary>
    public IReadOnlyList<Lot> All => _lots ?? draft.State.Lots;

    /// <summary>The lot of a number as it is now, to be changed.</summary>
    /// <remarks>Spent ones have to be among the needs.</remarks>
    public Lot Find(long number)
    {
        foreach (var lot in All)
        {
            if (lot.Number == number)
                return Own(lot);
        }

        return draft.Changes.Lots.TryGetValue(number, out var changed) ? Take(changed) : Take(draft.State.SpentLots[number].Copy());
    }

    /// <summary>The lot of a number as it is now, to be looked at.</summary>
    /// <remarks>Spent ones have to be among the needs.</remarks>
    public Lot Peek(long number) => All.FirstOrDefault(lot => lot.Number == number)
        ?? draft.Changes.Lots.GetValueOrDefault(number) ?? draft.State.SpentLots[number];

    /// <summary>The draft's own copy of a lot that is in the list.</summary>
    public Lot Own(Lot lot)
    {
        if (!_own.Contains(lot))
        {
            var lots = OwnLots();
            var place = lots.BinarySearch(lot, DrawDown.DrawOrder);
            lot = lot.Copy();
            lots[place] = lot;
            _own.Add(lot);
        }

        draft.Changes.Lots[lot.Number] = lot;
        return lot;
    }

    /// <summary>Takes a lot of the draft's own into the list: a new one, or one that was spent.</summary>
    public Lot Take(Lot lot)
    {
        _own.Add(lot);
        draft.Changes.Lots[lot.Number] = lot;
        var lots = OwnLots();
        var place = lots.BinarySearch(lot, DrawDown.DrawOrder);
        if (place < 0)
            lots.Insert(~place, lot);
        return lot;
    }

    /// <summary>Notes what is unpaid of an entry; nothing where it is settled (F4).</summary>
    public void Owe(Debt debt)
    {
        draft.Changes.Debts[debt.Entry] = debt;
        if (draft.State.Debts is null)
            return;
        _debts ??= [.. draft.State.Debts];
        _debts.RemoveAll(other => other.Entry == debt.Entry);
        if (debt.Unpaid == Amount.Zero)
            return;
        var place = _debts.BinarySearch(debt, DebtOrder.Instance);
        _debts.Insert(place < 0 ? ~place : place, debt);
    }

    /// <summary>Lets a lot pay the open calls that it may pay, the oldest first (F4); the last entry is what made it so.</summary>
    public void Repay(Lot lot)
    {
        var account = draft.Account;
        if (lot.Remaining == Amount.Zero || account.Debt == Amount.Zero)
            return;
        var debts = _debts ??= [.. draft.State.Debts ?? throw new InvalidOperationException("The debts were not asked for.")];
        var paid = 0;
        for (; paid < debts.Count && lot.Remaining > Amount.Zero; paid++)
        {
            var debt = debts[paid];
            if (debt.EffectiveAt >= lot.ExpiresAt)
                break;
            var draw = DrawDown.Part(lot, Amount.Min(lot.Remaining, debt.Unpaid));
            DrawDown.Take(draw);
            draft.Changes.Draws.Add(new(debt.Entry, debt.Parts, lot.Number, draw.Amount, account.Sequence));
            account.Debt -= draw.Amount;
            debt = debt with { Unpaid = debt.Unpaid - draw.Amount, Parts = debt.Parts + 1 };
            draft.Changes.Debts[debt.Entry] = debt;
            if (debt.Unpaid > Amount.Zero)
            {
                debts[paid] = debt;
                break;
            }
        }

        debts.RemoveRange(0, paid);
        if (debts.Count == 0 && !draft.State.HasAllDebts && lot.Remaining > Amount.Zero && account.Debt > Amount.Zero)
            throw new InvalidOperationException("More debts are repaid than were asked for.");
    }

    /// <summary>Lets the state know what the draft made of them.</summary>
    public void Accept()
    {
        if (_lots is not null)
        {
            _lots.RemoveAll(lot => lot.Remaining == Amount.Zero);
            draft.State.Lots = _lots;
        }

        if (_debts is not null)
            draft.State.Debts = _debts;
        foreach (var debt in draft.Changes.Debts.Values)
            draft.State.ChangedDebts[debt.Entry] = debt;
        foreach (var lot in draft.Changes.Lots.Values.Where(lot => lot.Remaining == Amount.Zero))
            draft.State.SpentLots[lot.Number] = lot;
    }

    private List<Lot> OwnLots() => _lots ??= [.. draft.State.Lots];
}
