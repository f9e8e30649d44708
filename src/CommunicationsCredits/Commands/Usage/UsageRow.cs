using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>A usage record that came as an object: the texts of those of its properties that the ledger reads.</summary>
/// <param name="Names">What the object calls each field; null where it has none. Shared by rows of one shape.</param>
/// <param name="Values">The fields' texts, in the same order.</param>
/// <param name="Unknown">The properties that belong to no field, where they were not known from rows before.</param>
/// <param name="Twice">A field of billing that two properties say with two values, or null.</param>
internal readonly record struct UsageRow(
    string?[] Names, string?[] Values, IReadOnlyList<string>? Unknown = null, UsageField? Twice = null);
