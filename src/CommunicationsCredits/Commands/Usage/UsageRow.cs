namespace CommunicationsCredits.Commands.Usage;

/// <summary>A usage record that came as an object: the texts of those of its properties that the ledger reads.</summary>
/// <param name="Names">The properties' names, shared by rows of one shape.</param>
/// <param name="Values">Their texts, in the same order.</param>
internal readonly record struct UsageRow(string[] Names, string?[] Values);
