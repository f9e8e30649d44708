using System.Runtime.Versioning;
using System.Text;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.TestHost;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>What must never be kept, shown or told: tokens, secrets and card numbers.</summary>
public sealed class PaymentSecretTests
{
    private const string Card = "4111 1111 1111 1111";

    [Fact]
    [Trait("Rule", "R9")]
    public void A_token_is_nowhere_in_the_ledger_file_nor_in_what_is_shown()
    {
        using var ledger = new TestLedger();
        var book = new GatewayBook(ledger.Folder.File("book"));
        ledger.PayBy(HostProgram.Gateway("psp", ledger.Folder.File("book"), TimeSpan.FromSeconds(60)));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        book.Plan("repeat-token", "die", "repeat-token", "succeed");
        for (var run = 0; run < 4; run++)
            ledger.Recharge(force: true);

        Assert.All(ledger.Attempts(), attempt => Assert.DoesNotContain(RechargeSetup.Token, attempt.ToString()));
        Assert.Contains(ledger.Attempts(), attempt => attempt.Reason == "no such token ****");
        Assert.All(ledger.Notices(), notice => Assert.DoesNotContain(RechargeSetup.Token, notice.ToString()));
        Assert.All(ledger.Entries(), entry => Assert.DoesNotContain(RechargeSetup.Token, entry.ToString()));
        var method = ledger.Session.Recharges.GetPaymentMethods(TenantSelection.All).Single();
        Assert.Equal("****oken", method.Token);
        AssertNowhere(ledger, RechargeSetup.Token);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void A_short_token_is_masked_whole()
    {
        using var ledger = new TestLedger();

        Assert.Equal("****", ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = "tok_1" }).Token);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void A_copy_of_the_ledger_gives_no_token_away()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        using var elsewhere = LedgerSession.Open(
            ledger.File, new() { Clock = ledger.Clock, ConfigurationFolder = ledger.Folder.File("elsewhere") });
        elsewhere.Recharges.RegisterGateway(server.Gateway());

        var error = Refuses.With(CreditErrorId.GatewayInvalid, () => elsewhere.Recharges.Run(TestLedger.Contoso, force: false));

        Assert.Contains("another account or on another machine", error.Message);
        Assert.Contains("COMMUNICATIONSCREDITS_KEY", error.Message);
        Assert.Equal(0, server.Requests);
        Assert.Empty(ledger.Attempts());
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void An_attempt_stored_elsewhere_stays_open_here_and_is_told_after_24_hours()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");
        ledger.Recharge();
        ledger.SetClock("2026-03-16T12:00:00Z");
        using var elsewhere = LedgerSession.Open(
            ledger.File, new() { Clock = ledger.Clock, ConfigurationFolder = ledger.Folder.File("elsewhere") });
        elsewhere.Recharges.RegisterGateway(server.Gateway());

        Assert.Equal(AutoRechargeAttemptState.Unknown, elsewhere.Recharges.Run(TestLedger.Contoso, force: false).Single().State);
        Assert.Single(ledger.Notices(CreditNotificationKind.RechargeFailed));
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void A_secret_that_a_server_repeats_does_not_get_into_the_ledger()
    {
        using var ledger = new TestLedger();
        using var server = new LoopbackServer(
            _ => ServerReply.Of(200, """{"status":"declined","reason":"hunter2-long is wrong"}"""));
        ledger.PayBy(new()
        {
            Name = "psp",
            Command = null,
            ArgumentList = [],
            Uri = server.Uri,
            SecretName = "PSP",
            Timeout = TimeSpan.FromSeconds(60),
        });
        ledger.Secrets["PSP"] = "hunter2-long";
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        Assert.Equal("**** is wrong", ledger.Recharge()!.Reason);
        AssertNowhere(ledger, "hunter2-long");
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void Card_numbers_are_refused_everywhere_and_not_echoed()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        foreach (var attempt in new Func<object?>[]
        {
            () => ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, Card)),
            () => ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = Card }),
            () => ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = "tok4111111111111111" }),
            () => ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Gateway = Card }),
            () => ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { PurchaseOrder = "PO " + Card }),
            () => ledger.Session.Execute(new AddFunds(TestLedger.Contoso, 5) { Reference = "paid by 4111-1111-1111-1111" }),
            () => ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, 5) { Reason = Card }),
            () => ledger.Session.Execute(new ResolveAttempt("contoso.com/A1", true, Card)),
            () => ledger.Session.Recharges.RegisterGateway(HostProgram.Gateway("psp", Card, TimeSpan.FromSeconds(5))),
        })
        {
            var error = Refuses.With(CreditErrorId.CardNumberRefused, attempt);
            Assert.DoesNotContain("1111", error.ToString());
        }

        AssertNowhere(ledger, "1111");
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void A_card_number_in_a_gateways_answer_is_withheld()
    {
        using var ledger = new TestLedger();
        using var server = new LoopbackServer(
            _ => ServerReply.Of(200, $$"""{"status":"declined","reason":"card {{Card}} is lost"}"""));
        ledger.PayBy(new()
        {
            Name = "psp",
            Command = null,
            ArgumentList = [],
            Uri = server.Uri,
            SecretName = null,
            Timeout = TimeSpan.FromSeconds(60),
        });
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        Assert.DoesNotContain("1111", ledger.Recharge()!.Reason);
        AssertNowhere(ledger, "1111 1111");
    }

    [Theory]
    [InlineData("http://pay.example.com/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:pw@pay.example.com/")]
    public void An_address_that_is_not_https_is_refused(string uri)
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();

        Refuses.With(CreditErrorId.GatewayInvalid,
            () => ledger.Session.Recharges.RegisterGateway(server.Gateway().With(new { Uri = new Uri(uri) })));
        Assert.Single(ledger.Session.Recharges.GetGateways());
    }

    [Fact]
    public void A_gateway_that_makes_no_sense_is_refused()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        var gateway = server.Gateway();
        foreach (var wrong in new[]
        {
            gateway.With(new { Name = "" }),
            gateway.With(new { Name = "invoice" }),
            gateway.With(new { Name = "a\nb" }),
            gateway.With(new { Command = "both" }),
            gateway.With(new { Uri = (Uri?)null }),
            gateway.With(new { Uri = new Uri("/relative", UriKind.Relative) }),
            gateway.With(new { Timeout = TimeSpan.Zero }),
            gateway.With(new { Timeout = TimeSpan.FromHours(1) }),
        })
            Refuses.With(CreditErrorId.GatewayInvalid, () => ledger.Session.Recharges.RegisterGateway(wrong));
        Refuses.With(CreditErrorId.GatewayInvalid, () => ledger.Session.Recharges.UnregisterGateway("Invoice"));
        Refuses.With(CreditErrorId.GatewayNotFound, () => ledger.Session.Recharges.UnregisterGateway("psp"));
    }

    [Fact]
    public void A_configuration_edited_to_plain_http_is_not_used()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        var file = Path.Combine(ledger.Configuration, "gateways.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("127.0.0.1", "pay.example.com"));

        Refuses.With(CreditErrorId.GatewayInvalid, () => ledger.Recharge());
        Assert.Empty(ledger.Attempts());
    }

    [UnixTheory]
    [UnsupportedOSPlatform("windows")]
    [InlineData("gateways.json", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite)]
    [InlineData("gateways.json", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite)]
    [InlineData("", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite)]
    public void A_configuration_that_others_can_write_is_refused(string name, UnixFileMode mode)
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        File.SetUnixFileMode(Path.Combine(ledger.Configuration, name), mode);

        var error = Refuses.With(CreditErrorId.GatewayInvalid, () => ledger.Recharge());
        Assert.Contains("chmod go-w", error.Message);
        Assert.Equal(0, server.Requests);
        var warnings = ledger.Import(Call.Paid("a", "2026-03-10T10:00:00Z", 60)).Told.Warnings;
        Assert.Contains(warnings, warning => warning.Contains("chmod go-w"));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void The_configuration_is_its_owners_only()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());

        const UnixFileMode Others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (var path in Directory.EnumerateFiles(ledger.Configuration).Append(ledger.Configuration))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
    }

    [Fact]
    public void An_expiry_that_is_no_month_is_refused()
    {
        using var ledger = new TestLedger();

        foreach (var text in new[] { "2026-13", "03/26", "2026-3", "", "2026-03-01" })
        {
            Refuses.With(CreditErrorId.InvalidInstant,
                () => ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { ExpiryMonth = text }));
        }
    }

    private static void AssertNowhere(TestLedger ledger, string secret)
    {
        foreach (var path in Directory.EnumerateFiles(ledger.Folder.Path, "ledger.db*"))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var content = bytes.ToArray().AsSpan();
            Assert.True(content.IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{path} holds it.");
            Assert.True(content.IndexOf(Encoding.Unicode.GetBytes(secret)) < 0, $"{path} holds it.");
        }
    }
}
