using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// What an operation reads of one tenant besides the fixed part of its state. The needs of many operations are loaded together, in
/// the same few queries.
/// </summary>
internal sealed record Needs
{
    private Needs()
    {
    }

    /// <summary>The tenant's id, in any case.</summary>
    public required string TenantId { get; init; }

    /// <summary>Uses of idempotency keys: the operation and the key.</summary>
    public IReadOnlyList<(string Operation, string Key)> Keys { get; init; } = [];

    /// <summary>Entries by sequence, each with its draws, the lots of these, its usage record, and what reversed it.</summary>
    public IReadOnlyList<long> Entries { get; init; } = [];

    /// <summary>Whether all lots are wanted, spent ones too.</summary>
    public bool AllLots { get; init; }

    /// <summary>The oldest debts that make up this amount: what new money may repay (F4).</summary>
    public Amount Debts { get; init; }

    /// <summary>Recharge attempts by number.</summary>
    public IReadOnlyList<long> Attempts { get; init; } = [];

    /// <summary>Attempts started from this instant on, which caps count (R4); or null.</summary>
    public Instant? AttemptsSince { get; init; }

    /// <summary>Imports by number.</summary>
    public IReadOnlyList<long> Imports { get; init; } = [];

    /// <summary>Notifications by number.</summary>
    public IReadOnlyList<long> Notifications { get; init; } = [];

    /// <summary>Whether the payment methods are wanted.</summary>
    public bool PaymentMethods { get; init; }

    /// <summary>Where the rule is held: what calls cost on the last days before this instant that have any (R10); or null.</summary>
    public Instant? UseWhereHeld { get; init; }

    /// <summary>The months whose use of included minutes is wanted, the first and the last; or null.</summary>
    public (Month First, Month Last)? PoolMonths { get; init; }

    /// <summary>The months whose calls change, so that their sums are wanted, the first and the last; or null.</summary>
    public (Month First, Month Last)? Use { get; init; }

    /// <summary>Whether the budgets are wanted; they are known where use is, too.</summary>
    public bool Budgets { get; init; }

    /// <summary>Whether the guard's settings and episodes are wanted.</summary>
    public bool Alarms { get; init; }

    /// <summary>The days, since the year 1, that the guard looks at, the first and the last, with what they are compared with; or null.</summary>
    public (int First, int Last)? GuardDays { get; init; }

    /// <summary>The days of which it is wanted who called whom.</summary>
    public IReadOnlyList<int> Details { get; init; } = [];

    /// <summary>Users in lower case, whose settings are wanted.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>The tenant's fixed state and nothing else.</summary>
    public static Needs Of(string tenantId) => new() { TenantId = tenantId };

    /// <summary>All that both need of the same tenant.</summary>
    public Needs With(Needs other) => this with
    {
        Keys = Both(Keys, other.Keys),
        Entries = Both(Entries, other.Entries),
        AllLots = AllLots || other.AllLots,
        Debts = Debts + other.Debts,
        Attempts = Both(Attempts, other.Attempts),
        AttemptsSince = AttemptsSince is { } since && (other.AttemptsSince is not { } otherSince || since < otherSince)
            ? since
            : other.AttemptsSince,
        Imports = Both(Imports, other.Imports),
        Notifications = Both(Notifications, other.Notifications),
        UseWhereHeld = UseWhereHeld ?? other.UseWhereHeld,
        PaymentMethods = PaymentMethods || other.PaymentMethods,
        PoolMonths = Both(PoolMonths, other.PoolMonths),
        Use = Both(Use, other.Use),
        Budgets = Budgets || other.Budgets,
        Alarms = Alarms || other.Alarms,
        GuardDays = GuardDays ?? other.GuardDays,
        Details = Both(Details, other.Details),
        Users = Both(Users, other.Users),
    };

    private static (Month First, Month Last)? Both((Month First, Month Last)? left, (Month First, Month Last)? right) => (left, right) switch
    {
        ({ } mine, { } others) =>
            (mine.First < others.First ? mine.First : others.First, mine.Last > others.Last ? mine.Last : others.Last),
        ({ } mine, null) => mine,
        (null, var others) => others,
    };

    private static IReadOnlyList<T> Both<T>(IReadOnlyList<T> left, IReadOnlyList<T> right) =>
        right.Count == 0 ? left : left.Count == 0 ? right : [.. left, .. right];
}
