using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The sums that budgets and guard are decided by, while calls are posted: what the state knows, changed in copies that the draft's
/// posting gets.
/// </summary>
/// <param name="draft">The draft; its state has to know the months of the calls.</param>
internal sealed class UseBook(Draft draft)
{
    /// <summary>Users whose names are looked up without making a text of them; others meet in one place and take turns.</summary>
    private const int KnownUsers = 1024;

    private readonly (byte[] Name, string Key)[] _users = new (byte[], string)[KnownUsers];

    /// <summary>The months whose use the draft has changed.</summary>
    public HashSet<Month> ChangedMonths { get; } = [];

    /// <summary>Adds a call that was charged, or paid from included minutes.</summary>
    public void Add(UsageBatch batch, in UsageCall call)
    {
        if (UseOfCall.Counts(call))
            Change(batch, call, isAdded: true);
    }

    /// <summary>Takes away a call that is reversed (C1), or that will be known by less than before (C4).</summary>
    public void Remove(UsageBatch batch, in UsageCall call)
    {
        if (UseOfCall.Counts(call))
            Change(batch, call, isAdded: false);
    }

    /// <summary>What calls came to, by day and country, of the months that are known.</summary>
    public IEnumerable<(DayUseKey Key, DayUse Use)> Days => draft.State.DayUses.Where(pair => !draft.Changes.DayUses.ContainsKey(pair.Key))
        .Concat(draft.Changes.DayUses).Select(pair => (pair.Key, pair.Value));

    /// <summary>What calls of a month came to, by user.</summary>
    public IEnumerable<(string User, Amount Charge)> OfMonth(Month month)
    {
        Require(month);
        foreach (var (key, charge) in draft.State.UserMonths)
        {
            if (key.Month == month && !draft.Changes.UserMonths.ContainsKey(key))
                yield return (key.User, charge);
        }

        foreach (var (key, charge) in draft.Changes.UserMonths)
        {
            if (key.Month == month)
                yield return (key.User, charge);
        }
    }

    /// <summary>Lets the state know what the draft, which is accepted, made of the sums.</summary>
    public void Accept()
    {
        foreach (var (key, use) in draft.Changes.DayUses)
            draft.State.DayUses[key] = use;
        foreach (var (key, charge) in draft.Changes.UserMonths)
            draft.State.UserMonths[key] = charge;
    }

    [MethodImpl(HotPath.Compiled)]
    private void Change(UsageBatch batch, in UsageCall call, bool isAdded)
    {
        var month = Month.Of(call.StartedAt);
        Require(month);
        var key = UseOfCall.KeyOf(batch, call);
        var use = UseOfCall.Of(batch, call, key.Country);
        var before = draft.Changes.DayUses.TryGetValue(key, out var changed) ? changed : draft.State.DayUses.GetValueOrDefault(key);
        draft.Changes.DayUses[key] = isAdded ? before + use : before - use;
        ChangedMonths.Add(month);
        if (call.Charge == Amount.Zero)
            return;
        var user = new UserMonthKey(month, UserOf(batch.Bytes(call.User)));
        var charge = draft.Changes.UserMonths.TryGetValue(user, out var own) ? own : draft.State.UserMonths.GetValueOrDefault(user);
        draft.Changes.UserMonths[user] = isAdded ? charge + call.Charge : charge - call.Charge;
    }

    private void Require(Month month)
    {
        if (draft.State.UseLoaded is not var (first, last) || month < first || month > last)
            throw new InvalidOperationException($"The use of {month} was not asked for.");
    }

    private string UserOf(ReadOnlySpan<byte> name)
    {
        var hash = 17u;
        foreach (var letter in name)
            hash = (hash * 31) + letter;
        ref var known = ref _users[hash % KnownUsers];
        if (known.Name is null || !name.SequenceEqual(known.Name))
            known = (name.ToArray(), UseOfCall.UserOf(name));
        return known.Key;
    }
}
