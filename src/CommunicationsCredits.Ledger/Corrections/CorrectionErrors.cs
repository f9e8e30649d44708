namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>The errors of corrections.</summary>
internal static class CorrectionErrors
{
    public static CreditException TransactionNotFound(string id, string reason) => new(
        CreditErrorId.TransactionNotFound, $"'{id}': {reason}. Get-CreditTransaction lists the entries.", id);

    public static CreditException ImportNotFound(string id, string reason) => new(
        CreditErrorId.ImportNotFound, $"'{id}': {reason}. Get-UsageImport lists the imports.", id);

    public static CreditException AlreadyReversed(string id) => new(
        CreditErrorId.AlreadyReversed, $"'{id}' has been reversed before. Nothing was posted.", id);

    public static CreditException ReversalRefused(string id, string reason) => new(
        CreditErrorId.ReversalRefused, $"'{id}' cannot be reversed: {reason}. Add-CreditAdjustment corrects the balance instead.", id);
}
