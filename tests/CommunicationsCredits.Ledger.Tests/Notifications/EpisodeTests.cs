using System.Text;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.TestHost;
using CommunicationsCredits.Ledger.Tests.Support;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Tests.Notifications;

/// <summary>One episode is one message, the gravest notice first (N2).</summary>
public sealed class EpisodeTests
{
    private const string Billing = "billing@contoso.com";

    [Fact]
    [Trait("Rule", "N2")]
    public void What_a_posting_and_its_recharge_raised_is_one_mail()
    {
        using var server = new MailServer();
        using var ledger = Ledger();
        ledger.AddFunds(100);
        ledger.SetRule(minimum: 50, amount: 200);
        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 100)]));

        var sent = Send(ledger, server);

        Assert.Equal(
            [CreditNotificationKind.BalanceExhausted, CreditNotificationKind.LowBalance, CreditNotificationKind.RechargeSucceeded],
            sent.Select(notice => notice.Kind));
        Assert.All(sent, notice => Assert.Equal((CreditNotificationStatus.Sent, "contoso.com/E1"), (notice.Status, notice.Episode)));
        var mail = Assert.Single(server.Mails);
        Assert.Equal("contoso.com: communications credits are used up (and 1 more)", mail.Message.Subject);

        // A balance that is used up is low too: that is said once.
        Assert.StartsWith("The balance of contoso.com is USD 0.00.", mail.Text);
        Assert.Contains("\n\nUSD 200.00 was bought for contoso.com by auto-recharge", mail.Text);
        Assert.DoesNotContain("threshold", mail.Text);
        Assert.Contains("\nNotice: contoso.com/N1, contoso.com/N2, contoso.com/N3", mail.Text);
    }

    [Fact]
    [Trait("Rule", "N2")]
    public void What_two_operations_raised_is_two_mails()
    {
        using var server = new MailServer();
        using var ledger = Ledger();
        ledger.Spend(1);
        ledger.AddFunds(10);
        ledger.Spend(9);

        Assert.Equal(["contoso.com/E1", "contoso.com/E2"], Send(ledger, server).Select(notice => notice.Episode));
        Assert.Equal(2, server.Mails.Count);
    }

    [Fact]
    [Trait("Rule", "N2")]
    public void An_import_is_one_episode_however_many_batches_it_has()
    {
        using var server = new MailServer();
        using var ledger = Ledger(lowBalance: 10_000);
        ledger.AddFunds(20_000);

        // Low in the first batch, used up in the second.
        ledger.Import(Call.Csv([.. Enumerable.Range(0, 20_000).Select(n => Call.Paid($"c{n}", "2026-03-15T10:00:00Z", 1))]));

        Assert.Equal(
            [(CreditNotificationKind.LowBalance, "contoso.com/E1"), (CreditNotificationKind.BalanceExhausted, "contoso.com/E1")],
            ledger.Notices().Select(notice => (notice.Kind, notice.Episode!)));
        Send(ledger, server);
        Assert.Equal("contoso.com: communications credits are used up", Assert.Single(server.Mails).Message.Subject);
    }

    [Fact]
    [Trait("Rule", "N2")]
    public void A_message_waits_for_the_answer_to_an_open_recharge()
    {
        using var mail = new MailServer();
        var answers = new Queue<string>(["""{"status":"pending"}""", """{"status":"succeeded","reference":"ch_1"}"""]);
        using var gateway = new LoopbackServer(_ => ServerReply.Of(200, answers.Dequeue()));
        using var ledger = Ledger();
        ledger.PayBy(Gateway(gateway));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 5)]));

        Assert.Empty(Send(ledger, mail));
        ledger.Clock.Now += TimeSpan.FromMinutes(14);
        Assert.Empty(Send(ledger, mail));
        ledger.Recharge(force: true);

        Assert.Single(Send(ledger, mail).Select(notice => notice.Episode).Distinct());
        Assert.Equal("contoso.com: communications credits are used up (and 1 more)", Assert.Single(mail.Mails).Message.Subject);
    }

    [Fact]
    [Trait("Rule", "N2")]
    public void A_message_waits_fifteen_minutes_at_most_and_the_answer_follows()
    {
        using var mail = new MailServer();
        var answers = new Queue<string>(["""{"status":"pending"}""", """{"status":"succeeded","reference":"ch_1"}"""]);
        using var gateway = new LoopbackServer(_ => ServerReply.Of(200, answers.Dequeue()));
        using var ledger = Ledger();
        ledger.PayBy(Gateway(gateway));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 5)]));

        ledger.Clock.Now += TimeSpan.FromMinutes(15);
        Assert.Contains(Send(ledger, mail), notice => notice.Kind == CreditNotificationKind.BalanceExhausted);
        ledger.Recharge(force: true);
        Assert.Equal(CreditNotificationKind.RechargeSucceeded, Assert.Single(Send(ledger, mail)).Kind);

        Assert.Single(ledger.Notices().Select(notice => notice.Episode).Distinct());
        Assert.Equal(2, mail.Mails.Count);
    }

    [Fact]
    [Trait("Rule", "N2")]
    public void A_webhook_gets_the_gravest_notice_and_the_others_with_it()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(204));
        using var ledger = Ledger();
        ledger.SetRule(minimum: 50, amount: 200);
        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 100)]));

        Send(ledger, new WebhookDelivery(server.Uri));

        var document = JObject.Parse(Encoding.UTF8.GetString(Assert.Single(server.Seen).Body));
        Assert.Equal("BalanceExhausted", (string?)document["kind"]);
        var other = Assert.Single(document["others"]!);
        Assert.Equal(("contoso.com/N3", "RechargeSucceeded"), ((string?)other["id"], (string?)other["kind"]));
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_card_shows_names_as_they_are()
    {
        using var server = new LoopbackServer(_ => ServerReply.Of(202));
        using var ledger = new TestLedger(contoso: false);
        ledger.AddTenant(TestLedger.Contoso, new() { Name = "**[Contoso](https://evil.example)**" });
        ledger.Spend(1);

        Send(ledger, new WebhookDelivery(server.Uri) { Format = WebhookFormat.AdaptiveCard });

        var message = JObject.Parse(Encoding.UTF8.GetString(Assert.Single(server.Seen).Body));
        Assert.Equal("message", (string?)message["type"]);
        var attachment = Assert.Single(message["attachments"]!);
        Assert.Equal("application/vnd.microsoft.card.adaptive", (string?)attachment["contentType"]);
        var card = attachment["content"]!;
        Assert.Equal("AdaptiveCard", (string?)card["type"]);

        // A RichTextBlock knows no Markdown.
        Assert.All(card["body"]!, block => Assert.Equal("RichTextBlock", (string?)block["type"]));
        var texts = card["body"]!.SelectMany(block => block["inlines"]!).Select(run => (string?)run["text"]).ToList();
        Assert.Equal("**[Contoso](https://evil.example)**: communications credits are used up", texts[0]);
        Assert.StartsWith("The balance of **[Contoso](https://evil.example)** is USD -1.00.", texts[1]);
        Assert.Contains("contoso.com/N1", texts[2]);
    }

    private static TestLedger Ledger(decimal? lowBalance = null)
    {
        var ledger = new TestLedger(contoso: false);
        ledger.AddTenant(TestLedger.Contoso, new() { NotificationEmail = [Billing], LowBalance = lowBalance });
        return ledger;
    }

    private static CreditGateway Gateway(LoopbackServer server) => new()
    {
        Name = "psp",
        Command = null,
        ArgumentList = [],
        Uri = server.Uri,
        SecretName = null,
        Timeout = TimeSpan.FromSeconds(20),
    };

    private static List<CreditNotification> Send(TestLedger ledger, MailServer server) =>
        Send(ledger, new SmtpDelivery("127.0.0.1", Billing) { Port = server.Port });

    private static List<CreditNotification> Send(TestLedger ledger, NotificationDelivery delivery) =>
        [.. ledger.Session.Notifications.Send(TenantSelection.All, delivery)];
}
