using System.Text;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>
/// The tables of docs/formats.md are those of the code. With FORMATS_UPDATE=1 the test writes them into the page instead.
/// </summary>
public sealed class FormatsDocumentTests
{
    private static readonly string Page = Path.Combine(Shared.Repository, "docs", "formats.md");

    public static TheoryData<string> Tables => new(Expected.Keys);

    private static readonly Dictionary<string, Func<string>> Expected = new()
    {
        ["usage fields"] = UsageFields,
        ["call types"] = CallTypeNames,
        ["capabilities"] = Capabilities,
        ["other reports"] = Others,
        ["rate columns"] = Columns,
        ["retention"] = Retention,
    };

    [Theory, MemberData(nameof(Tables))]
    [Trait("Rule", "U1")]
    public void The_page_has_the_table_of_the_code(string table)
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        string begin = $"<!-- table: {table} -->\n", end = "<!-- end of table -->";
        var start = text.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/formats.md has no '{begin.Trim()}'.");
        start += begin.Length;
        var stop = text.IndexOf(end, start, StringComparison.Ordinal);

        var expected = Expected[table]();
        if (Environment.GetEnvironmentVariable("FORMATS_UPDATE") == "1")
        {
            File.WriteAllText(Page, text[..start] + expected + text[stop..]);
            return;
        }

        Assert.Equal(expected, text[start..stop]);
    }

    private static string UsageFields() => Table(
        "| field | admin centre | Graph | also known as |\n| --- | --- | --- | --- |\n",
        UsageFieldNames.All.Select(known =>
            $"| {Words(known.Field)}{Marks(known.Field)} | `{known.AdminCentre}` | `{known.Graph}` | {Code(known.Others)} |"));

    private static string CallTypeNames() => Table(
        "| call type | is |\n| --- | --- |\n",
        CallTypes.Prefixes.GroupBy(known => known.Type).Select(group => $"| {Code(group.Select(known => known.Prefix + "*"))} | {Words(group.Key)} |")
            .Concat(CallTypes.Names.GroupBy(known => known.Type).Select(group => $"| {Code(group.Select(known => known.Name))} | {Words(group.Key)} |")));

    private static string Capabilities() => Table(
        "| capability, and what begins with its name | minutes of a license | international | |\n| --- | --- | --- | --- |\n",
        LicenseCapability.Known.Select(known =>
            $"| `{(known.Name == "CONFERENCEDIALOUT" ? LicenseCapability.ConferenceDialOut : known.Name)}` | "
            + $"{(known.HasPlanMinutes ? "3,000 in US, CA and PR, else 1,200" : known.Domestic == 0 ? "–" : known.Domestic)} | "
            + $"{(known.International == 0 ? "–" : known.International)} | "
            + $"{(known.IsPerUser ? "per user, not pooled" : known.ClosesWhole ? "closed as soon as one kind is used up" : known.IsDialOut ? "the whole tenant's" : "")} |"));

    private static string Others() => Table(
        "| it is | what to do |\n| --- | --- |\n", OtherReports.All.Select(report => $"| {report.What} | {report.Remedy} |"));

    private static string Columns() => Table(
        "| says | known as |\n| --- | --- |\n", RateColumns.All.Select(known => $"| {Words(known.Column)} | {Code(known.Names)} |"));

    private static string Retention() => Table(
        "| country of the tenant | days that call detail is kept | attention after |\n| --- | --- | --- |\n",
        UsageRetention.Known.OrderBy(known => known.Key, StringComparer.Ordinal).Select(known => (known.Key, Days: known.Value))
            .Append(("any other", UsageRetention.ShortestDays))
            .Select(row => $"| {row.Item1} | {row.Item2} | {row.Item2 - UsageRetention.WarningDays} days without an import |"));

    private static string Table(string head, IEnumerable<string> rows) => head + string.Concat(rows.Select(row => row + "\n"));

    private static string Code(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    private static string Marks(UsageField field) => UsageFieldNames.Required.Contains(field) ? " (needed)"
        : UsageFieldNames.Important.Contains(field) ? " (a file without it is worth a warning)"
        : string.Empty;

    /// <summary>The words of a name: <c>UserDisplayName</c> is "user display name".</summary>
    private static string Words(Enum value)
    {
        var words = new StringBuilder();
        foreach (var c in value.ToString())
        {
            if (char.IsUpper(c) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
