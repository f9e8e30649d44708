namespace CommunicationsCredits.Ledger;

/// <summary>What came of one of several operations: a result or an error, and what its posting brought with it.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="Result">The result, where there is no error.</param>
/// <param name="Error">Why nothing was posted, or null.</param>
/// <param name="Foresight">The recharges and notifications of its tenant that came with it, or would; null where there is no tenant.</param>
public readonly record struct LedgerOutcome<T>(T? Result, CreditException? Error, LedgerForesight? Foresight = null);
