using System.IO.Compression;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Usage;

/// <summary>What an import says when it is compared with the other imports of the ledger: whose calls they are, and what is missing.</summary>
public sealed class ImportComparisonTests : IDisposable
{
    private const string Fabrikam = "fabrikam.com";

    private readonly TestLedger _ledger = new(now: "2026-06-15T12:00:00Z");

    public ImportComparisonTests() => _ledger.AddTenant(Fabrikam, new() { Currency = "EUR" });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_calls_for_another_tenant_are_a_warning_that_names_it(bool preview)
    {
        _ledger.Import(Calls(0, 100));

        // Split and sorted in another way, and refused for their currency: they are the same calls.
        var again = _ledger.Import(Call.Csv([.. Calls(0, 100).Reverse().Take(80)]), tenant: Fabrikam, preview: preview);

        Assert.Contains(again.Told.Warnings, warning => warning.Contains(TestLedger.Contoso, StringComparison.Ordinal) && warning.Contains($"{TestLedger.Contoso}/I1", StringComparison.Ordinal));
    }

    [Fact]
    public void Calls_of_ones_own_other_calls_and_an_import_that_was_undone_are_none()
    {
        var first = _ledger.Import(Calls(0, 50));
        Assert.DoesNotContain(_ledger.Import(Calls(0, 60)).Told.Warnings, IsAboutAnother);
        Assert.DoesNotContain(_ledger.Import(Call.Csv(Calls(100, 50)), tenant: Fabrikam).Told.Warnings, IsAboutAnother);

        _ledger.Session.Execute(new UndoImport(first.Result.ImportId, null));
        _ledger.Session.Execute(new UndoImport($"{TestLedger.Contoso}/I2", null));
        Assert.DoesNotContain(_ledger.Import(Call.Csv(Calls(0, 50)), tenant: Fabrikam).Told.Warnings, IsAboutAnother);
    }

    [Fact]
    public void An_import_keeps_the_period_that_its_export_says()
    {
        var import = _ledger.ImportFile(Export("2026-05-01", "2026-06-01", Call.Paid("a", "2026-05-10T10:00:00Z", 1))).Result;

        Assert.Equal((TestLedger.At("2026-05-01"), TestLedger.At("2026-06-01")), (import.PeriodFrom, import.PeriodTo));
        var kept = _ledger.Session.Usage.GetImports(TenantSelection.All).Single();
        Assert.Equal((import.PeriodFrom, import.PeriodTo), (kept.PeriodFrom, kept.PeriodTo));
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [InlineData("2026-05-03", "2026-05-31", "between 2026-05-01 and 2026-05-03")]
    [InlineData("2026-05-01", "2026-05-31", null)]
    [InlineData("2026-04-20", "2026-05-31", null)]
    [InlineData("2026-03-01", "2026-03-25", "between 2026-03-25 and 2026-04-01")]
    public void A_gap_between_exports_is_a_warning(string from, string to, string? gap)
    {
        _ledger.ImportFile(Export("2026-04-01", "2026-05-01", Call.Paid("a", "2026-04-10T10:00:00Z", 1)));

        var second = _ledger.ImportFile(Export(from, to, Call.Paid("b", from + "T10:00:00Z", 1)), new() { Preview = true });

        Assert.Equal(gap is not null, second.Told.Warnings.Any(warning => warning.Contains("nothing between", StringComparison.Ordinal)));
        if (gap is not null)
            Assert.Contains(second.Told.Warnings, warning => warning.Contains(gap, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_only_calls_are_known_a_week_without_one_is_a_question()
    {
        _ledger.Import(Call.Paid("a", "2026-04-10T10:00:00Z", 1));

        Assert.DoesNotContain(_ledger.Import(Call.Paid("b", "2026-04-16T10:00:00Z", 1)).Told.Warnings, warning => warning.Contains("nothing between", StringComparison.Ordinal));
        Assert.Contains(_ledger.Import(Call.Paid("c", "2026-05-01T10:00:00Z", 1)).Told.Warnings, warning => warning.Contains("between 2026-04-16 and 2026-05-01", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DE", 120, null)]
    [InlineData("DE", 121, "no import for 121 days")]
    [InlineData("US", 335, null)]
    [InlineData("US", 336, "no import for 336 days")]
    public void A_tenant_whose_calls_are_about_to_be_lost_needs_attention(string country, int days, string? attention)
    {
        _ledger.AddTenant("t", new() { Country = country });
        _ledger.AddFunds(10, tenant: "t", expiresAt: "2030-01-01");
        _ledger.Import(Call.Csv([Call.Paid("a", "2026-06-01T10:00:00Z", 1)]), tenant: "t");
        _ledger.Clock.Now += TimeSpan.FromDays(days);

        Assert.Equal(attention, _ledger.BalanceOf(tenant: "t").Attention);
        Assert.Equal(attention, _ledger.Session.Funds.GetBalances(TenantSelection.All, null).Single(balance => balance.TenantId == "t").Attention);
    }

    public void Dispose() => _ledger.Dispose();

    private static bool IsAboutAnother(string warning) => warning.Contains("its calls are those of", StringComparison.Ordinal);

    private static Call[] Calls(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => Call.Paid($"{i:x8}-0000-4000-8000-000000000000", "2026-05-01T10:00:00Z", 0.1m))];

    private string Export(string from, string to, params Call[] calls)
    {
        var path = _ledger.Folder.File($"Calls.Export.{from}.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Write(zip, "PSTN.calls.csv", Call.Csv(calls));
        Write(zip, "parameters.json", $$"""{"timeRange":{"startTime":"{{from}}","endTime":"{{to}}"},"capability":[]}""");
        return path;
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }
}
