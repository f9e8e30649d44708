using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>An entry, and all that undoing it touches.</summary>
internal sealed record EntryFacts
{
    public required LedgerEntry Entry { get; init; }

    /// <summary>Whether another entry reverses it.</summary>
    public required bool IsReversed { get; init; }

    /// <summary>What lots paid of it, in order; nothing where it names the one lot that paid all of it.</summary>
    public required IReadOnlyList<DrawRow> Draws { get; init; }

    /// <summary>The record it charges, alone in a batch; or null.</summary>
    public UsageBatch? Record { get; init; }
}

/// <summary>
/// What is known of a tenant when something is decided: settings, heads, live lots, rule; and what operations asked for besides. A
/// <see cref="Draft"/> works on a copy of what it touches, and is accepted or dropped.
/// </summary>
internal sealed class TenantState
{
    public required Tenant Tenant { get; set; }

    public required AccountState Account { get; set; }

    /// <summary>The episode of what was notified since this was loaded; null before anything was (N2).</summary>
    public long? Episode { get; set; }

    /// <summary>The lots that have something left, in draw order (F3).</summary>
    public required List<Lot> Lots { get; set; }

    public RechargeRule? Rule { get; set; }

    /// <summary>The attempt that is not settled, or null (R5).</summary>
    public Attempt? OpenAttempt { get; set; }

    /// <summary>When the last attempt that no cap refused was started, or null.</summary>
    public Instant? LastAttemptAt { get; set; }

    /// <summary>The settings of all pools, each pool's in order of months.</summary>
    public IReadOnlyList<PoolSetting> PoolSettings { get; set; } = [];

    /// <summary>What must not be notified again until it is over (N2).</summary>
    public HashSet<NotifiedMark> Notified { get; set; } = [];

    /// <summary>Imports that no entry records yet.</summary>
    public IReadOnlyList<ImportTally> OpenImports { get; set; } = [];

    /// <summary>The months whose use of included minutes is known, and that use.</summary>
    public (Month First, Month Last)? PoolMonthsLoaded { get; set; }

    public Dictionary<PoolMonthKey, PoolMonth> PoolMonths { get; set; } = [];

    /// <summary>The months whose use is known, and that use.</summary>
    public (Month First, Month Last)? UseLoaded { get; set; }

    /// <summary>What calls came to, by day and country, of the months that are known.</summary>
    public Dictionary<DayUseKey, DayUse> DayUses { get; } = [];

    /// <summary>What calls cost, by month and user, of the months that are known.</summary>
    public Dictionary<UserMonthKey, Amount> UserMonths { get; } = [];

    /// <summary>The budgets; they are known where use is.</summary>
    public Dictionary<BudgetKey, Budget> Budgets { get; } = [];

    /// <summary>What was notified of budgets.</summary>
    public Dictionary<BudgetMonth, BudgetMark> BudgetMarks { get; } = [];

    /// <summary>Whether the budgets were loaded.</summary>
    public bool HasBudgets { get; set; }

    /// <summary>How the guard watches the tenant, where it was asked for.</summary>
    public GuardSetting Guard { get; set; } = GuardSetting.Usual;

    /// <summary>The guard's episodes, in their order; null where nobody asked.</summary>
    public List<Alarm>? Alarms { get; set; }

    /// <summary>What the guard compares days with; null where nobody asked.</summary>
    public UseHistory? GuardHistory { get; set; }

    /// <summary>Who called whom on the days that were asked for.</summary>
    public Dictionary<int, DayDetails> GuardDetails { get; } = [];

    /// <summary>Those of the users that were asked for who have called in the last months.</summary>
    public HashSet<string> SeenUsers { get; } = [];

    /// <summary>The settings of users that were asked for, in order of months, by user in lower case.</summary>
    public Dictionary<string, IReadOnlyList<UserSetting>> Users { get; } = [];

    /// <summary>What calls cost on the last days that have any, where the rule is held and that was asked for (R10).</summary>
    public IReadOnlyList<Amount> UseDays { get; set; } = [];

    /// <summary>The payment methods by name; null where nobody asked.</summary>
    public Dictionary<string, PaymentMethod>? PaymentMethods { get; set; }

    /// <summary>The debts at hand, oldest call first; null where nobody asked.</summary>
    public List<Debt>? Debts { get; set; }

    /// <summary>Whether <see cref="Debts"/> are all there are.</summary>
    public bool HasAllDebts { get; private set; }

    /// <summary>Debts that were taken up or changed since the state was loaded, by entry; paid ones too.</summary>
    public Dictionary<long, Debt> ChangedDebts { get; set; } = [];

    /// <summary>The uses of idempotency keys that were asked for or decided.</summary>
    public Dictionary<(string Operation, string Key), IdempotencyUse> Keys { get; } = [];

    public Dictionary<long, EntryFacts> Entries { get; } = [];

    /// <summary>Lots that nothing is left of, and that were asked for or named by a draw.</summary>
    public Dictionary<long, Lot> SpentLots { get; } = [];

    public Dictionary<long, Attempt> Attempts { get; } = [];

    public Dictionary<long, ImportTally> Imports { get; } = [];

    public Dictionary<long, Notification> Notifications { get; } = [];

    /// <summary>Takes in what a draft set: users, budgets, guard, pools, keys, attempts, imports, notices and payment methods.</summary>
    public void Take(TenantPosting changes)
    {
        foreach (var (user, settings) in changes.Users)
            Users[user] = settings;
        foreach (var (key, budget) in changes.Budgets)
        {
            if (budget is null)
                Budgets.Remove(key);
            else
                Budgets[key] = budget;
        }

        Guard = changes.Guard ?? Guard;
        foreach (var alarm in changes.Alarms.Values)
        {
            Alarms?.RemoveAll(other => other.FirstDay == alarm.FirstDay);
            Alarms?.Add(alarm);
        }

        foreach (var (month, mark) in changes.BudgetMarks)
            BudgetMarks[month] = mark;
        foreach (var (pool, settings) in changes.PoolSettings)
        {
            PoolSettings =
            [
                .. PoolSettings.Where(setting => (setting.Capability, setting.Country) != pool), .. settings,
            ];
        }

        foreach (var (operation, key, use) in changes.Keys)
        {
            Keys[(operation, key)] = use;
            Entries[use.Entry] = new()
            {
                Entry = changes.Entries.First(stored => stored.Entry.Sequence == use.Entry).Entry,
                IsReversed = false,
                Draws = [],
            };
        }

        foreach (var (number, attempt) in changes.Attempts)
        {
            Attempts[number] = attempt;
            if (attempt.State != AutoRechargeAttemptState.Refused && !(attempt.StartedAt <= LastAttemptAt))
                LastAttemptAt = attempt.StartedAt;
        }

        foreach (var (number, import) in changes.Imports)
            Imports[number] = import;
        if (changes.DigestedImports.Count > 0)
            OpenImports = [];
        foreach (var (number, notification) in changes.Notifications)
            Notifications[number] = notification;
        foreach (var (name, method) in changes.PaymentMethods)
        {
            if (method is null)
                PaymentMethods?.Remove(name);
            else
                (PaymentMethods ??= new(StringComparer.OrdinalIgnoreCase))[name] = method;
        }

        foreach (var stored in changes.Entries)
        {
            if (stored.Entry.Reverses is { } reversed && Entries.TryGetValue(reversed, out var facts))
                Entries[reversed] = facts with { IsReversed = true };
        }

        foreach (var draw in changes.Draws)
        {
            if (Entries.TryGetValue(draw.Entry, out var facts))
                Entries[draw.Entry] = facts with { Draws = [.. facts.Draws, draw] };
        }
    }

    /// <summary>Takes in debts that were loaded: what was changed since goes before what is stored.</summary>
    /// <param name="stored">The oldest stored debts, in order.</param>
    /// <param name="isAll">Whether there are no others.</param>
    public void TakeDebts(IReadOnlyList<Debt> stored, bool isAll)
    {
        var debts = new SortedSet<Debt>(DebtOrder.Instance);
        foreach (var debt in stored)
        {
            if (!ChangedDebts.ContainsKey(debt.Entry))
                debts.Add(debt);
        }

        foreach (var debt in ChangedDebts.Values)
        {
            if (debt.Unpaid > Amount.Zero && (isAll || stored.Count == 0 || DebtOrder.Instance.Compare(debt, stored[^1]) <= 0))
                debts.Add(debt);
        }

        Debts = [.. debts];
        HasAllDebts = isAll;
    }
}

/// <summary>The order in which debts are repaid: oldest call first (F4).</summary>
internal sealed class DebtOrder : IComparer<Debt>
{
    public static readonly DebtOrder Instance = new();

    public int Compare(Debt x, Debt y)
    {
        var order = x.EffectiveAt.CompareTo(y.EffectiveAt);
        return order != 0 ? order : x.Entry.CompareTo(y.Entry);
    }
}
