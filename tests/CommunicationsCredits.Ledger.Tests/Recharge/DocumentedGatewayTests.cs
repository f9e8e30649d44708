using System.Text.RegularExpressions;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Tooling;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>The example gateway of docs/operations.md, taken from there and asked in a real PowerShell.</summary>
public sealed partial class DocumentedGatewayTests
{
    [Theory]
    [InlineData(200, """{"status":"succeeded","id":"ch_9"}""", "Succeeded", null, "ch_9")]
    [InlineData(201, """{"status":"failed","id":"ch_9","failure_code":"expired_card"}""", "Declined", "expired_card", "ch_9")]
    [InlineData(200, """{"status":"processing","id":"ch_9"}""", "Pending", null, "ch_9")]
    [InlineData(402, """{"error":"insufficient_funds"}""", "Declined", "insufficient_funds", null)]
    [InlineData(500, """{"error":"sorry"}""", "Unknown", "exit code 1", null)]
    [InlineData(302, "", "Unknown", "exit code 1", null)]
    [InlineData(0, "", "Unknown", "exit code 1", null)]
    public void The_example_of_a_gateway_works(int status, string body, string state, string? reason, string? reference)
    {
        using var ledger = new TestLedger();
        using var provider = new LoopbackServer(
            _ => ServerReply.Of(status, body, "Content-Type: application/json", "Location: /"));
        var document = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "operations.md"));
        var script = Example().Match(document).Groups["script"].Value;
        var path = ledger.Folder.Write(
            "charge.ps1", $"$env:PSP_URL = 'http://127.0.0.1:{provider.Port}'; $env:PSP_KEY = 'key'\n{script}");
        var shell = PowerShellProgram.Start("-NoProfile", "-NonInteractive", "-File", path);
        ledger.PayBy(new()
        {
            Name = "psp",
            Command = shell.FileName,
            ArgumentList = [.. shell.ArgumentList],
            Uri = null,
            SecretName = null,
            Timeout = TimeSpan.FromSeconds(120),
        });
        ledger.SetRule(minimum: 10, amount: 450, method: "card");

        var attempt = ledger.Recharge()!;

        Assert.Equal(state, attempt.State.ToString());
        Assert.Equal(reference, attempt.PaymentReference);
        if (reason is null)
            Assert.Null(attempt.Reason);
        else
            Assert.Contains(reason, attempt.Reason);
        var asked = Assert.Single(provider.Seen);
        Assert.Equal("Bearer key", asked.Headers["Authorization"]);
        Assert.True(Guid.TryParse(asked.Headers["Idempotency-Key"], out _));
        using var json = System.Text.Json.JsonDocument.Parse(asked.Body);
        Assert.Equal("450.00", json.RootElement.GetProperty("amount").GetString());
        Assert.Equal(RechargeSetup.Token, json.RootElement.GetProperty("source").GetString());
        Assert.Equal("Communications credits contoso.com/A1", json.RootElement.GetProperty("description").GetString());
    }

    [GeneratedRegex(@"```powershell\r?\n(?<script>#Requires -Version 7\.4\r?\n# charge\.ps1.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
