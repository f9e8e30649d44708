using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>The report as a real browser shows it.</summary>
public sealed class ReportInBrowserTests(Browser browser, ReportFiles reports) : IClassFixture<Browser>, IClassFixture<ReportFiles>
{
    /// <summary>The environment variable that names a folder for pictures: to be looked at, and for the README.</summary>
    private const string Pictures = "CREDITS_REPORT_PICTURES";

    [ChromiumTheory]
    [InlineData("demo", 375, "light")]
    [InlineData("demo", 375, "dark")]
    [InlineData("demo", 1200, "light")]
    [InlineData("demo", 1200, "dark")]
    [InlineData("hostile", 375, "light")]
    [InlineData("hostile", 1200, "dark")]
    [InlineData("empty", 375, "light")]
    public async Task The_report_shows_without_an_error_asks_for_nothing_and_is_no_wider_than_the_screen(string name, int width, string scheme)
    {
        await using var page = await browser.OpenAsync(new Uri(reports.PathOf(name)).AbsoluteUri, width, scheme);

        Assert.Empty(page.Console);
        Assert.DoesNotContain(page.Requests, url => !url.StartsWith("data:", StringComparison.Ordinal));
        Assert.Equal(width, await page.EvaluateAsync<int>("innerWidth"));
        Assert.Equal(width, await page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"));
        Assert.Equal(scheme == "dark" ? "rgb(18, 23, 28)" : "rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.scripts.length"));
        if (Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-{width}-{scheme}.png"), await page.PictureAsync());
    }

    [ChromiumFact]
    public async Task Every_drawing_says_what_it_shows_and_no_id_is_used_twice()
    {
        await using var page = await browser.OpenAsync(new Uri(reports.PathOf("demo")).AbsoluteUri, 1200);

        Assert.True(await page.EvaluateAsync<int>("document.querySelectorAll('.plot svg').length") >= 6);
        Assert.Equal(0, await page.EvaluateAsync<int>(
            """
            [...document.querySelectorAll('svg')].filter(svg => svg.getAttribute('role') !== 'img' || !svg.querySelector('title')?.textContent
              || !(svg.getAttribute('aria-label') || svg.getAttribute('aria-labelledby').split(' ').every(id => document.getElementById(id)?.textContent))).length
            """));
        Assert.Equal(0, await page.EvaluateAsync<int>(
            "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(element => element.id))"));
    }

    [ChromiumTheory]
    [InlineData("demo", 375, "light")]
    [InlineData("demo", 1200, "light")]
    [InlineData("demo", 1200, "dark")]
    [InlineData("hostile", 1200, "light")]
    [InlineData("empty", 1200, "dark")]
    public async Task Everybody_can_read_it_as_far_as_axe_can_tell(string name, int width, string scheme)
    {
        await using var page = await browser.OpenAsync(new Uri(reports.PathOf(name)).AbsoluteUri, width, scheme);
        Assert.Empty(await ViolationsAsync(page));

        // What axe must find is found, so that an empty list says something.
        await page.Page.EvaluateExpressionAsync("document.querySelector('main, body').append(document.createElement('img'))");
        Assert.Contains(await ViolationsAsync(page), violation => violation.StartsWith("image-alt (critical)", StringComparison.Ordinal));
    }

    [ChromiumTheory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Text_stands_out_from_what_is_behind_it(string scheme)
    {
        await using var page = await browser.OpenAsync(new Uri(reports.PathOf("demo")).AbsoluteUri, 1200, scheme);

        // WCAG 2.2, 1.4.3: 4.5 to 1 for text of every size.
        var faint = await page.EvaluateAsync<string>(
            """
            (() => {
              const rgb = text => text.match(/[\d.]+/g).map(Number);
              const light = colour => colour.slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => { for (; element; element = element.parentElement) {
                const colour = rgb(getComputedStyle(element).backgroundColor); if (colour.length === 3 || colour[3] === 1) return colour; } };
              const faint = [];
              for (const element of document.querySelectorAll('body *')) {
                if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
                if (element.closest('svg')) continue;
                const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
                if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(element.className + ': ' + element.textContent.slice(0, 40));
              }
              return faint.join('\n');
            })()
            """);
        Assert.Equal("", faint);
    }

    [ChromiumFact]
    public async Task On_paper_it_has_several_pages_and_what_was_folded_is_open()
    {
        await using var page = await browser.OpenAsync(new Uri(reports.PathOf("demo")).AbsoluteUri, 1200, "dark");

        var pdf = await page.Page.PdfDataAsync(new() { PreferCSSPageSize = true });

        Assert.Equal("%PDF", System.Text.Encoding.ASCII.GetString(pdf, 0, 4));
        await page.Page.EmulateMediaTypeAsync(PuppeteerSharp.Media.MediaType.Print);
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        if (Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "demo.pdf"), pdf);
    }

    [ChromiumTheory]
    [InlineData("report.png", "0", "t1", 20)]
    [InlineData("report-tenant.png", "document.getElementById('t2').getBoundingClientRect().top", "t2", 0)]
    public async Task The_pictures_of_the_documents_are_of_this_report(string name, string top, string last, int margin)
    {
        await using var page = await browser.OpenAsync(new Uri(reports.PathOf("demo")).AbsoluteUri, 1000);

        var from = await page.EvaluateAsync<int>($"Math.floor({top})");
        var to = await page.EvaluateAsync<int>($"Math.ceil(document.getElementById('{last}').getBoundingClientRect().bottom) + {margin}");
        var picture = await page.PictureAsync(to - from, from);

        Assert.True(picture.Length < 300_000, $"It has {picture.Length} bytes.");
        if (Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, name), picture);
    }

    private static async Task<string[]> ViolationsAsync(BrowserPage page)
    {
        await page.Page.EvaluateExpressionAsync(new Deque.AxeCore.Commons.BundledAxeScriptProvider().GetScript());
        return await page.EvaluateAsync<string[]>(
            """
            axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations.flatMap(rule =>
              rule.nodes.map(node => `${rule.id} (${rule.impact}): ${node.html.slice(0, 200)} ${node.failureSummary}`)))
            """);
    }
}

/// <summary>The reports that are looked at, made once.</summary>
public sealed class ReportFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public ReportFiles()
    {
        if (Browser.WhyMissing is not null)
            return;
        using (var demo = new DemoLedger())
            demo.Ledger.Session.Reports.ExportReport(PathOf("demo"), null, null, TenantSelection.All, force: false);
        using (var hostile = new RandomHistory(5))
        {
            hostile.Run(60);
            hostile.Ledger.AddTenant(new string('W', 128), new() { Name = "</style></title><script>document.title='run'</script>" });
            hostile.Ledger.Session.Reports.ExportReport(PathOf("hostile"), null, null, TenantSelection.All, force: false);
        }

        using var empty = new TestLedger(contoso: false);
        empty.Session.Reports.ExportReport(PathOf("empty"), null, null, TenantSelection.All, force: false);
    }

    public string PathOf(string name) => _folder.File($"{name}.html");

    public void Dispose() => _folder.Dispose();
}
