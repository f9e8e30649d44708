using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Notifications;

/// <summary>Notices to a webhook: a real server on loopback (N3).</summary>
public sealed class WebhookDeliveryTests
{
    [Fact]
    [Trait("Rule", "N3")]
    public void A_notice_is_posted_as_the_documented_json_and_signed()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(204));
        using var ledger = Ledger();
        ledger.Secrets["HOOK"] = "s3cret";

        var sent = Assert.Single(Send(ledger, server, "HOOK"));

        Assert.Equal((CreditNotificationStatus.Sent, 1), (sent.Status, sent.Attempts));
        var request = Assert.Single(server.Seen);
        Assert.StartsWith("POST /charges ", request.Line);
        Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal(
            "sha256=" + Convert.ToHexString(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes("s3cret"), request.Body)).ToLowerInvariant(),
            request.Headers["X-Signature"]);
        using var json = System.Text.Json.JsonDocument.Parse(request.Body);
        Assert.Equal(
            ["id", "tenantId", "tenantName", "kind", "subject", "body", "currency", "raisedAt", "others"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            [
                "contoso.com/N1", "contoso.com", "contoso.com", "BalanceExhausted",
                "contoso.com: communications credits are used up",
                sent.Body, "USD", "2026-03-15T12:00:00Z",
            ],
            json.RootElement.EnumerateObject().SkipLast(1).Select(property => property.Value.GetString()));
        Assert.Equal(0, json.RootElement.GetProperty("others").GetArrayLength());
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void Without_a_secret_nothing_is_signed_and_an_address_is_not_needed()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(200, "thanks"));
        using var ledger = Ledger();

        Assert.Equal(CreditNotificationStatus.Sent, Assert.Single(Send(ledger, server)).Status);
        Assert.False(Assert.Single(server.Seen).Headers.ContainsKey("X-Signature"));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    [InlineData(-1)]
    [Trait("Rule", "N3")]
    public void What_is_not_taken_is_sent_again_as_the_same_document(int status)
    {
        var replies = new Queue<ServerReply>([new(status, [], "Location: http://127.0.0.1:1/"), ServerReply.Of(200)]);
        using var server = new LoopbackServer(_ => replies.Dequeue());
        using var ledger = Ledger();

        var failed = Assert.Single(Send(ledger, server, seconds: status == -1 ? 1 : 30));
        Assert.Equal(CreditNotificationStatus.Failed, failed.Status);
        Assert.Contains(status > 0 ? $"HTTP {status}" : "127.0.0.1", failed.LastError);
        Assert.Empty(Send(ledger, server));
        ledger.Clock.Now += TimeSpan.FromMinutes(5);

        Assert.Equal((CreditNotificationStatus.Sent, 2),
            Assert.Single(Send(ledger, server)) is var sent ? (sent.Status, sent.Attempts) : default);
        Assert.Equal(2, server.Seen.Count);
        Assert.Equal(server.Seen[0].Body, server.Seen[1].Body);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_notice_is_given_up_after_ten_tries_which_back_off()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(500));
        using var ledger = Ledger();
        var waits = new List<TimeSpan>();
        var last = ledger.Clock.Now;
        for (var minutes = 0; minutes < 14 * 24 * 60; minutes += 5)
        {
            if (Send(ledger, server).Count > 0)
            {
                waits.Add(ledger.Clock.Now - last);
                last = ledger.Clock.Now;
            }

            ledger.Clock.Now += TimeSpan.FromMinutes(5);
        }

        var hour = TimeSpan.FromHours(1);
        Assert.Equal(
            [TimeSpan.Zero, hour / 12, hour / 4, hour, hour * 4, hour * 12, hour * 24, hour * 24, hour * 24, hour * 24], waits);
        var notice = ledger.Notices().Single();
        Assert.Equal((CreditNotificationStatus.Failed, 10), (notice.Status, notice.Attempts));
        Assert.EndsWith("(given up after 10 tries)", notice.LastError);
        Assert.Equal(10, server.Seen.Count);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public async Task Two_runs_at_once_send_each_notice_once()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(200));
        using var ledger = Ledger();
        for (var i = 0; i < 20; i++)
        {
            ledger.AddFunds(5000);
            ledger.Spend(5000);
        }

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var other = ledger.Open();
            return other.Notifications.Send(TenantSelection.All, new WebhookDelivery(server.Uri)).ToList();
        })));

        Assert.Equal(21, runs.Sum(run => run.Count));
        Assert.Equal(21, server.Seen.Count);
        Assert.All(ledger.Notices(), notice => Assert.Equal(
            (CreditNotificationStatus.Sent, 1), (notice.Status, notice.Attempts)));
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void No_transaction_is_open_while_a_notice_is_sent()
    {
        using var ledger = Ledger();
        using var server = new LoopbackServer(_ =>
        {
            using var other = ledger.Open();
            other.Execute(new Ledger.Funds.Operations.AddFunds(TestLedger.Contoso, 5));
            return ServerReply.Of(200);
        });

        Assert.Equal(CreditNotificationStatus.Sent, Assert.Single(Send(ledger, server)).Status);
        Assert.Equal(-95, ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void What_is_not_approved_stays_as_it_is_and_a_run_that_is_stopped_stops()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(200));
        using var ledger = Ledger();
        var shown = new List<CreditNotification>();

        Assert.Empty(ledger.Session.Notifications.Send(TenantSelection.All, new WebhookDelivery(server.Uri), notice =>
        {
            shown.Add(notice);
            return false;
        }));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Empty(ledger.Session.Notifications.Send(
            TenantSelection.All, new WebhookDelivery(server.Uri), cancellation: stop.Token));

        Assert.Single(shown);
        Assert.Empty(server.Seen);
        Assert.Equal((CreditNotificationStatus.Pending, 0), (ledger.Notices()[0].Status, ledger.Notices()[0].Attempts));
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void Only_the_tenants_asked_for_are_sent()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(200));
        using var ledger = Ledger();
        ledger.AddTenant("fabrikam.com");
        ledger.Import(Call.Csv([Call.Paid("f", "2026-03-15T10:00:00Z", 5)]), tenant: "fabrikam.com");

        var sent = ledger.Session.Notifications.Send(
            TenantSelection.One("FABRIKAM.com"), new WebhookDelivery(server.Uri)).ToList();

        Assert.Equal("fabrikam.com", Assert.Single(sent).TenantId);
        Refuses.With(CreditErrorId.TenantNotFound,
            () => ledger.Session.Notifications.Send(TenantSelection.One("nobody"), new WebhookDelivery(server.Uri)));
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_clock_that_was_set_back_does_not_hold_a_notice_back()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(200));
        using var ledger = Ledger();
        ledger.Clock.Now -= TimeSpan.FromDays(400);

        Assert.Single(Send(ledger, server));
    }

    [Theory]
    [InlineData("http://hooks.example.com/x?secret=abc")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("https://user:abc@hooks.example.com/")]
    [InlineData("/relative?secret=abc")]
    public void An_address_that_is_not_https_is_refused_and_not_echoed_whole(string uri)
    {
        using var ledger = Ledger();

        var error = Refuses.With(CreditErrorId.RuleInvalid, () => ledger.Session.Notifications.Send(
            TenantSelection.All, new WebhookDelivery(new(uri, UriKind.RelativeOrAbsolute))));

        Assert.DoesNotContain("abc", error.Message);
    }

    [Fact]
    public void A_secret_that_is_not_there_is_refused_before_anything_is_sent()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(200));
        using var ledger = Ledger();

        var error = Refuses.With(CreditErrorId.RuleInvalid, () => Send(ledger, server, "HOOK"));

        Assert.Contains("HOOK", error.Message);
        Assert.Empty(server.Seen);
    }

    /// <summary>A ledger with one notice.</summary>
    private static TestLedger Ledger()
    {
        var ledger = new TestLedger();
        ledger.Spend(100);
        return ledger;
    }

    private static List<CreditNotification> Send(
        TestLedger ledger, LoopbackServer server, string? secret = null, double seconds = 30) =>
        [.. ledger.Session.Notifications.Send(
            TenantSelection.All,
            new WebhookDelivery(server.Uri) { SecretName = secret, Timeout = TimeSpan.FromSeconds(seconds) })];
}
