namespace CommunicationsCredits;

/// <summary>What is known of errors by their ids.</summary>
public static class CreditErrorIds
{
    /// <summary>
    /// Whether an error is the ledger's own, not one tenant's or one record's: nothing more can be done with the ledger, so that the
    /// command ends and the rest of a batch is not tried.
    /// </summary>
    /// <param name="id">The error's id.</param>
    public static bool EndsTheLedger(this CreditErrorId id) => id is CreditErrorId.LedgerNotFound or CreditErrorId.LedgerUnreadable
        or CreditErrorId.LedgerTooNew or CreditErrorId.LedgerBusy or CreditErrorId.LedgerFull or CreditErrorId.LedgerCorrupt
        or CreditErrorId.LedgerReadOnly or CreditErrorId.LedgerUnreachable or CreditErrorId.LedgerDenied or CreditErrorId.LedgerNotEmpty
        or CreditErrorId.ConnectionInvalid;
}
