using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.TestHost;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>
/// Real gateways that misbehave: a program, and an HTTP server. Each keeps its own book of charges; whatever happens, the
/// book and the ledger agree in the end (R5).
/// </summary>
public sealed class GatewayFaultTests
{
    /// <summary>Enough for a program to start on a busy machine, where no time-out is wanted.</summary>
    private const double Patient = 60;

    public static TheoryData<string, string, double> ProgramFaults => new()
    {
        // What the program does, the state that is known then, and the time-out in seconds.
        { "hang", "Unknown", 2 },
        { "charge-hang", "Unknown", 2 },
        { "slow 20000", "Unknown", 2 },
        { "die", "Unknown", Patient },
        { "charge-die", "Unknown", Patient },
        { "rubbish", "Unknown", Patient },
        { "charge-rubbish", "Unknown", Patient },
        { "charge-unicode", "Unknown", Patient },
        { "charge-nothing", "Unknown", Patient },
        { "charge-twice", "Unknown", Patient },
        { "pending", "Pending", Patient },
        { "charge-pending", "Pending", Patient },
        { "charge-mark", "Succeeded", Patient },
        { "decline insufficient_funds", "Declined", Patient },
    };

    public static TheoryData<string, string, double> ServerFaults => new()
    {
        { "status 400", "Declined", Patient },
        { "status 401", "Declined", Patient },
        { "status 402", "Declined", Patient },
        { "status 403", "Declined", Patient },
        { "status 404", "Declined", Patient },
        { "status 422", "Declined", Patient },
        { "decline", "Declined", Patient },
        { "status 409", "Unknown", Patient },
        { "status 429", "Unknown", Patient },
        { "status 500", "Unknown", Patient },
        { "charge-status 500", "Unknown", Patient },
        { "status 503", "Unknown", Patient },
        { "redirect", "Unknown", Patient },
        { "charge-redirect", "Unknown", Patient },
        { "reset", "Unknown", Patient },
        { "charge-reset", "Unknown", Patient },
        { "rubbish", "Unknown", Patient },
        { "charge-rubbish", "Unknown", Patient },
        { "never", "Unknown", 1 },
        { "charge-never", "Unknown", 1 },
        { "pending", "Pending", Patient },
        { "charge-pending", "Pending", Patient },
    };

    [Theory]
    [MemberData(nameof(ProgramFaults))]
    [Trait("Rule", "R5")]
    public void A_program_that_misbehaves_leads_to_one_charge_in_the_end(string behaviour, string state, double seconds)
    {
        using var ledger = new TestLedger();
        var book = new GatewayBook(ledger.Folder.File("book"));
        ledger.PayBy(HostProgram.Gateway("psp", ledger.Folder.File("book"), TimeSpan.FromSeconds(seconds)));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        book.Plan(behaviour);

        Assert.Equal(state, ledger.Recharge()!.State.ToString());
        ChangeEverything(ledger);
        RunUntilSettled(ledger, patience: HostProgram.Gateway("psp", ledger.Folder.File("book"), TimeSpan.FromSeconds(Patient)));

        book.AssertAgrees(ledger.Session);
        Assert.Single(book.Charges());
        Assert.Single(ledger.Entries(CreditTransactionKind.Recharge));
    }

    [Theory]
    [MemberData(nameof(ServerFaults))]
    [Trait("Rule", "R5")]
    public void A_server_that_misbehaves_leads_to_one_charge_in_the_end(string behaviour, string state, double seconds)
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway(seconds: seconds));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan(behaviour);

        Assert.Equal(state, ledger.Recharge()!.State.ToString());
        ChangeEverything(ledger);
        RunUntilSettled(ledger, patience: server.Gateway(seconds: Patient));

        Assert.Empty(server.Faults);
        server.Book.AssertAgrees(ledger.Session);
        Assert.Single(server.Book.Charges());
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void A_program_that_is_not_there_is_declined()
    {
        using var ledger = new TestLedger();
        var gateway = HostProgram.Gateway("psp", "book", TimeSpan.FromSeconds(5));
        ledger.PayBy(gateway.With(new { Command = ledger.Folder.File("no-such-program") }));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        var attempt = ledger.Recharge()!;

        Assert.Equal(AutoRechargeAttemptState.Declined, attempt.State);
        Assert.Contains("could not be started", attempt.Reason);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void A_connection_that_is_refused_is_declined()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Close();

        var attempt = ledger.Recharge()!;

        Assert.Equal(AutoRechargeAttemptState.Declined, attempt.State);
        Assert.Contains("was not reached", attempt.Reason);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("no program")]
    [InlineData("no secret")]
    [InlineData("not registered")]
    [InlineData("status 400")]
    [InlineData("status 401")]
    [InlineData("status 403")]
    [InlineData("status 404")]
    [Trait("Rule", "R5")]
    public void That_a_resend_is_not_taken_says_nothing_of_the_charge_before_it(string how)
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");
        Assert.Equal(AutoRechargeAttemptState.Unknown, ledger.Recharge()!.State);

        switch (how)
        {
            case "gone":
                ledger.Session.Recharges.RegisterGateway(server.Gateway().With(new { Uri = new Uri("http://127.0.0.1:1/") }));
                break;
            case "no program":
                ledger.Session.Recharges.RegisterGateway(
                    server.Gateway().With(new { Uri = (Uri?)null, Command = ledger.Folder.File("no-such-program") }));
                break;
            case "no secret":
                ledger.Session.Recharges.RegisterGateway(server.Gateway(secretName: "NOT_THERE"));
                break;
            case "not registered":
                ledger.Session.Recharges.UnregisterGateway("psp");
                break;
            default:
                server.Book.Plan(how);
                break;
        }

        Assert.Equal(AutoRechargeAttemptState.Unknown, ledger.Recharge()!.State);
        Assert.Equal(CreditAutoRecharge.Waiting, ledger.Rule().State);
        RunUntilSettled(ledger, server.Gateway());
        server.Book.AssertAgrees(ledger.Session);
        Assert.Single(server.Book.Charges());
    }

    [Theory]
    [InlineData("decline")]
    [InlineData("status 402")]
    [InlineData("status 422")]
    [Trait("Rule", "R6")]
    public void The_gateways_own_word_declines_a_resend_too(string word)
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("status 500", word);
        ledger.Recharge();

        Assert.Equal(AutoRechargeAttemptState.Declined, ledger.Recharge()!.State);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public async Task An_answer_that_comes_after_the_attempt_was_declined_by_hand_is_posted_all_the_same()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        using var asked = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        using var slow = new LoopbackServer(request =>
        {
            asked.Release();
            answer.Wait();
            server.Book.Take(request.Body);
            var charge = server.Book.Charge(request.Body);
            return ServerReply.Of(200, $$"""{"status":"succeeded","reference":"{{charge.Reference}}"}""");
        });
        ledger.PayBy(server.Gateway().With(new { Uri = slow.Uri }));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        var run = Task.Run(() => ledger.Recharge());
        await asked.WaitAsync();
        ledger.Session.Execute(new ResolveAttempt("contoso.com/A1", succeeded: false, null));
        Assert.Equal(AutoRechargeAttemptState.Declined, ledger.Attempts().Single().State);

        answer.Release();

        Assert.Equal(AutoRechargeAttemptState.Succeeded, (await run)!.State);
        Assert.Equal(CreditAutoRecharge.On, ledger.Rule().State);
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public async Task Two_runs_at_once_charge_once()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var other = ledger.Open();
            other.Recharges.Run(TestLedger.Contoso, force: false);
        })));

        Assert.Single(server.Book.Charges());
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void A_run_that_is_stopped_lets_go_of_its_gateway_and_the_next_one_charges_once()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway(seconds: Patient));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-never");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        var stopped = ledger.Session.Recharges.Run(TestLedger.Contoso, force: false, stop.Token).Single();

        Assert.Equal(AutoRechargeAttemptState.Unknown, stopped.State);
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        server.Book.AssertAgrees(ledger.Session);
        Assert.Single(server.Book.Charges());
    }

    [Fact]
    [Trait("Rule", "R5")]
    public async Task No_transaction_is_open_while_a_gateway_is_asked()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        using var asked = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        using var slow = new LoopbackServer(request =>
        {
            asked.Release();
            answer.Wait();
            return ServerReply.Of(200, """{"status":"declined"}""");
        });
        ledger.PayBy(server.Gateway().With(new { Uri = slow.Uri }));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        var run = Task.Run(() => ledger.Recharge());
        await asked.WaitAsync();

        using (var other = ledger.Open())
            other.Execute(new Ledger.Funds.Operations.AddFunds(TestLedger.Contoso, 5));
        Assert.Equal(5, ledger.Balance());
        Assert.Equal(CreditAutoRecharge.Waiting, ledger.Rule().State);
        answer.Release();
        Assert.Equal(AutoRechargeAttemptState.Declined, (await run)!.State);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void Requests_are_signed_with_the_secret_as_it_is_at_the_moment_of_use()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer("s3cret-ü");
        ledger.PayBy(server.Gateway(secretName: "PSP_SECRET"));
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        var refused = ledger.Recharge()!;
        Assert.Equal(AutoRechargeAttemptState.Declined, refused.State);
        Assert.Contains("PSP_SECRET", refused.Reason);
        Assert.Equal(0, server.Requests);

        ledger.Secrets["PSP_SECRET"] = "s3cret-ü";
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge(force: true)!.State);
        Assert.Empty(server.Faults);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void The_request_is_the_documented_one()
    {
        using var ledger = new TestLedger();
        var seen = new List<string>();
        using var server = new LoopbackServer(request =>
        {
            seen.Add(System.Text.Encoding.UTF8.GetString(request.Body));
            return ServerReply.Of(200, """{"status":"declined"}""");
        });
        ledger.PayBy(new()
        {
            Name = "psp",
            Command = null,
            ArgumentList = [],
            Uri = server.Uri,
            SecretName = null,
            Timeout = TimeSpan.FromSeconds(Patient),
        });
        ledger.SetRule(minimum: 10, amount: 450, method: "card");

        ledger.Recharge();

        var key = System.Text.Json.JsonDocument.Parse(seen[0]).RootElement.GetProperty("idempotencyKey").GetString();
        Assert.Equal(
            """{"attemptId":"contoso.com/A1","idempotencyKey":"KEY","tenantId":"contoso.com","amount":"450.00",""" +
            "\"currency\":\"USD\",\"paymentMethod\":{\"name\":\"card\",\"token\":\"TOKEN\",\"purchaseOrder\":null}}",
            seen[0].Replace(key!, "KEY").Replace(RechargeSetup.Token, "TOKEN"));
        Assert.True(Guid.TryParse(key, out _));
    }

    /// <summary>Changes what a request is made from, which must not change one that was sent before.</summary>
    private static void ChangeEverything(TestLedger ledger)
    {
        ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = "tok_other", PurchaseOrder = "PO-1" });
        ledger.SetRule(minimum: 5, amount: 70);
        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Name = "Contoso Ltd.", Country = "GB" }));
    }

    private static void RunUntilSettled(TestLedger ledger, CreditGateway patience)
    {
        ledger.Session.Recharges.RegisterGateway(patience);
        for (var runs = 0; ledger.Balance() < 10 && runs < 5; runs++)
            ledger.Recharge(force: true);
        Assert.DoesNotContain(
            ledger.Attempts(), attempt => attempt.State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown);
    }
}
