using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>What makes a rule be evaluated.</summary>
internal enum RechargeTrigger
{
    /// <summary>A posting that lowered the balance, or the end of an import (R8).</summary>
    Posting,

    /// <summary>A run: it also asks again for what is open (R6).</summary>
    Run,

    /// <summary>A run that ignores the back-off, but never a cap.</summary>
    ForcedRun,
}

/// <summary>
/// Evaluates rules and carries attempts through: the attempt and its exact request are committed, then the gateway is asked
/// outside of any transaction, then the answer is settled (R5). Whatever is killed in between is taken up by the next run with
/// the same request.
/// </summary>
internal sealed class RechargeService(LedgerSession ledger, GatewayClient client)
{
    /// <summary>
    /// How long after a gateway was asked a posting asks again for an attempt that is still open: longer than any time-out, since
    /// whoever asked may be waiting, and so that a gateway that hangs does not hold up each of many imports.
    /// </summary>
    private static readonly TimeSpan PauseOfPostings = TimeSpan.FromMinutes(15);

    /// <summary>How long nobody knows whether an attempt was paid until that is told (R6).</summary>
    private static readonly TimeSpan PatienceWithUnknown = TimeSpan.FromHours(24);

    /// <summary>Evaluates a tenant's rule once, and asks gateways for what is due.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="trigger">Why.</param>
    /// <param name="cancellation">Ends the wait for a gateway; whether it was paid is not known then.</param>
    /// <returns>The attempts made, refused or asked for again, as they stand now.</returns>
    /// <exception cref="CreditException">
    /// <c>TenantNotFound</c>; <c>GatewayNotFound</c> or <c>GatewayInvalid</c>: nothing was started.
    /// </exception>
    public IReadOnlyList<AutoRechargeAttempt> Run(string tenantId, RechargeTrigger trigger, CancellationToken cancellation = default)
    {
        Tenant tenant;
        Attempt? attempt;
        using (var tx = ledger.File.BeginWrite())
        {
            tenant = tx.Tenants.Get(tenantId);
            attempt = tx.Recharge.FindOpen(tenant.Number);
            if (attempt is null)
            {
                attempt = Evaluate(tx, tenant, trigger);
            }
            else
            {
                if (!IsDue(attempt, trigger))
                    return [];
                attempt = attempt with { AskedAt = ledger.Now, Asks = attempt.Asks + 1 };
                tx.Recharge.PutAttempt(tenant.Number, attempt);
            }

            tx.Commit();
        }

        if (attempt is null)
            return [];
        if (attempt.IsOpen)
            attempt = Ask(tenant, attempt, cancellation);
        return [attempt.ToContract(tenant)];
    }

    /// <summary>
    /// Evaluates a tenant's rule after a posting. That it cannot be asked from this machine is no error of the posting, which
    /// stands; the next run elsewhere makes up for it.
    /// </summary>
    public IReadOnlyList<AutoRechargeAttempt> RunIfPossible(string tenantId)
    {
        try
        {
            return Run(tenantId, RechargeTrigger.Posting);
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            return [];
        }
    }

    /// <summary>The attempt that an evaluation would make now, or null; nothing is kept and no gateway asked.</summary>
    public AutoRechargeAttempt? Preview(string tenantId, RechargeTrigger trigger)
    {
        using var tx = ledger.File.BeginWrite();
        var tenant = tx.Tenants.Get(tenantId);
        var attempt = tx.Recharge.FindOpen(tenant.Number) ?? Evaluate(tx, tenant, trigger);
        return attempt?.ToContract(tenant);
    }

    /// <summary>Settles an open attempt by hand (R6).</summary>
    public AutoRechargeAttempt Resolve(LedgerTransaction tx, Tenant tenant, Attempt attempt, GatewayAnswer answer) =>
        Settle(tx, tenant, attempt.Number, answer).ToContract(tenant);

    private bool IsDue(Attempt open, RechargeTrigger trigger)
    {
        // Asked in the future, it was asked by a clock that has been set back since.
        var now = ledger.Now;
        return trigger != RechargeTrigger.Posting || open.AskedAt is not { } asked || asked > now || asked.Add(PauseOfPostings) <= now;
    }

    private Attempt? Evaluate(LedgerTransaction tx, Tenant tenant, RechargeTrigger trigger)
    {
        var now = ledger.Now;
        if (tenant.Status == CreditTenantStatus.Closed || tx.Recharge.FindRule(tenant.Number) is not { Enabled: true } rule
            || rule.IsPaused || (rule.RetryAt > now && trigger != RechargeTrigger.ForcedRun))
            return null;

        var posting = new TenantPosting(tx, tenant, ledger.Context);
        var today = now.ToDateTimeOffset();
        var size = RechargeSizing.Size(
            rule,
            posting.Balance(),
            tx.Recharge.ChargedSince(tenant.Number, Instant.From(new DateTimeOffset(today.Date, TimeSpan.Zero))),
            tx.Recharge.ChargedSince(
                tenant.Number, Instant.From(new DateTimeOffset(today.Year, today.Month, 1, 0, 0, 0, TimeSpan.Zero))),
            Currency.MinorDigits(tenant.Currency));
        if (size.Wanted == Amount.Zero)
            return null;
        if (size.Charge == Amount.Zero)
            return Refuse(tx, tenant, posting.Notices, size);
        return Start(tx, tenant, rule, size.Charge);
    }

    private Attempt? Refuse(LedgerTransaction tx, Tenant tenant, Notices notices, RechargeSize size)
    {
        if (!notices.RechargeCapped(size.Cap!.Value, size.Wanted))
            return null;
        var refused = New(tx, tenant, size.Wanted, Gateways.Invoice) with
        {
            State = AutoRechargeAttemptState.Refused,
            Reason = size.Cap.Value.ToString(),
            SettledAt = ledger.Now,
        };
        tx.Recharge.PutAttempt(tenant.Number, refused);
        return refused;
    }

    private Attempt Start(LedgerTransaction tx, Tenant tenant, RechargeRule rule, Amount charge)
    {
        var method = rule.Method is null ? null : tx.Recharge.FindMethod(tenant.Number, rule.Method);
        var gatewayName = method?.Gateway ?? Gateways.Invoice;
        var attempt = New(tx, tenant, charge, gatewayName);
        if (rule.Method is not null && method is null)
            return Decline(tx, tenant, attempt, $"there is no payment method '{rule.Method}'");
        if (method?.ExpiryMonth is { } month && IsPast(month))
            return Decline(tx, tenant, attempt, $"the card of payment method '{method.Name}' expired with {month}");
        if (gatewayName.Equals(Gateways.Invoice, StringComparison.OrdinalIgnoreCase))
        {
            tx.Recharge.PutAttempt(tenant.Number, attempt);
            return Settle(tx, tenant, attempt.Number, new(AutoRechargeAttemptState.Succeeded, method?.PurchaseOrder, null));
        }

        // What cannot be asked from this machine is not started: another one that knows the gateway may do so.
        var gateway = ledger.Gateways.Get(gatewayName);
        attempt = attempt with
        {
            Gateway = gateway.Name,
            AskedAt = ledger.Now,
            Asks = 1,
            ProtectedRequest = ledger.Protection.Protect(Request(tenant, attempt, method!)),
        };
        tx.Recharge.PutAttempt(tenant.Number, attempt);
        return attempt;
    }

    private Attempt Decline(LedgerTransaction tx, Tenant tenant, Attempt attempt, string reason)
    {
        tx.Recharge.PutAttempt(tenant.Number, attempt);
        return Settle(tx, tenant, attempt.Number, GatewayAnswer.Declined(reason));
    }

    private Attempt New(LedgerTransaction tx, Tenant tenant, Amount amount, string gateway) => new()
    {
        Number = tx.Recharge.NextAttempt(tenant.Number),
        Amount = amount,
        State = AutoRechargeAttemptState.Pending,
        StartedAt = ledger.Now,
        Gateway = gateway,
        IdempotencyKey = Guid.NewGuid().ToString("D"),
    };

    private bool IsPast(string month)
    {
        var now = ledger.Now.ToDateTimeOffset();
        return string.CompareOrdinal(month, now.ToString("yyyy-MM", CultureInfo.InvariantCulture)) < 0;
    }

    private byte[] Request(Tenant tenant, Attempt attempt, PaymentMethod method)
    {
        string? token = null;
        if (method.ProtectedToken is { } sealedToken)
        {
            var content = ledger.Protection.Reveal(sealedToken) ?? throw new CreditException(
                CreditErrorId.GatewayInvalid,
                $"The token of payment method '{method.Name}' of '{tenant.Id}' was stored by another account or on another machine, and "
                + "cannot be read here. Run auto-recharge there, or give the token again with Set-CreditPaymentMethod.",
                tenant.Id);
            token = System.Text.Encoding.UTF8.GetString(content);
        }

        return GatewayRequest.Write(
            Attempt.IdOf(tenant.Id, attempt.Number),
            attempt.IdempotencyKey,
            tenant.Id,
            attempt.Amount.ToDecimal().ToString($"F{Currency.MinorDigits(tenant.Currency)}", CultureInfo.InvariantCulture),
            tenant.Currency,
            method,
            token);
    }

    private Attempt Ask(Tenant tenant, Attempt attempt, CancellationToken cancellation)
    {
        var answer = Answer(attempt, cancellation);
        using var tx = ledger.File.BeginWrite();

        // The tenant may have been changed while the gateway was asked.
        var settled = Settle(tx, tx.Tenants.Get(tenant.Id), attempt.Number, answer);
        tx.Commit();
        return settled;
    }

    /// <summary>What the gateway makes of an attempt's request, or why it was not sent from here.</summary>
    private GatewayAnswer Answer(Attempt attempt, CancellationToken cancellation)
    {
        try
        {
            var gateway = ledger.Gateways.Get(attempt.Gateway);
            return ledger.Protection.Reveal(attempt.ProtectedRequest) is { } request
                ? client.Ask(gateway, request, attempt.IdempotencyKey, cancellation).Without(GatewayRequest.TokenOf(request))
                : GatewayAnswer.NotTaken("its request was stored by another account or on another machine, and cannot be read here");
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            return GatewayAnswer.NotTaken(problem.Message);
        }
    }

    /// <summary>Writes an answer. An attempt that was paid stays paid; one thought declined that was paid after all is posted.</summary>
    private Attempt Settle(LedgerTransaction tx, Tenant tenant, long number, GatewayAnswer answer)
    {
        var attempt = tx.Recharge.FindAttempt(tenant.Number, number)!;

        // That this request was not taken says nothing of those sent before it, or at the same time: one of them may have been paid.
        if (answer.IsOfOneRequest && attempt.Asks > 1)
            answer = answer with { State = AutoRechargeAttemptState.Unknown };
        if (attempt.State == AutoRechargeAttemptState.Succeeded
            || (!attempt.IsOpen && answer.State != AutoRechargeAttemptState.Succeeded))
            return attempt;

        attempt = attempt with
        {
            State = answer.State,
            Reason = answer.Reason,
            PaymentReference = answer.Reference ?? attempt.PaymentReference,
        };

        // One instant for all of it: funds bought a moment after the posting would not count in its balance.
        var context = ledger.Context;
        var posting = new TenantPosting(tx, tenant, context);
        switch (answer.State)
        {
            case AutoRechargeAttemptState.Succeeded:
                attempt = Succeed(tx, posting, attempt, context.Now);
                break;
            case AutoRechargeAttemptState.Declined:
                attempt = attempt with { SettledAt = ledger.Now };
                Fail(tx, posting, attempt);
                break;
            default:
                if (!attempt.ToldUnknown && attempt.StartedAt.Add(PatienceWithUnknown) <= ledger.Now)
                {
                    posting.Notices.RechargeUnknown(attempt);
                    attempt = attempt with { ToldUnknown = true };
                }

                break;
        }

        tx.Recharge.PutAttempt(tenant.Number, attempt);
        return attempt;
    }

    private static Attempt Succeed(LedgerTransaction tx, TenantPosting posting, Attempt attempt, Instant now)
    {
        var lot = posting.AddLot(new(
            CreditTransactionKind.Recharge,
            attempt.Amount,
            now,
            now.AddMonths(Funds.Lot.MonthsOfLife),
            0,
            CreditFundsSource.AutoRecharge,
            attempt.PaymentReference ?? Attempt.IdOf(posting.Tenant.Id, attempt.Number)));
        posting.Finish();
        if (tx.Recharge.FindRule(posting.Tenant.Number) is { } rule)
            tx.Recharge.PutRule(posting.Tenant.Number, rule.Resumed());
        posting.Notices.RechargeSucceeded(attempt, posting.Balance());
        return attempt with { SettledAt = now, Entry = lot.Entry };
    }

    private void Fail(LedgerTransaction tx, TenantPosting posting, Attempt attempt)
    {
        if (tx.Recharge.FindRule(posting.Tenant.Number) is not { } rule)
            return;
        rule = rule.Declined(attempt.Reason!, ledger.Now);
        tx.Recharge.PutRule(posting.Tenant.Number, rule);
        if (rule.IsPaused)
            posting.Notices.RechargePaused(attempt);
        else
            posting.Notices.RechargeFailed(attempt, rule);
    }
}
