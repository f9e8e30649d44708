using PuppeteerSharp;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A fact that needs Chromium, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Browser.WhyMissing;
}

/// <summary>A theory that needs Chromium, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Browser.WhyMissing;
}

/// <summary>The Chromium of this machine, headless, with a folder of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? Program = Tool.Find("chromium", "chromium-browser", "google-chrome", "chrome.exe");

    private IBrowser? _browser;

    public static string? WhyMissing { get; } = Program is null ? "Chromium is not on the PATH." : null;

    public async Task InitializeAsync()
    {
        if (Program is null)
            return;
        _browser = await Puppeteer.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Headless = true,

            // A container has neither a sandbox nor much shared memory.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    /// <summary>Opens a page of a width and waits until it has been loaded.</summary>
    /// <param name="url">The address.</param>
    /// <param name="width">The width in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    internal async Task<BrowserPage> OpenAsync(string url, int width, string scheme = "light")
    {
        var page = new BrowserPage(await _browser!.NewPageAsync());
        await page.Page.SetViewportAsync(new() { Width = width, Height = 900, IsMobile = width < 600 });
        await page.Page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        await page.Page.GoToAsync(url, WaitUntilNavigation.Load);
        return page;
    }
}

/// <summary>A page in the browser, and what it did.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    public BrowserPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Console.Add($"{message.Message.Type}: {message.Message.Text}");
        page.PageError += (_, error) => Console.Add(error.Message);
        page.RequestFailed += (_, request) => Console.Add($"{request.Request.Url}: {request.Request.FailureText}");
        page.Request += (_, request) =>
        {
            if (!request.Request.IsNavigationRequest)
                Requests.Add(request.Request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>The errors and warnings of page and browser.</summary>
    public List<string> Console { get; } = [];

    /// <summary>What the page asked for anywhere, the page itself not counted.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The value of an expression.</summary>
    public Task<T> EvaluateAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>A picture of the page as PNG: all of it, or its top.</summary>
    public async Task<byte[]> PictureAsync(int? height = null, int top = 0)
    {
        var width = await EvaluateAsync<int>("innerWidth");
        var all = await EvaluateAsync<int>("document.documentElement.scrollHeight");
        return await Page.ScreenshotDataAsync(new()
        {
            CaptureBeyondViewport = true,
            Clip = new() { X = 0, Y = top, Width = width, Height = Math.Min(height ?? all, all - top), Scale = 1 },
        });
    }

    public async ValueTask DisposeAsync() => await Page.DisposeAsync();
}
