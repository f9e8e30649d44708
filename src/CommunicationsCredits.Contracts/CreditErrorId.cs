namespace CommunicationsCredits;

/// <summary>
/// The stable name of every error the module raises: the part before the comma of <c>FullyQualifiedErrorId</c>. Scripts match
/// on these names, so a name is never changed or reused.
/// </summary>
public enum CreditErrorId : long
{
    /// <summary>No tenant of that id is in the ledger.</summary>
    TenantNotFound,

    /// <summary>A tenant of that id, in whatever case, is in the ledger already.</summary>
    TenantExists,

    /// <summary>The tenant is closed and takes no money and no usage.</summary>
    TenantClosed,

    /// <summary>The tenant has entries of money, so it cannot be removed, nor its currency changed (T1).</summary>
    TenantInUse,

    /// <summary>An amount that cannot be read, is out of range, or has more than six decimals (M1, M3).</summary>
    InvalidAmount,

    /// <summary>An instant or month that is not ISO 8601 (I1).</summary>
    InvalidInstant,

    /// <summary>A currency that is not an ISO 4217 code.</summary>
    InvalidCurrency,

    /// <summary>Money in another currency than the tenant's (U5).</summary>
    CurrencyMismatch,

    /// <summary>Funds dated in the future (F7).</summary>
    FundsInFuture,

    /// <summary>Funds that had expired before they were posted (F7).</summary>
    FundsAlreadyExpired,

    /// <summary>An idempotency key was used again with other parameters (C2).</summary>
    IdempotencyConflict,

    /// <summary>A record of a known id came with other billing content (U3).</summary>
    UsageConflict,

    /// <summary>A usage record that cannot be billed (U5).</summary>
    UsageRejected,

    /// <summary>A file in none of the formats the command reads (U1).</summary>
    UnknownFormat,

    /// <summary>No rate covers the number at that instant.</summary>
    NoRate,

    /// <summary>A rate list that is refused; nothing of it was stored (G2).</summary>
    RateRejected,

    /// <summary>A pool setting that makes no sense.</summary>
    PoolInvalid,

    /// <summary>A rule, or a tenant's setting, that makes no sense.</summary>
    RuleInvalid,

    /// <summary>No payment gateway of that name is registered on this machine.</summary>
    GatewayNotFound,

    /// <summary>A payment gateway's definition that is refused.</summary>
    GatewayInvalid,

    /// <summary>The tenant has no payment method of that name.</summary>
    PaymentMethodNotFound,

    /// <summary>Text that looks like a card number; it is not echoed (R9).</summary>
    CardNumberRefused,

    /// <summary>No recharge attempt of that id.</summary>
    AttemptNotFound,

    /// <summary>No transaction of that id.</summary>
    TransactionNotFound,

    /// <summary>No import of that id.</summary>
    ImportNotFound,

    /// <summary>The entry or import has been reversed before (C1).</summary>
    AlreadyReversed,

    /// <summary>The entry cannot be reversed (C1).</summary>
    ReversalRefused,

    /// <summary>The ledger file, or the folder it should be in, does not exist.</summary>
    LedgerNotFound,

    /// <summary>The file is not a ledger, or cannot be read.</summary>
    LedgerUnreadable,

    /// <summary>The ledger was written by a newer module; it was left untouched.</summary>
    LedgerTooNew,

    /// <summary>Another program kept the ledger locked for too long.</summary>
    LedgerBusy,

    /// <summary>There is no room left on the disk.</summary>
    LedgerFull,

    /// <summary>The ledger's content is damaged.</summary>
    LedgerCorrupt,

    /// <summary>The ledger, or its file, cannot be written.</summary>
    LedgerReadOnly,

    /// <summary>A backup that does not verify.</summary>
    BackupNotValid,

    /// <summary>The target file exists already.</summary>
    FileExists,

    /// <summary>A text given as a telephone number is no number, or its country cannot be known (G1).</summary>
    InvalidNumber,

    /// <summary>An object about one thing went to a command that would have taken it for its whole tenant.</summary>
    ObjectRefused,

    /// <summary>No notice of that id.</summary>
    NotificationNotFound,

    /// <summary>No usage record of that id.</summary>
    RecordNotFound,

    /// <summary>The server of the ledger does not answer, or the line to it was cut.</summary>
    LedgerUnreachable,

    /// <summary>The server of the ledger refuses the sign-in, or the role may not do it.</summary>
    LedgerDenied,

    /// <summary>A ledger that has to be empty is not.</summary>
    LedgerNotEmpty,

    /// <summary>A text that is no connection string of a ledger.</summary>
    ConnectionInvalid,

    /// <summary>A file that is no seal of a ledger, or cannot be read (H1c).</summary>
    SealInvalid,

    /// <summary>The tenant has no user of that name.</summary>
    UserNotFound,

    /// <summary>A budget that makes no sense (B1).</summary>
    BudgetInvalid,

    /// <summary>Settings of the guard that make no sense (D1).</summary>
    GuardInvalid,

    /// <summary>A text that is no country.</summary>
    InvalidCountry,
}
