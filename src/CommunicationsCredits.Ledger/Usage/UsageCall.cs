using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>A piece of a batch's text, in UTF-8.</summary>
/// <param name="Start">Where it starts in <see cref="UsageBatch.Text"/>.</param>
/// <param name="Length">Its length in bytes; 0 where the field is empty or absent.</param>
internal readonly record struct TextSlice(int Start, int Length)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => Length == 0;
}

/// <summary>What a record says of its own charge.</summary>
internal enum RecordedChargeState : byte
{
    /// <summary>Empty or null: no charge (G6).</summary>
    Absent,

    /// <summary>It is in <see cref="UsageCall.RecordedCharge"/>.</summary>
    Known,

    /// <summary>The text there cannot be used; a call that needs it is refused (U5).</summary>
    Unusable,
}

/// <summary>Why a call waits for a rate, and so what would help it (G7).</summary>
internal enum UnratedReason : byte
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>No sheet has its number.</summary>
    RateMissing,

    /// <summary>A sheet has its number, but from a later instant on: <see cref="UsageCall.RateFrom"/>.</summary>
    RateLater,

    /// <summary>Its call type is not known, which no rate helps.</summary>
    TypeUnknown,

    /// <summary>Only own charges were asked for, and it has none (G6).</summary>
    OwnChargeMissing,
}

/// <summary>
/// One call on its way from a source to the ledger. A mutable struct in a batch's array, with slices of the batch's text in the
/// place of strings: a million of them allocate nothing.
/// </summary>
internal struct UsageCall
{
    /// <summary>The line it starts on (of objects, the object's number), from 1 on.</summary>
    public long Line;

    /// <summary>The record as it stood in the source, for the quarantine file.</summary>
    public TextSlice Raw;

    /// <summary>Why it is refused, or null.</summary>
    public string? Refusal;

    /// <summary>The field at fault, by its source name; null where it is the record as a whole.</summary>
    public string? RefusedField;

    /// <summary>The error's id, where it is refused.</summary>
    public CreditErrorId RefusalId;

    /// <summary>The identity (U2): the GUID's bytes, else a digest of the id's text.</summary>
    public UInt128 Key;

    /// <summary>The id's text where it is no GUID.</summary>
    public TextSlice RecordId;

    public Instant StartedAt;

    /// <summary>The connected seconds.</summary>
    public int Duration;

    public CallType Type;
    public TextSlice CallType;
    public TextSlice Caller;
    public TextSlice Callee;
    public TextSlice User;
    public TextSlice Capability;
    public TextSlice Destination;

    /// <summary>
    /// The country whose plan the user has, ISO 3166-1 alpha-2: that of the record, else the tenant's, where a pool needs one.
    /// </summary>
    public TextSlice UsageCountry;

    /// <summary>The other party's country, ISO 3166-1 alpha-2: of the callee of a call out, of the caller of a call in.</summary>
    public TextSlice OtherCountry;

    /// <summary>The telephone operator that carried the call, as exported.</summary>
    public TextSlice Operator;

    /// <summary>The user's administrative units: their names, or ids without a name, separated by <c>; </c>.</summary>
    public TextSlice AdministrativeUnits;

    /// <summary>The type of the user's number, as exported: subscriber, service, toll-free.</summary>
    public TextSlice NumberType;
    public TextSlice Currency;

    /// <summary>The record's own destination context: true domestic, false international, null where it has none.</summary>
    public bool? IsDomestic;

    public RecordedChargeState RecordedChargeState;

    /// <summary>Charge and connection charge together, where <see cref="RecordedChargeState"/> is known.</summary>
    public Amount RecordedCharge;

    /// <summary>Why the own charge cannot be used.</summary>
    public string? OwnChargeProblem;

    /// <summary>The service (U4), or null where it belongs to none.</summary>
    public UsageService? Service;

    public PaidFrom PaidFrom;

    /// <summary>Whether included minutes may cover it, or count it though it is from before the account is kept here.</summary>
    public bool IsPoolable;

    /// <summary>The rate that covers the rated number, or null.</summary>
    public RatedPrefix? Rate;

    /// <summary>Why it waits for a rate.</summary>
    public UnratedReason UnratedBecause;

    /// <summary>From when a sheet has its number, where that is later than its start.</summary>
    public Instant RateFrom;

    /// <summary>Whether the charge is the rate sheet's (G6).</summary>
    public bool IsRatedBySheet;

    public int BilledSeconds;

    /// <summary>Whether a rate covers it, so that <see cref="RatedCharge"/> says something.</summary>
    public bool HasRatedCharge;

    /// <summary>What the rate makes of the whole call.</summary>
    public Amount RatedCharge;

    /// <summary>The number of the rate's sheet, or null.</summary>
    public long? Sheet;

    // What posting makes of it.
    public UsageStatus Status;

    /// <summary>Whether it was reversed since.</summary>
    public bool IsReversed;

    /// <summary>The status as the border shows it.</summary>
    public readonly UsageStatus CurrentStatus => IsReversed ? UsageStatus.Reversed : Status;
    public int PooledSeconds;

    /// <summary>What it left of a pool, less than an increment, which is void with it (A2).</summary>
    public int UnusableSeconds;
    public Amount Charge;

    /// <summary>The record's number within its tenant; 0 before it is posted.</summary>
    public long Record;

    /// <summary>The number of the import that brought it.</summary>
    public long Import;

    /// <summary>The sequence of the entry that charges it; 0 where it has none.</summary>
    public long Sequence;

    /// <summary>The tenant's balance after that entry.</summary>
    public Amount BalanceAfter;

    /// <summary>When that entry was posted.</summary>
    public Instant PostedAt;

    /// <summary>What the clock read then (F8).</summary>
    public Instant RecordedAt;

    /// <summary>Who posted it; null where it is read without that.</summary>
    public string? Actor;

    /// <summary>The one lot that paid all of it, or null.</summary>
    public long? Lot;

    /// <summary>The formula of the entry's hash, and of the record's digest.</summary>
    public int Formula;

    /// <summary>The hash of the entry, 32 bytes in the batch's text.</summary>
    public TextSlice Hash;

    /// <summary>The prefix it was rated by, of a record that was read.</summary>
    public TextSlice Prefix;

    /// <summary>What personal data is digested with, so that blanking it leaves the chain verifiable (C4).</summary>
    public UInt128 Salt;

    /// <summary>Of a record whose personal data was blanked, the salted digest of it, 32 bytes in the batch's text.</summary>
    public TextSlice Personal;

    /// <summary>The digest of what the record says, 32 bytes in the batch's text.</summary>
    public TextSlice Content;

    /// <summary>Refuses the call.</summary>
    public void Refuse(CreditErrorId id, string? field, string reason)
    {
        RefusalId = id;
        RefusedField = field;
        Refusal = reason;
    }
}
