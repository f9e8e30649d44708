namespace CommunicationsCredits.Ledger.Tests.Architecture;

/// <summary>
/// The folders know one another in one direction only: <c>Money, Time ← concepts ← Posting ← Operations, Usage.Import ← LedgerSession</c>.
/// Storage implements what Posting asks of it. Services read by Storage.Queries; only Reports and Audit know more of it.
/// </summary>
public sealed class DirectionTests
{
    [Fact]
    public void Folders_know_only_what_lies_below_them()
    {
        var wrong = FolderReferences.Of(typeof(LedgerSession).Assembly.Location).Where(pair => !MayKnow(pair.Key.From, pair.Key.To))
            .Select(pair => $"{pair.Key.From} -> {pair.Key.To}: {pair.Value}").Order(StringComparer.Ordinal).ToList();

        Assert.True(wrong.Count == 0, "These folders may not know each other:\n" + string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("Money", "Time", false)]
    [InlineData("Funds", "Money", true)]
    [InlineData("Funds", "Pools", true)]
    [InlineData("Funds", "Posting", false)]
    [InlineData("Funds", "Funds.Operations", false)]
    [InlineData("Funds.Operations", "Funds", true)]
    [InlineData("Funds.Operations", "Posting", true)]
    [InlineData("Funds.Operations", "Storage.Queries", true)]
    [InlineData("Funds.Operations", "Storage", false)]
    [InlineData("Usage.Import", "Storage.Sqlite", false)]
    [InlineData("Posting", "Storage", false)]
    [InlineData("Storage.Sqlite", "Posting", true)]
    [InlineData("Reports.Page", "Storage.Queries", true)]
    [InlineData("Rates", "Reports", false)]
    [InlineData("Audit", "LedgerSession", false)]
    [InlineData("Audit", "Backup", false)]
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
        "LedgerSession" or "LedgerOptions" or "Backup" => Height.Session,
        "Posting" or "LedgerOperation" or "LedgerWideOperation" or "PartedOperation" or "LedgerOutcome" => Height.Posting,
        "Usage.Import" or "Corrections" or "Audit" => Height.Operation,
        _ when IsCommon(folder) => Height.Value,
        _ when folder.EndsWith(".Operations", StringComparison.Ordinal) || folder.StartsWith("Reports", StringComparison.Ordinal) => Height.Operation,
        _ when folder.StartsWith("Storage", StringComparison.Ordinal) => Height.Storage,
        _ => Height.Concept,
    };

    /// <summary>What lies in no folder is for all of them.</summary>
    private static bool IsCommon(string folder) => folder is "JsonDocuments" or "LedgerErrors" or "ExternalText";

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
