using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>Sets a tenant's recharge rule, or changes it; null leaves what there is (R1).</summary>
/// <param name="tenantId">The tenant.</param>
public sealed class SetRechargeRule(string tenantId) : LedgerCommand<AutoRecharge>
{
    /// <summary>The balance below which it acts, 0 or more.</summary>
    public decimal? MinimumBalance { get; init; }

    /// <summary>The fixed amount, above 0; takes the place of a target.</summary>
    public decimal? RechargeAmount { get; init; }

    /// <summary>The target balance, above the minimum; takes the place of a fixed amount.</summary>
    public decimal? TargetBalance { get; init; }

    /// <summary>The most that one charge may be.</summary>
    public decimal? MaximumPerCharge { get; init; }

    /// <summary>The most that may be charged in a day UTC.</summary>
    public decimal? MaximumPerDay { get; init; }

    /// <summary>The most that may be charged in a month UTC.</summary>
    public decimal? MaximumPerMonth { get; init; }

    /// <summary>The payment method's name.</summary>
    public string? PaymentMethod { get; init; }

    internal override AutoRecharge Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        var before = tx.Recharge.FindRule(tenant.Number);
        var after = Apply(before, tenant);
        Check(after, tenant);
        if (PaymentMethod is not null && tx.Recharge.FindMethod(tenant.Number, PaymentMethod) is null)
            throw RechargeErrors.PaymentMethodNotFound(tenant.Id, PaymentMethod);
        if (after != before)
        {
            tx.Recharge.PutRule(tenant.Number, after);
            var posting = new TenantPosting(tx, tenant, ledger.Context);
            posting.Notices.RearmChargeCap();
            posting.Note($"Auto-recharge: {Describe(after, tenant.Currency)}");
            posting.Finish();
        }

        return RechargeState.Describe(tx, tenant, after, ledger.Now);
    }

    private RechargeRule Apply(RechargeRule? before, Tenant tenant)
    {
        if (RechargeAmount is not null && TargetBalance is not null)
            throw Invalid(tenant, "it has either an amount (-RechargeAmount) or a target (-TargetBalance), not both");
        if (before is null && (MinimumBalance is null || (RechargeAmount is null && TargetBalance is null)))
            throw Invalid(tenant, "a new one needs -MinimumBalance, and -RechargeAmount or -TargetBalance");
        before ??= new() { Enabled = true, Minimum = Amount.Zero, FixedAmount = null, Target = null };
        if (PaymentMethod is not null && !PaymentMethod.Equals(before.Method, StringComparison.OrdinalIgnoreCase))
            before = before.Resumed();
        return before with
        {
            Minimum = Given(MinimumBalance) ?? before.Minimum,
            FixedAmount = TargetBalance is null ? Given(RechargeAmount) ?? before.FixedAmount : null,
            Target = RechargeAmount is null ? Given(TargetBalance) ?? before.Target : null,
            MaximumPerCharge = Given(MaximumPerCharge) ?? before.MaximumPerCharge,
            MaximumPerDay = Given(MaximumPerDay) ?? before.MaximumPerDay,
            MaximumPerMonth = Given(MaximumPerMonth) ?? before.MaximumPerMonth,
            Method = PaymentMethod ?? before.Method,
        };
    }

    private static Amount? Given(decimal? value) => value is { } given ? Amount.FromDecimal(given) : null;

    /// <summary>Refuses a rule that makes no sense in the tenant's currency.</summary>
    /// <exception cref="CreditException"><c>RuleInvalid</c>.</exception>
    internal static void Check(RechargeRule rule, Tenant tenant)
    {
        var step = Rounding.StepMicros(Currency.MinorDigits(tenant.Currency));
        if (rule.Minimum < Amount.Zero)
            throw Invalid(tenant, $"its minimum of {rule.Minimum} is below 0");
        if (rule.FixedAmount is { } amount && (amount <= Amount.Zero || amount.Micros % step != 0))
            throw Invalid(tenant, $"an amount of {amount} cannot be charged in {tenant.Currency}");
        if (rule.Target is { } target && target <= rule.Minimum)
            throw Invalid(tenant, $"its target of {target} is not above its minimum of {rule.Minimum}");
        foreach (var cap in new[] { rule.MaximumPerCharge, rule.MaximumPerDay, rule.MaximumPerMonth })
        {
            if (cap <= Amount.Zero)
                throw Invalid(tenant, $"a cap of {cap} allows nothing; Disable-AutoRecharge stops the rule");
        }
    }

    private static string Describe(RechargeRule rule, string currency)
    {
        var parts = new List<string>
        {
            $"below {rule.Minimum} {currency}",
            rule.FixedAmount is { } amount ? $"buy {amount}" : $"up to {rule.Target}",
        };
        if (rule.MaximumPerCharge is { } perCharge)
            parts.Add($"at most {perCharge} a charge");
        if (rule.MaximumPerDay is { } perDay)
            parts.Add($"at most {perDay} a day");
        if (rule.MaximumPerMonth is { } perMonth)
            parts.Add($"at most {perMonth} a month");
        parts.Add(rule.Method is null ? "invoiced" : $"paid by {rule.Method}");
        return string.Join(", ", parts);
    }

    private static CreditException Invalid(Tenant tenant, string reason) =>
        new(CreditErrorId.RuleInvalid, $"The recharge rule of '{tenant.Id}' makes no sense: {reason}.", tenant.Id);
}

/// <summary>Enables a tenant's recharge rule, which clears its back-off, or disables it.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="enabled">Whether it may act.</param>
public sealed class EnableRechargeRule(string tenantId, bool enabled) : LedgerCommand<AutoRecharge>
{
    internal override AutoRecharge Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        var before = tx.Recharge.FindRule(tenant.Number) ?? throw RechargeErrors.NoRule(tenant.Id);
        var after = (enabled ? before.Resumed() : before) with { Enabled = enabled };
        if (after != before)
        {
            tx.Recharge.PutRule(tenant.Number, after);
            var posting = new TenantPosting(tx, tenant, ledger.Context);
            posting.Note(enabled ? "Auto-recharge enabled" : "Auto-recharge disabled");
            posting.Finish();
        }

        return RechargeState.Describe(tx, tenant, after, ledger.Now);
    }
}

/// <summary>Settles an attempt by hand that no gateway answers (R6).</summary>
/// <param name="attemptId">The attempt's id.</param>
/// <param name="succeeded">Whether it was paid.</param>
/// <param name="paymentReference">The payment provider's reference.</param>
public sealed class ResolveAttempt(string attemptId, bool succeeded, string? paymentReference) : LedgerCommand<AutoRechargeAttempt>
{
    internal override AutoRechargeAttempt Run(LedgerTransaction tx, LedgerSession ledger)
    {
        CardNumbers.Refuse(paymentReference, "payment reference");
        var slash = attemptId.LastIndexOf("/A", StringComparison.OrdinalIgnoreCase);
        if (slash < 0 || !long.TryParse(attemptId.AsSpan(slash + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || tx.Tenants.Find(attemptId[..slash]) is not { } tenant
            || tx.Recharge.FindAttempt(tenant.Number, number) is not { } attempt)
            throw RechargeErrors.AttemptNotFound(attemptId, "There is no such attempt");
        if (!attempt.IsOpen)
            throw RechargeErrors.AttemptNotFound(attemptId, $"It is not open any more ({attempt.State})");
        var settled = ledger.Recharges.Resolve(tx, tenant, attempt, succeeded
            ? new(AutoRechargeAttemptState.Succeeded, paymentReference, null)
            : new(AutoRechargeAttemptState.Declined, paymentReference, "settled by hand as declined"));
        var posting = new TenantPosting(tx, tenant, ledger.Context);
        posting.Note($"{settled.AttemptId} settled by hand as {settled.State}");
        posting.Finish();
        return settled;
    }
}

/// <summary>Stores how a tenant's recharges are paid; the same name again replaces it, and counts as a new method (R9).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="name">The method's name.</param>
public sealed class SetPaymentMethod(string tenantId, string name) : LedgerCommand<CreditPaymentMethod>
{
    private const int LongestText = 128;

    // Of a shorter token, its end would give away most of it.
    private const int ShortestTokenShown = 12;
    private const int TokenEndShown = 4;

    /// <summary>The gateway's name; <c>Invoice</c> for a new method where nothing is given.</summary>
    public string? Gateway { get; init; }

    /// <summary>The payment provider's token; never a card number.</summary>
    public string? Token { get; init; }

    /// <summary>The last month in which the card is good, yyyy-MM.</summary>
    public string? ExpiryMonth { get; init; }

    /// <summary>The purchase order that invoices are written to.</summary>
    public string? PurchaseOrder { get; init; }

    internal override CreditPaymentMethod Run(LedgerTransaction tx, LedgerSession ledger)
    {
        foreach (var (text, field) in new[] { (name, "name"), (Gateway, "gateway"), (Token, "token"), (ExpiryMonth, "expiry month"), (PurchaseOrder, "purchase order") })
        {
            CardNumbers.Refuse(text, field);
            if (text?.Length > LongestText || text?.Any(char.IsControl) == true)
                throw LedgerErrors.TextTooLong($"payment method's {field}", LongestText, tenantId);
        }

        if (string.IsNullOrWhiteSpace(name))
            throw new CreditException(CreditErrorId.RuleInvalid, "A payment method needs a name (-Name).", tenantId);
        if (ExpiryMonth is not null && !DateTime.TryParseExact(ExpiryMonth, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            throw new CreditException(
                CreditErrorId.InvalidInstant, $"'{ExpiryMonth}' is not a month. Write it as yyyy-MM, as in 2028-04.", ExpiryMonth);
        }

        var tenant = tx.Tenants.Get(tenantId);
        var before = tx.Recharge.FindMethod(tenant.Number, name);
        var method = new PaymentMethod
        {
            Name = name,
            Gateway = Gateway ?? before?.Gateway ?? Gateways.Invoice,
            ProtectedToken = Token is null ? before?.ProtectedToken : ledger.Protection.Protect(Token),
            TokenEnd = Token is null ? before?.TokenEnd : Token.Length < ShortestTokenShown ? string.Empty : Token[^TokenEndShown..],
            ExpiryMonth = ExpiryMonth ?? before?.ExpiryMonth,
            PurchaseOrder = PurchaseOrder ?? before?.PurchaseOrder,
        };
        tx.Recharge.PutMethod(tenant.Number, method);
        if (tx.Recharge.FindRule(tenant.Number) is { Declines: > 0 } rule)
            tx.Recharge.PutRule(tenant.Number, rule.Resumed());
        var posting = new TenantPosting(tx, tenant, ledger.Context);
        posting.Note(string.Join(", ", new[]
        {
            $"Payment method {method.Name}: gateway {method.Gateway}",
            method.ExpiryMonth is null ? null : $"good until {method.ExpiryMonth}",
            method.PurchaseOrder is null ? null : $"purchase order {method.PurchaseOrder}",
            Token is null ? null : "new token",
        }.OfType<string>()));
        posting.Finish();
        return method.ToContract(tenant);
    }
}

/// <summary>Removes a payment method that no rule pays by.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="name">The method's name.</param>
public sealed class RemovePaymentMethod(string tenantId, string name) : LedgerCommand<CreditPaymentMethod>
{
    internal override CreditPaymentMethod Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        var method = tx.Recharge.FindMethod(tenant.Number, name) ?? throw RechargeErrors.PaymentMethodNotFound(tenant.Id, name);
        if (method.Name.Equals(tx.Recharge.FindRule(tenant.Number)?.Method, StringComparison.OrdinalIgnoreCase))
        {
            throw new CreditException(
                CreditErrorId.RuleInvalid,
                $"The recharge rule of '{tenant.Id}' pays by '{method.Name}'. Give the rule another -PaymentMethod first.",
                tenant.Id);
        }

        tx.Recharge.RemoveMethod(tenant.Number, name);
        var posting = new TenantPosting(tx, tenant, ledger.Context);
        posting.Note($"Payment method {method.Name} removed");
        posting.Finish();
        return method.ToContract(tenant);
    }
}

/// <summary>The errors of recharging.</summary>
internal static class RechargeErrors
{
    public static CreditException PaymentMethodNotFound(string tenantId, string name) => new(
        CreditErrorId.PaymentMethodNotFound,
        $"'{tenantId}' has no payment method '{name}'. Get-CreditPaymentMethod lists those it has; Set-CreditPaymentMethod adds one.",
        tenantId);

    public static CreditException NoRule(string tenantId) => new(
        CreditErrorId.RuleInvalid, $"'{tenantId}' has no recharge rule. Set-AutoRecharge sets one.", tenantId);

    public static CreditException AttemptNotFound(string attemptId, string reason) => new(
        CreditErrorId.AttemptNotFound, $"'{attemptId}': {reason}. Get-AutoRechargeAttempt lists the attempts.", attemptId);
}

/// <summary>A rule as the border shows it.</summary>
internal static class RechargeState
{
    public static AutoRecharge Describe(LedgerTransaction tx, Tenant tenant, RechargeRule rule, Time.Instant now) => new()
    {
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Enabled = rule.Enabled,
        MinimumBalance = rule.Minimum.ToDecimal(),
        RechargeAmount = rule.FixedAmount?.ToDecimal(),
        TargetBalance = rule.Target?.ToDecimal(),
        MaximumPerCharge = rule.MaximumPerCharge?.ToDecimal(),
        MaximumPerDay = rule.MaximumPerDay?.ToDecimal(),
        MaximumPerMonth = rule.MaximumPerMonth?.ToDecimal(),
        PaymentMethod = rule.Method,
        Currency = tenant.Currency,
        State = rule.StateAt(now, tx.Recharge.FindOpen(tenant.Number) is not null),
        LastAttemptAt = tx.Recharge.LastStart(tenant.Number)?.ToDateTimeOffset(),
        NextAttemptAt = rule.RetryAt > now ? rule.RetryAt.Value.ToDateTimeOffset() : null,
        LastFailure = rule.LastFailure,
    };
}
