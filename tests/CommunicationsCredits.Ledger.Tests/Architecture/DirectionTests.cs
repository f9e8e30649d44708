namespace CommunicationsCredits.Ledger.Tests.Architecture;

/// <summary>
/// The folders know one another in one direction only: <c>Money, Time ← concepts ← Posting ← Operations, Usage.Import ← LedgerSession</c>.
/// Storage implements what Posting asks of it; Reports and Audit read from it, and nobody else knows it.
/// </summary>
public sealed class DirectionTests
{
    /// <summary>What is not so yet. A line is deleted when its pair is gone, and none is added.</summary>
    private static readonly string[] NotYet =
    [
        "Funds -> Posting",
        "Funds -> Storage",
        "Pools -> Posting",
        "Pools -> Storage",
        "Recharge.Operations -> LedgerSession",
        "Tenants -> LedgerSession",
        "Tenants -> Storage",
        "Usage -> Posting",
        "Usage -> Storage",
        "Usage.Import -> LedgerSession",
        "Usage.Import -> Storage",
    ];

    [Fact]
    public void Folders_know_only_what_lies_below_them()
    {
        var wrong = FolderReferences.Of(typeof(LedgerSession).Assembly.Location).Where(pair => !MayKnow(pair.Key.From, pair.Key.To))
            .GroupBy(pair => $"{pair.Key.From} -> {pair.Key.To}", pair => pair.Value)
            .ToDictionary(pair => pair.Key, pair => pair.First());

        var added = wrong.Where(pair => !NotYet.Contains(pair.Key)).Select(pair => $"{pair.Key}: {pair.Value}").ToList();
        Assert.True(added.Count == 0, "These folders may not know each other:\n" + string.Join('\n', added.Order(StringComparer.Ordinal)));
        var gone = NotYet.Except(wrong.Keys).ToList();
        Assert.True(gone.Count == 0, "These pairs are gone; delete their lines:\n" + string.Join('\n', gone));
    }

    [Theory]
    [InlineData("Money", "Time", false)]
    [InlineData("Funds", "Money", true)]
    [InlineData("Funds", "Pools", true)]
    [InlineData("Funds", "Posting", false)]
    [InlineData("Funds", "Funds.Operations", false)]
    [InlineData("Funds.Operations", "Funds", true)]
    [InlineData("Funds.Operations", "Posting", true)]
    [InlineData("Usage.Import", "Storage.Sqlite", false)]
    [InlineData("Posting", "Storage", false)]
    [InlineData("Storage.Sqlite", "Posting", true)]
    [InlineData("Reports.Page", "Storage.Queries", true)]
    [InlineData("Rates", "Reports", false)]
    [InlineData("Audit", "LedgerSession", false)]
    [InlineData("LedgerSession", "Storage", true)]
    public void The_direction_is_this(string from, string to, bool allowed) => Assert.Equal(allowed, MayKnow(from, to));

    private static bool MayKnow(string from, string to) => (HeightOf(from), HeightOf(to)) switch
    {
        (Height.Value, Height.Value) => IsCommon(from) || IsCommon(to),
        (Height.Operation, Height.Storage) => to == "Storage.Queries" || from.StartsWith("Reports", StringComparison.Ordinal) || from == "Audit",
        var (above, below) => above >= below,
    };

    private static Height HeightOf(string folder) => folder switch
    {
        "Money" or "Time" => Height.Value,
        "LedgerSession" or "LedgerOptions" or "LedgerOutcome" => Height.Session,
        "Posting" or "LedgerOperation" or "LedgerWideOperation" or "PartedOperation" => Height.Posting,
        "Usage.Import" or "Corrections" or "Audit" => Height.Operation,
        _ when IsCommon(folder) => Height.Value,
        _ when folder.EndsWith(".Operations", StringComparison.Ordinal) || folder.StartsWith("Reports", StringComparison.Ordinal) => Height.Operation,
        _ when folder.StartsWith("Storage", StringComparison.Ordinal) => Height.Storage,
        _ => Height.Concept,
    };

    /// <summary>What lies in no folder is for all of them.</summary>
    private static bool IsCommon(string folder) => folder is "JsonDocuments" or "LedgerErrors" or "RemoteText";

    private enum Height
    {
        Value,
        Concept,
        Posting,
        Storage,
        Operation,
        Session,
    }
}
