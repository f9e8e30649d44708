using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.TestHost;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>What tests of recharges do with a ledger again and again.</summary>
internal static class RechargeSetup
{
    public const string Token = "tok_live_8Xq2SecretToken";

    /// <summary>Lets a gateway be known here, and a method of Contoso be paid through it.</summary>
    public static void PayBy(this TestLedger ledger, CreditGateway gateway, string method = "card", string? expiry = null)
    {
        ledger.Session.Recharges.RegisterGateway(gateway);
        ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, method)
        {
            Gateway = gateway.Name,
            Token = Token,
            ExpiryMonth = expiry,
        });
    }

    public static AutoRecharge SetRule(
        this TestLedger ledger, decimal? minimum = null, decimal? amount = null, decimal? target = null, string? method = null,
        decimal? perCharge = null, decimal? perDay = null, decimal? perMonth = null) =>
        ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso)
        {
            MinimumBalance = minimum,
            RechargeAmount = amount,
            TargetBalance = target,
            PaymentMethod = method,
            MaximumPerCharge = perCharge,
            MaximumPerDay = perDay,
            MaximumPerMonth = perMonth,
        });

    /// <summary>Uses so much money, without an evaluation of the rule.</summary>
    public static void Spend(this TestLedger ledger, decimal amount, string? id = null) => ledger.ImportFile(
        ledger.Folder.Write(
            $"spend-{Guid.NewGuid():N}",
            Call.Csv([Call.Paid(id ?? Guid.NewGuid().ToString(), ledger.Clock.Now.AddMinutes(-1), amount)])),
        new() { NoRecharge = true });

    /// <summary>Evaluates the rule of Contoso.</summary>
    public static AutoRechargeAttempt? Recharge(this TestLedger ledger, bool force = false) =>
        ledger.Session.Recharges.Run(TestLedger.Contoso, force).SingleOrDefault();

    public static AutoRecharge Rule(this TestLedger ledger) =>
        ledger.Session.Recharges.GetRules(TenantSelection.One(TestLedger.Contoso)).Single();

    public static List<AutoRechargeAttempt> Attempts(this TestLedger ledger) =>
        [.. ledger.Session.Recharges.GetAttempts(TenantSelection.One(TestLedger.Contoso))];

    public static List<CreditNotification> Notices(this TestLedger ledger, params CreditNotificationKind[] kinds) =>
        [.. ledger.Session.Notifications.GetNotifications(TenantSelection.One(TestLedger.Contoso), kinds, [])];

    public static List<CreditTransaction> Entries(this TestLedger ledger, params CreditTransactionKind[] kinds) =>
        [.. ledger.Session.Funds.GetTransactions(TenantSelection.One(TestLedger.Contoso), new() { Kinds = kinds })];

    /// <summary>The gateway's book and the ledger's recharges are the same charges, to the cent.</summary>
    public static void AssertAgrees(this GatewayBook book, LedgerSession ledger, string tenant = TestLedger.Contoso)
    {
        var charges = book.Charges();
        var paid = ledger.Recharges.GetAttempts(TenantSelection.One(tenant))
            .Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded).ToList();
        Assert.Equal(
            charges.OrderBy(charge => charge.AttemptId).Select(charge => (charge.AttemptId, charge.Amount)),
            paid.OrderBy(attempt => attempt.AttemptId).Select(attempt => (attempt.AttemptId, attempt.Amount)));
        Assert.Equal(
            charges.Select(charge => charge.Amount).Order(),
            ledger.Funds.GetTransactions(TenantSelection.One(tenant), new() { Kinds = [CreditTransactionKind.Recharge] })
                .Select(entry => entry.Amount).Order());

        // What was sent again was sent byte for byte.
        Assert.All(book.Requests(), requests => Assert.Single(requests.Distinct()));
        Assert.Empty(ledger.Audit.Verify(TenantSelection.All));
    }
}
