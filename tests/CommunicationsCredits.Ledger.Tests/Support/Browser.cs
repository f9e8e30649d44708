using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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

/// <summary>A real headless Chromium with a folder of its own, spoken to by its DevTools protocol.</summary>
public sealed partial class Browser : IAsyncLifetime, IDisposable
{
    private static readonly string? Program = Tool.Find("chromium", "chromium-browser", "google-chrome", "chrome.exe");

    private readonly TempFolder _folder = new();
    private Process? _process;
    private string? _host;

    public static string? WhyMissing { get; } = Program is null ? "Chromium is not on the PATH." : null;

    public async Task InitializeAsync()
    {
        if (Program is null)
            return;
        var start = new ProcessStartInfo(Program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
            $"--user-data-dir={_folder.Path}", "about:blank",
        ])
            start.ArgumentList.Add(argument);
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        var host = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, told) =>
        {
            if (told.Data is { } line && Listening().Match(line) is { Success: true } match)
                host.TrySetResult(match.Groups[1].Value);
        };
        _process.Exited += (_, _) => host.TrySetException(new InvalidOperationException("Chromium ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _host = await host.Task;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        for (var left = 20; ; left--)
        {
            try
            {
                _folder.Dispose();
                return;
            }
            catch (IOException) when (left > 0)
            {
                // A process of the tree may still be writing its last file.
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>Opens a page of a width and waits until it has been loaded.</summary>
    /// <param name="url">The address.</param>
    /// <param name="width">The width in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    /// <param name="scale">The pixels of the screen per CSS pixel.</param>
    internal async Task<BrowserPage> OpenAsync(string url, int width, string scheme = "light", double scale = 1)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{_host}/json/new?about:blank");
        using var response = await http.SendAsync(request);
        var target = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var page = new BrowserPage();
        await page.ConnectAsync(new(target["webSocketDebuggerUrl"]!.GetValue<string>()));
        foreach (var domain in (string[])["Page", "Runtime", "Log", "Network"])
            await page.SendAsync($"{domain}.enable");
        await page.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = scale, ["mobile"] = width < 600,
        });
        await page.SendAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
        });
        await page.SendAsync("Page.navigate", new JsonObject { ["url"] = url });
        await page.LoadedAsync();
        return page;
    }

    [GeneratedRegex("DevTools listening on ws://([^/]+)/")]
    private static partial Regex Listening();
}

/// <summary>A page in the browser, and what it did.</summary>
internal sealed class BrowserPage : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _isLoaded;
    private int _id;

    /// <summary>What the console was told: errors and warnings of page and browser.</summary>
    public List<string> Console { get; } = [];

    /// <summary>What was asked of anywhere, the page itself not counted.</summary>
    public List<string> Requests { get; } = [];

    public Task ConnectAsync(Uri address)
    {
        _socket.Options.Proxy = null;
        return _socket.ConnectAsync(address, default);
    }

    public async Task LoadedAsync()
    {
        while (!_isLoaded)
            Note(await ReceiveAsync());
    }

    /// <summary>The value of an expression, as JSON.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        return answer["result"]?["value"];
    }

    /// <summary>A picture of the page as PNG: all of it, or its top.</summary>
    public async Task<byte[]> PictureAsync(int? height = null)
    {
        var parameters = new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = true };
        var width = (int)(await EvaluateAsync("innerWidth"))!;
        var all = (int)(await EvaluateAsync("document.documentElement.scrollHeight"))!;
        parameters["clip"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["width"] = width, ["height"] = Math.Min(height ?? all, all), ["scale"] = 1 };
        return Convert.FromBase64String((await SendAsync("Page.captureScreenshot", parameters))["data"]!.GetValue<string>());
    }

    /// <summary>The page on paper, as PDF.</summary>
    public async Task<byte[]> PrintAsync() =>
        Convert.FromBase64String((await SendAsync("Page.printToPDF", new JsonObject { ["preferCSSPageSize"] = true }))["data"]!.GetValue<string>());

    public async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_id;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, default);
        while (true)
        {
            var received = await ReceiveAsync();
            if (received["id"]?.GetValue<int>() != id)
                Note(received);
            else
                return received["result"] ?? throw new InvalidOperationException($"{method}: {received["error"]?.ToJsonString()}");
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Note(JsonNode message)
    {
        var parameters = message["params"];
        switch (message["method"]?.GetValue<string>())
        {
            case "Page.loadEventFired":
                _isLoaded = true;
                break;
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown":
                Console.Add(parameters!.ToJsonString());
                break;
            case "Log.entryAdded":
                Console.Add(parameters!["entry"]!.ToJsonString());
                break;
            case "Network.requestWillBeSent" when parameters!["type"]?.GetValue<string>() != "Document":
                Requests.Add(parameters["request"]!["url"]!.GetValue<string>());
                break;
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var message = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(_buffer, default);
            message.Write(_buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!;
    }
}
