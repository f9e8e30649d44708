using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger;

/// <summary>
/// Something that changes one tenant's part of the ledger. It says what it needs to know, and decides from that alone: no clock, no
/// store, no other I/O. <see cref="LedgerSession"/> loads, lets it decide, and writes what was decided.
/// </summary>
/// <typeparam name="T">What it answers with.</typeparam>
public abstract class LedgerOperation<T>
{
    /// <summary>Whether it adds the tenant, so that there is no state to load.</summary>
    internal virtual bool AddsTenant => false;

    /// <summary>The ids and names for which it will ask who else is called so (T1).</summary>
    internal virtual IEnumerable<string> Names => [];

    /// <summary>Whether the ledger's own chain gets an entry too, so that it is decided under the ledger's lock (H1b).</summary>
    internal virtual bool ChangesLedger => false;

    /// <summary>Whether it is decided under the tenant's lock at once: what it changes does not show in the heads of the chain.</summary>
    internal virtual bool DecidesUnderLock => ChangesLedger;

    /// <summary>What it needs to know first.</summary>
    internal abstract Needs Needs { get; }

    /// <summary>What it needs besides, now that it knows the rest; or null.</summary>
    /// <param name="state">The rest.</param>
    /// <param name="now">The clock's reading; it is decided a moment later.</param>
    internal virtual Needs? More(TenantState state, Instant now) => null;

    /// <summary>Decides: changes the draft and answers, or refuses by a <see cref="CreditException"/>.</summary>
    internal abstract T Decide(Draft draft);

    /// <summary>Whether the balance was lowered, so that the tenant's recharge rule is evaluated afterwards (R8).</summary>
    internal virtual bool LowersBalance => false;

    /// <summary>Why the tenant's recharge rule is evaluated afterwards, in the same posting; or null.</summary>
    internal virtual RechargeTrigger? Evaluates => LowersBalance ? RechargeTrigger.Posting : null;

    /// <summary>Seals what the ledger must not give away, before anything is decided.</summary>
    internal virtual void Seal(Func<string, byte[]> seal)
    {
    }

    /// <summary>The error where its tenant is not in the ledger.</summary>
    internal virtual CreditException NotFound(string tenantId) => LedgerErrors.TenantNotFound(tenantId);
}

/// <summary>
/// Something that changes many records of one tenant, a page of them at a time. It is kept whole or not at all, unless it says that
/// each part is committed by itself.
/// </summary>
/// <typeparam name="T">What it answers with.</typeparam>
public abstract class PartedOperation<T>
{
    /// <summary>What it needs to know first.</summary>
    internal abstract Needs Needs { get; }

    /// <summary>Whether each part is committed by itself, so that it can be stopped in between.</summary>
    internal virtual bool CommitsParts => false;

    /// <summary>Whether the tenant's recharge rule is to be evaluated afterwards, because the balance was lowered (R8).</summary>
    internal virtual bool LowersBalance => false;

    /// <summary>The records it wants next, now that it has decided on those before; null where it wants no more.</summary>
    internal abstract RecordPage? NextPage { get; }

    /// <summary>Reads what belongs to the records of a page.</summary>
    internal virtual void Load(ILedgerFacts from, long tenant, UsageBatch page)
    {
    }

    /// <summary>What it needs for a page besides.</summary>
    internal virtual Needs? More(TenantState state, UsageBatch page) => null;

    /// <summary>The error where its tenant is not in the ledger.</summary>
    internal virtual CreditException NotFound(string tenantId) => LedgerErrors.TenantNotFound(tenantId);

    /// <summary>Decides whether it can be done at all.</summary>
    internal abstract void Begin(TenantState state);

    /// <summary>Notes that what it has decided so far is committed.</summary>
    internal virtual void Keep()
    {
    }

    /// <summary>Goes on after the part that was committed last, where the store was interrupted after it.</summary>
    internal virtual void GoOn(TenantState state) => Begin(state);

    /// <summary>Decides on a page of records.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="page">The records.</param>
    /// <param name="draws">What lots paid of their entries.</param>
    internal abstract void Decide(Draft draft, UsageBatch page, ILookup<long, DrawRow> draws);

    /// <summary>Reads what its end is decided by, now that its parts are written.</summary>
    internal virtual void LoadEnd(ILedgerFacts from, TenantState state, Instant now)
    {
    }

    /// <summary>Ends it: the last part, and the answer.</summary>
    internal abstract T End(Draft draft);
}

/// <summary>Which records of a tenant come next.</summary>
internal sealed record RecordPage
{
    /// <summary>The import that brought them, or null.</summary>
    public long? Import { get; init; }

    /// <summary>The record after which they come; before which, where they come in descending order.</summary>
    public required long After { get; init; }

    /// <summary>Whether they come from the last to the first.</summary>
    public bool Descending { get; init; }

    /// <summary>The last record that may come.</summary>
    public long Last { get; init; } = long.MaxValue;

    /// <summary>
    /// Whether the records that stand for the import's calls now are wanted too: those that pricing again, or its undo, posted anew.
    /// </summary>
    public bool WithReposted { get; init; }

    /// <summary>Whether only those are wanted that wait for a rate.</summary>
    public bool Unrated { get; init; }

    /// <summary>
    /// Besides the unrated, the calls in that are free though no toll-free sheet may have covered them, from this start on (G7); or null.
    /// </summary>
    public Instant? FreeInboundFrom { get; init; }

    /// <summary>Whether only those are wanted that a rate sheet charged, that stand, and that start in this period; or null.</summary>
    public (Instant? From, Instant? To)? BySheet { get; init; }

    /// <summary>The start before which they are, and whose personal data is not blanked yet; or null.</summary>
    public Instant? NotBlankedBefore { get; init; }

    /// <summary>Whether what lots paid of their entries is wanted.</summary>
    public bool WithDraws { get; init; }
}
