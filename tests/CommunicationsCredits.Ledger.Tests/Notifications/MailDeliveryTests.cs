using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.TestHost;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Notifications;

/// <summary>Notices by mail, to a real server that also refuses, stalls and goes away (N3).</summary>
public sealed class MailDeliveryTests
{
    private const string Billing = "billing@contoso.com";

    [Fact]
    [Trait("Rule", "N3")]
    public void A_notice_arrives_as_a_mail_that_a_person_would_want_to_read()
    {
        using var culture = new CultureScope("de-DE");
        using var server = new MailServer();
        using var ledger = Ledger("Müller & Söhne GmbH", "EUR", "anna@müller.example".Replace('ü', 'u'), "bob@contoso.com");
        var raised = ledger.Clock.Now;
        ledger.Clock.Now += TimeSpan.FromHours(30);

        var sent = Assert.Single(Send(ledger, server, from: "Credits desk <credits@example.com>"));

        Assert.Equal(
            (CreditNotificationStatus.Sent, 1, null, "contoso.com/N1"),
            (sent.Status, sent.Attempts, sent.LastError, sent.NotificationId));
        var mail = Assert.Single(server.Mails);
        Assert.Equal("credits@example.com", mail.From);
        Assert.Equal(["anna@muller.example", "bob@contoso.com"], mail.To);
        Assert.Equal("\"Credits desk\" <credits@example.com>", mail.Message.From.ToString());
        Assert.Equal("anna@muller.example, bob@contoso.com", mail.Message.To.ToString());
        Assert.Equal("Müller & Söhne GmbH: communications credits are used up", mail.Message.Subject);
        Assert.Equal((ledger.Clock.Now, TimeSpan.Zero), (mail.Message.Date, mail.Message.Date.Offset));
        Assert.Equal("auto-generated", mail.Message.Headers["Auto-Submitted"]);
        Assert.Matches("^[0-9a-f]{32}@example.com$", mail.Message.MessageId);
        Assert.StartsWith("The balance of Müller & Söhne GmbH is EUR -1,234.56. Toll-free calls in,\n", mail.Text);
        Assert.All(mail.Text.Split('\n'), line => Assert.True(line.Length <= 76));
        Assert.Contains("\nAccount: Müller & Söhne GmbH (contoso.com)\nTime: 2026-03-15 12:00 UTC\nNotice: contoso.com/N1", mail.Text);
        Assert.All(mail.Content.Split("\r\n"), line => Assert.True(line.Length <= 998 && !line.Contains('\n')));
        Assert.Equal(raised, sent.RaisedAt);
        Assert.Empty(Send(ledger, server));
        Assert.Equal(CreditNotificationStatus.Sent, Notice(ledger).Status);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void Given_addresses_take_the_place_of_the_tenants()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD", Billing);

        Send(ledger, server, to: ["ops@example.com", "\"Desk, credits\" <desk@example.com>"]);

        Assert.Equal(["ops@example.com", "desk@example.com"], server.Mails.Single().To);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_notice_without_an_address_waits_for_one_and_is_told_once()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD");

        Assert.Equal(CreditNotificationStatus.NoRecipient, Assert.Single(Send(ledger, server)).Status);
        Assert.Equal((CreditNotificationStatus.NoRecipient, 0), (Notice(ledger).Status, Notice(ledger).Attempts));
        ledger.Clock.Now += TimeSpan.FromDays(90);
        Assert.Empty(Send(ledger, server));

        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { NotificationEmail = [Billing] }));
        Assert.Equal(CreditNotificationStatus.Sent, Assert.Single(Send(ledger, server)).Status);
        Assert.Single(server.Mails);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_refused_recipient_fails_the_notice_and_it_is_tried_again_later()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD", "refused@contoso.com");

        var failed = Assert.Single(Send(ledger, server));

        Assert.Equal(CreditNotificationStatus.Failed, failed.Status);
        Assert.Contains("No such person here", failed.LastError);
        ledger.Clock.Now += TimeSpan.FromMinutes(4);
        Assert.Empty(Send(ledger, server));
        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { NotificationEmail = [Billing] }));
        ledger.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal((CreditNotificationStatus.Sent, 2),
            Assert.Single(Send(ledger, server)) is var sent ? (sent.Status, sent.Attempts) : default);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void Of_several_recipients_one_is_refused_and_the_others_get_it_once()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD", "anna@contoso.com", "refused@contoso.com", "bob@contoso.com");

        var sent = Assert.Single(Send(ledger, server));

        Assert.Equal(CreditNotificationStatus.Sent, sent.Status);
        Assert.Contains("refused@contoso.com", sent.LastError);
        Assert.Equal(["anna@contoso.com", "bob@contoso.com"], server.Mails.Single().To);
        ledger.Clock.Now += TimeSpan.FromDays(2);
        Assert.Empty(Send(ledger, server));
    }

    [Theory]
    [InlineData(MailServerMode.Stall)]
    [InlineData(MailServerMode.Disconnect)]
    [InlineData(MailServerMode.Refuse)]
    [Trait("Rule", "N3")]
    public void A_server_that_misbehaves_loses_nothing(MailServerMode mode)
    {
        using var ledger = Ledger("Contoso", "USD", Billing);
        using (var bad = new MailServer(mode))
        {
            var clock = Stopwatch.StartNew();
            var failed = Assert.Single(Send(ledger, bad, seconds: mode == MailServerMode.Stall ? 1 : 30));
            Assert.Equal((CreditNotificationStatus.Failed, 1), (failed.Status, failed.Attempts));
            Assert.NotNull(failed.LastError);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(25), $"It took {clock.Elapsed}.");
            Assert.Empty(bad.Mails);
        }

        ledger.Clock.Now += TimeSpan.FromMinutes(5);
        using var server = new MailServer();
        Assert.Equal(CreditNotificationStatus.Sent, Assert.Single(Send(ledger, server)).Status);
        Assert.Null(Notice(ledger).LastError);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_mail_sent_twice_has_the_same_message_id()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD", Billing);

        // As if the process had been killed after the mail had gone out, before that was written.
        Send(ledger, server);
        ledger.Put(TestLedger.Contoso, posting => posting.Notifications[1] = DeliveryRules.Claimed(
            ledger.Notice(TestLedger.Contoso, 1) with { Status = CreditNotificationStatus.Pending, Attempts = 0 },
            Instant.Now(ledger.Clock), TimeSpan.FromMinutes(1)));

        Assert.Empty(Send(ledger, server));
        ledger.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Single(Send(ledger, server));

        Assert.Equal(2, server.Mails.Count);
        Assert.Equal(server.Mails[0].Message.MessageId, server.Mails[1].Message.MessageId);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_server_that_is_not_there_ends_the_run_after_three_and_the_rest_waits()
    {
        using var ledger = Ledger("Contoso", "USD", Billing);
        for (var i = 0; i < 5; i++)
        {
            ledger.AddFunds(5000);
            ledger.Spend(5000);
        }

        Assert.Equal(6, ledger.Notices().Count);
        var warnings = new List<string>();

        var tried = ledger.Session.Notifications.Send(
            TenantSelection.All, new SmtpDelivery("127.0.0.1", Billing) { Port = FreePort() }, warn: warnings.Add).ToList();

        Assert.Equal(3, tried.Count);
        Assert.All(tried, notice => Assert.Equal(CreditNotificationStatus.Failed, notice.Status));
        Assert.Contains("The other 3 were not tried", Assert.Single(warnings));
        Assert.Equal(3, ledger.Notices().Count(notice => notice.Status == CreditNotificationStatus.Pending));
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_run_that_is_stopped_does_not_wait_for_the_server_and_the_notice_is_sent_later()
    {
        using var ledger = Ledger("Contoso", "USD", Billing);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        using (var bad = new MailServer(MailServerMode.Stall))
        {
            var clock = Stopwatch.StartNew();
            var failed = Assert.Single(ledger.Session.Notifications.Send(
                TenantSelection.All, new SmtpDelivery("127.0.0.1", Billing) { Port = bad.Port, Timeout = TimeSpan.FromMinutes(5) },
                cancellation: stop.Token));
            Assert.Equal(CreditNotificationStatus.Failed, failed.Status);
            Assert.Contains("the run was stopped", failed.LastError);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"It took {clock.Elapsed}.");
        }

        ledger.Clock.Now += TimeSpan.FromMinutes(5);
        using var server = new MailServer();
        Assert.Equal(CreditNotificationStatus.Sent, Assert.Single(Send(ledger, server)).Status);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void One_connection_serves_a_run_also_when_a_mail_is_refused_in_between()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD", "refused@contoso.com");
        ledger.AddTenant("fabrikam.com", new() { NotificationEmail = ["anna@fabrikam.com"] });
        foreach (var id in (string[])["fabrikam.com", TestLedger.Contoso])
            ledger.ImportFile(ledger.Folder.Write(id, Call.Csv([Call.Paid($"call of {id}", "2026-03-15T10:00:00Z", 5m)])), tenant: id);

        var sent = Send(ledger, server);

        Assert.Contains(sent, notice => notice.Status == CreditNotificationStatus.Failed);
        Assert.Equal(["anna@fabrikam.com"], server.Mails.SelectMany(mail => mail.To).Distinct());
        Assert.Equal(1, server.Connections);
    }

    [LinuxTheory("which certificates a process trusts is set by SSL_CERT_FILE there only")]
    [InlineData(false, MailSecurity.StartTls, "password")]
    [InlineData(false, MailSecurity.Auto, "password")]
    [InlineData(false, MailSecurity.StartTls, "token")]
    [InlineData(true, MailSecurity.Tls, "password")]
    [InlineData(true, MailSecurity.Tls, "token")]
    [Trait("Rule", "N3")]
    public void Mail_is_encrypted_and_signed_in_where_the_certificate_is_trusted(bool isImplicit, MailSecurity security, string kind)
    {
        using var folder = new TempFolder();
        using var certificate = MailServer.SelfMadeCertificate();
        var trusted = folder.Write("server.pem", certificate.ExportCertificatePem());
        using var server = new MailServer(access: new(certificate, "robot@contoso.com", "s3cret-password", isImplicit));
        using var ledger = Ledger("Contoso", "USD", Billing);
        ledger.Session.Dispose();

        // Which certificates are trusted is a setting of a process, so a process of its own sends.
        var (wrongOutput, wrongError) = SendBy("not-the-password");
        Assert.Contains("\tFailed\t", wrongOutput);
        Assert.DoesNotContain("not-the-password", wrongOutput + wrongError);
        Assert.Empty(server.Mails);

        ledger.Reopen();
        ledger.Put(TestLedger.Contoso, posting =>
            posting.Notifications[1] = ledger.Notice(TestLedger.Contoso, 1) with { NextAt = new Ledger.Time.Instant(0) });

        var (output, error) = SendBy("s3cret-password");
        Assert.True(output.Contains("contoso.com/N1\tSent\t"), output + error);
        var mail = Assert.Single(server.Mails);
        Assert.Equal((true, "robot@contoso.com", "robot@contoso.com"), (mail.IsEncrypted, mail.SignedInAs, mail.From));

        (string Output, string Error) SendBy(string secret)
        {
            using var process = HostProgram.Start(
                new Dictionary<string, string> { ["SSL_CERT_FILE"] = trusted, ["SSL_CERT_DIR"] = folder.Path },
                "send", ledger.File, $"{server.Port}", $"{security}", "robot@contoso.com", secret, kind);
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (output, error.Result);
        }
    }

    [Theory]
    [InlineData(false, MailSecurity.StartTls)]
    [InlineData(false, MailSecurity.Auto)]
    [InlineData(true, MailSecurity.Tls)]
    [Trait("Rule", "N3")]
    public void A_certificate_that_is_not_trusted_is_refused(bool isImplicit, MailSecurity security)
    {
        using var certificate = MailServer.SelfMadeCertificate();
        using var server = new MailServer(access: new(certificate, "robot", "s3cret-password", isImplicit));
        using var ledger = Ledger("Contoso", "USD", Billing);

        var failed = Assert.Single(ledger.Session.Notifications.Send(
            TenantSelection.All,
            new SmtpDelivery("localhost", Billing)
            {
                Port = server.Port,
                Security = security,
                Credential = new NetworkCredential("robot", "s3cret-password"),
            }));

        Assert.Equal(CreditNotificationStatus.Failed, failed.Status);
        Assert.Contains("certificate is not trusted", failed.LastError);
        Assert.DoesNotContain("s3cret-password", failed.LastError);
        Assert.Empty(server.Mails);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_password_never_goes_to_a_server_without_encryption_unless_that_was_asked_for()
    {
        using var server = new MailServer();
        using var ledger = Ledger("Contoso", "USD", Billing);

        var failed = Assert.Single(ledger.Session.Notifications.Send(
            TenantSelection.All,
            new SmtpDelivery("127.0.0.1", Billing) { Port = server.Port, Credential = new NetworkCredential("robot", "s3cret-password") }));

        Assert.Equal(CreditNotificationStatus.Failed, failed.Status);
        Assert.Contains("STARTTLS", failed.LastError);
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData(MailSecurity.Auto, "certificate is not trusted")]
    [InlineData(MailSecurity.None, "uthentication")]
    [Trait("Rule", "N3")]
    public void A_server_that_wants_encryption_gets_nothing_without_it(MailSecurity security, string reason)
    {
        using var certificate = MailServer.SelfMadeCertificate();
        using var server = new MailServer(access: new(certificate, "robot", "s3cret-password"));
        using var ledger = Ledger("Contoso", "USD", Billing);

        var failed = Assert.Single(Send(ledger, server, security: security));

        Assert.Equal(CreditNotificationStatus.Failed, failed.Status);
        Assert.Contains(reason, failed.LastError);
        Assert.Empty(server.Mails);
    }

    [Fact]
    [Trait("Rule", "N3")]
    public void A_relay_that_offers_encryption_nobody_can_check_takes_mail_without_it_where_that_is_asked_for()
    {
        using var certificate = MailServer.SelfMadeCertificate();
        using var server = new MailServer(access: new(certificate));
        using var ledger = Ledger("Contoso", "USD", Billing);

        Assert.Contains("-Security None", Assert.Single(Send(ledger, server)).LastError);
        ledger.Clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(CreditNotificationStatus.Sent, Assert.Single(Send(ledger, server, security: MailSecurity.None)).Status);
        Assert.False(Assert.Single(server.Mails).IsEncrypted);
    }

    [Fact]
    public void A_delivery_with_two_sign_ins_or_an_empty_token_is_refused()
    {
        using var ledger = Ledger("Contoso", "USD", Billing);
        var token = new NetworkCredential(string.Empty, "token").SecurePassword;

        Refuses.With(CreditErrorId.RuleInvalid, () => ledger.Session.Notifications.Send(
            TenantSelection.All,
            new SmtpDelivery("127.0.0.1", Billing) { Credential = new NetworkCredential("robot", "x"), AccessToken = token }));
        Refuses.With(CreditErrorId.RuleInvalid, () => ledger.Session.Notifications.Send(
            TenantSelection.All, new SmtpDelivery("127.0.0.1", Billing) { AccessToken = new() }));
    }

    [Theory]
    [InlineData("", Billing, null, null)]
    [InlineData("mail server", Billing, null, null)]
    [InlineData("smtp://mail.example.com", Billing, null, null)]
    [InlineData("mail.example.com", "nobody", null, null)]
    [InlineData("mail.example.com", "", null, null)]
    [InlineData("mail.example.com", "a@b.example\r\nBcc: c@d.example", null, null)]
    [InlineData("mail.example.com", Billing, "not an address", null)]
    [InlineData("mail.example.com", Billing, "a@b.example, c@d.example", null)]
    [InlineData("mail.example.com", Billing, "a@b.example;c@d.example", null)]
    [InlineData("mail.example.com", Billing, null, 0)]
    [InlineData("mail.example.com", Billing, null, 65536)]
    public void A_delivery_that_makes_no_sense_is_refused_before_anything_is_sent(
        string server, string from, string? to, int? port)
    {
        using var ledger = Ledger("Contoso", "USD", Billing);

        Refuses.With(CreditErrorId.RuleInvalid, () => ledger.Session.Notifications.Send(
            TenantSelection.All, new SmtpDelivery(server, from) { To = to is null ? [] : [to], Port = port }));
        Assert.Equal(0, Notice(ledger).Attempts);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>A ledger with one notice: the credits are used up.</summary>
    private static TestLedger Ledger(string name, string currency, params string[] addresses)
    {
        var ledger = new TestLedger(contoso: false);
        ledger.AddTenant(TestLedger.Contoso, new() { Name = name, Currency = currency, NotificationEmail = addresses });
        ledger.ImportFile(ledger.Folder.Write(
            "u", Call.Csv([Call.Paid("first", "2026-03-15T10:00:00Z", 1234.56m) with { Currency = currency }])));
        return ledger;
    }

    private static List<CreditNotification> Send(
        TestLedger ledger, MailServer server, string from = Billing, string[]? to = null, double seconds = 30,
        MailSecurity security = MailSecurity.Auto) =>
        [.. ledger.Session.Notifications.Send(
            TenantSelection.All,
            new SmtpDelivery("127.0.0.1", from)
            {
                Port = server.Port,
                To = to ?? [],
                Timeout = TimeSpan.FromSeconds(seconds),
                Security = security,
            })];

    private static CreditNotification Notice(TestLedger ledger) => ledger.Notices().Single();
}
