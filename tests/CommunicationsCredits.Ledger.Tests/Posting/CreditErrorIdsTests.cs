namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>Which errors end a command and a batch, and which only one item of it.</summary>
public sealed class CreditErrorIdsTests
{
    public static TheoryData<CreditErrorId> All { get; } = new(Enum.GetValues<CreditErrorId>());

    [Theory]
    [MemberData(nameof(All))]
    public void The_errors_that_are_named_for_the_ledger_or_its_connection_end_it_and_no_others(CreditErrorId id) =>
        Assert.Equal(
            id.ToString().StartsWith("Ledger", StringComparison.Ordinal) || id.ToString().StartsWith("Connection", StringComparison.Ordinal), id.EndsTheLedger());
}
