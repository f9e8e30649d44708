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

/// <summary>
/// What was decided for one tenant and is to be written, all of it or nothing: new entries with their hashes, and the rows that they
/// made or changed. A store writes postings, and knows no rule.
/// </summary>
internal sealed class TenantPosting
{
    /// <summary>The tenant as it is to be; its number is set when a new one is written.</summary>
    public required Tenant Tenant { get; set; }

    /// <summary>The heads that the decision was made upon; null for a new tenant.</summary>
    public required AccountState? Before { get; init; }

    /// <summary>The heads afterwards.</summary>
    public required AccountState After { get; set; }

    /// <summary>Whether the tenant's settings changed.</summary>
    public bool IsTenantChanged { get; set; }

    /// <summary>The entries that are no call's own row.</summary>
    public List<StoredEntry> Entries { get; } = [];

    /// <summary>The calls to be kept, with their numbers and entries in them; or null.</summary>
    public UsageBatch? Calls { get; set; }

    /// <summary>The identities that stand for another record from now on (U3): its correction.</summary>
    public List<(UInt128 Key, long Record)> MovedKeys { get; } = [];

    /// <summary>What rating made of records that were unrated (G7).</summary>
    public List<RatedRecord> Rated { get; } = [];

    /// <summary>The records that were reversed, by the entry, or where they had none by the import, that did it.</summary>
    public List<(long Record, long? Entry, long? Import)> Reversed { get; } = [];

    /// <summary>The records whose personal data is blanked, with the digest that stays (C4).</summary>
    public List<(long Record, byte[] Digest)> Blanked { get; } = [];

    /// <summary>Lots that are new or have changed, by number.</summary>
    public Dictionary<long, Lot> Lots { get; } = [];

    public List<DrawRow> Draws { get; } = [];

    /// <summary>Debts as they are afterwards, by entry; one with nothing unpaid is deleted.</summary>
    public Dictionary<long, Debt> Debts { get; } = [];

    /// <summary>What is used of pools, of those that changed.</summary>
    public Dictionary<PoolMonthKey, PoolMonth> PoolMonths { get; } = [];

    /// <summary>The settings of the pools that changed: all of each, in order of months.</summary>
    public Dictionary<(string Capability, string Country), IReadOnlyList<PoolSetting>> PoolSettings { get; } = [];

    /// <summary>The month before which users' shares of pools are added up, so that no name is kept (C4); or null.</summary>
    public Month? ForgetUsersBefore { get; set; }

    /// <summary>What calls came to, by day and country, where that changed.</summary>
    public Dictionary<DayUseKey, DayUse> DayUses { get; } = [];

    /// <summary>What calls cost, by month and user, where that changed.</summary>
    public Dictionary<UserMonthKey, Amount> UserMonths { get; } = [];

    /// <summary>The budgets that changed; null where one was removed.</summary>
    public Dictionary<BudgetKey, Budget?> Budgets { get; } = [];

    /// <summary>What was notified of budgets; nothing (0) where it is to be forgotten.</summary>
    public Dictionary<BudgetMonth, BudgetMark> BudgetMarks { get; } = [];

    /// <summary>How the guard watches the tenant, where that changed.</summary>
    public GuardSetting? Guard { get; set; }

    /// <summary>The guard's episodes that are new or have changed, by their first day.</summary>
    public Dictionary<int, Alarm> Alarms { get; } = [];

    /// <summary>The settings of the users that changed: all of each, in order of months, by user in lower case.</summary>
    public Dictionary<string, IReadOnlyList<UserSetting>> Users { get; } = [];

    /// <summary>The recharge rule where it changed.</summary>
    public RechargeRule? Rule { get; set; }

    /// <summary>Whether what was set of the rule changed, and not only what it has come to.</summary>
    public bool IsRuleSet { get; set; }

    /// <summary>The payment methods that changed, by name; null where one was removed.</summary>
    public Dictionary<string, PaymentMethod?> PaymentMethods { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<long, Attempt> Attempts { get; } = [];

    public Dictionary<long, ImportTally> Imports { get; } = [];

    /// <summary>The sample of an import that has ended: the import, and its identities.</summary>
    public (long Import, IReadOnlyList<UInt128> Keys)? Sample { get; set; }

    /// <summary>Imports that were killed, and the entry that records their records (H1a).</summary>
    public List<(long Import, long Entry)> DigestedImports { get; } = [];

    public List<(string Operation, string Key, IdempotencyUse Use)> Keys { get; } = [];

    public HashSet<long> SheetsUsed { get; } = [];

    /// <summary>Notifications that are new, or were tried.</summary>
    public Dictionary<long, Notification> Notifications { get; } = [];

    /// <summary>The notifications of a user's pool share whose words change (C4).</summary>
    public List<NotificationRewording> Reworded { get; } = [];

    /// <summary>What is notified now and must not be again (true), or may be again (false).</summary>
    public Dictionary<NotifiedMark, bool> Notified { get; } = [];

    /// <summary>What is to be done after the commit.</summary>
    public Effects Effects { get; set; }

    /// <summary>The version of the rates that calls were priced by; null where none was.</summary>
    public long? RateVersion { get; set; }

    /// <summary>Adds what a later decision on the same tenant changes.</summary>
    public void Add(TenantPosting later)
    {
        Tenant = later.Tenant;
        After = later.After;
        IsTenantChanged |= later.IsTenantChanged;
        Entries.AddRange(later.Entries);
        Calls ??= later.Calls;
        MovedKeys.AddRange(later.MovedKeys);
        Rated.AddRange(later.Rated);
        Reversed.AddRange(later.Reversed);
        Blanked.AddRange(later.Blanked);
        Put(Lots, later.Lots);
        Draws.AddRange(later.Draws);
        Put(Debts, later.Debts);
        Put(PoolMonths, later.PoolMonths);
        Put(PoolSettings, later.PoolSettings);
        Put(DayUses, later.DayUses);
        Put(UserMonths, later.UserMonths);
        Put(Users, later.Users);
        Put(Budgets, later.Budgets);
        Guard = later.Guard ?? Guard;
        Put(Alarms, later.Alarms);
        Put(BudgetMarks, later.BudgetMarks);
        ForgetUsersBefore = later.ForgetUsersBefore ?? ForgetUsersBefore;
        Rule = later.Rule ?? Rule;
        IsRuleSet |= later.IsRuleSet;
        Put(PaymentMethods, later.PaymentMethods);
        Put(Attempts, later.Attempts);
        Put(Imports, later.Imports);
        Sample = later.Sample ?? Sample;
        DigestedImports.AddRange(later.DigestedImports);
        Keys.AddRange(later.Keys);
        SheetsUsed.UnionWith(later.SheetsUsed);
        Put(Notifications, later.Notifications);
        Reworded.AddRange(later.Reworded);
        Put(Notified, later.Notified);
        Effects |= later.Effects;
        RateVersion = later.RateVersion ?? RateVersion;
    }

    private static void Put<TKey, TValue>(Dictionary<TKey, TValue> all, Dictionary<TKey, TValue> later)
        where TKey : notnull
    {
        foreach (var (key, value) in later)
            all[key] = value;
    }
}

/// <summary>What is done after a posting's commit, by a service and never by the store.</summary>
[Flags]
internal enum Effects
{
    None = 0,

    /// <summary>A gateway is to be asked for the open attempt (R5).</summary>
    AskGateway = 1,

    /// <summary>Nothing of what was deleted may be left in the store's files (C4).</summary>
    LeaveNoTrace = 2,
}

/// <summary>What rating made of a record that was unrated (G7).</summary>
/// <param name="Record">The record's number.</param>
/// <param name="Import">The number of the rating.</param>
/// <param name="Entry">The sequence of the entry that charges it, or null.</param>
/// <param name="Call">The record with its new charge; its text is not used.</param>
/// <param name="Prefix">The prefix it was rated by, or null.</param>
internal sealed record RatedRecord(long Record, long Import, long? Entry, UsageCall Call, string? Prefix);
