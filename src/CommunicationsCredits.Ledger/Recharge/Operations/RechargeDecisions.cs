using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Whether a rule acts, how an attempt starts, and what an answer makes of it (R2–R7).</summary>
internal static class RechargeDecisions
{
    /// <summary>
    /// A posting re-asks about an open attempt only after this long: the first asker may still be waiting, and a hanging gateway must
    /// not delay every import of the night.
    /// </summary>
    private static readonly TimeSpan PauseOfPostings = TimeSpan.FromMinutes(15);

    /// <summary>After this long an attempt that is still unknown is notified (R6).</summary>
    private static readonly TimeSpan UnknownNotifyAfter = TimeSpan.FromHours(24);

    /// <summary>The instant from which attempts count in a cap: the start of the month UTC (R4).</summary>
    public static Instant CapsFrom(Instant now) => Month.Of(now).Start;

    /// <summary>What the rule would charge now, and what of that the caps allow.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="balance">The balance now.</param>
    /// <param name="attempts">The attempts since <see cref="CapsFrom"/>.</param>
    /// <param name="days">What calls cost on the last days that have any: of a held rule only (R10).</param>
    /// <param name="now">The clock's now.</param>
    public static RechargeSize Size(
        RechargeRule rule, Tenant tenant, Amount balance, IEnumerable<Attempt> attempts, IReadOnlyList<Amount> days, Instant now)
    {
        Amount today = default, thisMonth = default;
        foreach (var attempt in attempts.Where(attempt => attempt.MayBeCharged && attempt.StartedAt >= CapsFrom(now)))
        {
            thisMonth += attempt.Amount;
            if (attempt.StartedAt >= now.Midnight)
                today += attempt.Amount;
        }

        return RechargeSizing.Size(rule, balance, today, thisMonth, Currency.MinorDigits(tenant.Currency),
            rule.HeldAt is null ? null : RechargeSizing.HeldPerDay(rule, days));
    }

    /// <summary>Whether a rule may act at all now.</summary>
    public static bool MayAct(RechargeRule? rule, Tenant tenant, RechargeTrigger trigger, Instant now) =>
        tenant.Status != CreditTenantStatus.Closed && rule is { Enabled: true, IsPaused: false }
        && !(rule.RetryAt > now && trigger != RechargeTrigger.ForcedRun);

    /// <summary>Evaluates the rule once (R8), or asks again about an attempt that is open and due (R6).</summary>
    /// <returns>The attempt made, refused, or to be asked about; null where there is nothing to do.</returns>
    public static Attempt? Evaluate(Draft draft, RechargeTrigger trigger, IRechargeMeans means)
    {
        if (draft.OpenAttempt is { } open)
            return AskAgain(draft, open, trigger, means);
        if (!MayAct(draft.Rule, draft.Tenant, trigger, draft.Now))
            return null;
        var size = Size(draft.Rule!, draft.Tenant, draft.Balance(), draft.AttemptsSince(CapsFrom(draft.Now)), draft.State.UseDays, draft.Now);
        return size.Wanted == Amount.Zero ? null
            : size.Charge == Amount.Zero ? Refuse(draft, size)
            : Start(draft, size.Charge, means);
    }

    /// <summary>Writes an answer. An attempt that was paid stays paid; one thought declined that was paid after all is posted.</summary>
    public static Attempt Settle(Draft draft, long number, GatewayAnswer answer)
    {
        var attempt = draft.FindAttempt(number)!;

        // That this request was not taken says nothing of those sent before it, or at the same time: one of them may have been paid.
        if (answer.IsOfOneRequest && attempt.Asks > 1)
            answer = answer with { State = AutoRechargeAttemptState.Unknown };
        if (attempt.State == AutoRechargeAttemptState.Succeeded
            || (!attempt.IsOpen && answer.State != AutoRechargeAttemptState.Succeeded))
            return attempt;

        draft.Continue(attempt.Episode);
        var before = attempt;
        attempt = attempt with
        {
            State = answer.State,
            Reason = answer.Reason,
            PaymentReference = answer.Reference ?? attempt.PaymentReference,
        };
        switch (answer.State)
        {
            case AutoRechargeAttemptState.Succeeded:
                return Succeed(draft, attempt);
            case AutoRechargeAttemptState.Declined:
                return Decline(draft, attempt with { SettledAt = draft.Now });
            default:
                if (!attempt.UnknownNotified && attempt.StartedAt.Add(UnknownNotifyAfter) <= draft.Now)
                {
                    draft.Notifications.RechargeUnknown(attempt);
                    attempt = attempt with { UnknownNotified = true };
                }

                if (attempt != before)
                    Put(draft, attempt, $"is {attempt.State}{(attempt.Reason is null ? null : $": {attempt.Reason}")}");
                return attempt;
        }
    }

    private static Attempt? AskAgain(Draft draft, Attempt open, RechargeTrigger trigger, IRechargeMeans means)
    {
        // Asked in the future, it was asked by a clock that has been set back since.
        var now = draft.Now;
        if (trigger == RechargeTrigger.Posting && open.AskedAt is { } asked && asked <= now && asked.Add(PauseOfPostings) > now)
            return null;
        // Without its key it is left to those who have it: noted as asked, they would wait for an answer (R11).
        if (open.ProtectedRequest is { } request && means.Reveal(request) is null)
            return trigger == RechargeTrigger.Posting ? null : open;
        open = open with { AskedAt = now, Asks = open.Asks + 1 };
        Put(draft, open, "is asked about again");
        draft.Changes.Effects |= Effects.AskGateway;
        return open;
    }

    private static Attempt? Refuse(Draft draft, RechargeSize size)
    {
        if (!draft.Notifications.RechargeCapped(size.Cap!.Value, size.Wanted))
            return null;
        var refused = New(draft, size.Wanted, Gateways.Invoice, string.Empty) with
        {
            State = AutoRechargeAttemptState.Refused,
            Reason = size.Cap.Value.ToString(),
            SettledAt = draft.Now,
        };
        Put(draft, refused, $"of {refused.Amount} was refused by {refused.Reason}");
        return refused;
    }

    private static Attempt Start(Draft draft, Amount charge, IRechargeMeans means)
    {
        var name = draft.Rule!.Method;
        var method = name is null ? null : draft.FindMethod(name);
        var gateway = method?.Gateway ?? Gateways.Invoice;
        var attempt = New(draft, charge, gateway, means.NewKey());
        if (name is not null && method is null)
            return Decline(draft, attempt with { State = AutoRechargeAttemptState.Declined, Reason = $"there is no payment method '{name}'", SettledAt = draft.Now });
        if (method?.ExpiryMonth is { } month && IsPast(month, draft.Now))
        {
            return Decline(draft, attempt with
            {
                State = AutoRechargeAttemptState.Declined,
                Reason = $"the card of payment method '{method.Name}' expired with {month}",
                SettledAt = draft.Now,
            });
        }

        if (gateway.Equals(Gateways.Invoice, StringComparison.OrdinalIgnoreCase))
        {
            return Succeed(draft, attempt with
            {
                State = AutoRechargeAttemptState.Succeeded,
                PaymentReference = method?.PurchaseOrder,
            });
        }

        // What cannot be asked from this machine is not started: another one that knows the gateway may do so.
        attempt = attempt with { Gateway = means.GatewayNamed(gateway), AskedAt = draft.Now, Asks = 1 };
        attempt = attempt with { ProtectedRequest = means.Seal(Request(draft.Tenant, attempt, method!, means)) };
        Put(draft, attempt, $"of {attempt.Amount} started, by {method!.Name}");
        draft.Changes.Effects |= Effects.AskGateway;
        return attempt;
    }

    private static Attempt Succeed(Draft draft, Attempt attempt)
    {
        if (draft.Rule is { } rule && rule != rule.Resumed())
            draft.SetRule(rule.Resumed());
        attempt = attempt with { SettledAt = draft.Now, Entry = draft.Account.Sequence + 1 };
        draft.PutAttempt(attempt);
        draft.AddLot(new(
            CreditTransactionKind.Recharge,
            attempt.Amount,
            draft.Now,
            draft.Now.AddMonths(Funds.Lot.MonthsOfLife),
            0,
            CreditFundsSource.AutoRecharge,
            attempt.PaymentReference ?? Attempt.IdOf(draft.Tenant.Id, attempt.Number)));
        draft.Finish();
        draft.Notifications.RechargeSucceeded(attempt, draft.Balance());
        return attempt;
    }

    private static Attempt Decline(Draft draft, Attempt attempt)
    {
        if (draft.Rule is { } rule)
        {
            rule = rule.Declined(attempt.Reason!, draft.Now);
            draft.SetRule(rule);
            if (rule.IsPaused)
                draft.Notifications.RechargePaused(attempt);
            else
                draft.Notifications.RechargeFailed(attempt, rule);
        }

        Put(draft, attempt, $"of {attempt.Amount} was declined: {attempt.Reason}");
        return attempt;
    }

    private static void Put(Draft draft, Attempt attempt, string what)
    {
        draft.PutAttempt(attempt);
        draft.Note($"Recharge {Attempt.IdOf(draft.Tenant.Id, attempt.Number)} {what}");
    }

    private static Attempt New(Draft draft, Amount amount, string gateway, string key) => new()
    {
        Number = ++draft.Account.Attempts,
        Amount = amount,
        State = AutoRechargeAttemptState.Pending,
        StartedAt = draft.Now,
        Gateway = gateway,
        IdempotencyKey = key,
        Episode = draft.Episode,
    };

    private static bool IsPast(string month, Instant now) => string.CompareOrdinal(month, Month.Of(now).ToString()) < 0;

    private static byte[] Request(Tenant tenant, Attempt attempt, PaymentMethod method, IRechargeMeans means)
    {
        string? token = null;
        if (method.ProtectedToken is { } sealedToken)
        {
            var content = means.Reveal(sealedToken) ?? throw new CreditException(
                CreditErrorId.GatewayInvalid,
                $"The token of payment method '{method.Name}' of {tenant.InWords} was sealed by another account or on another machine, with a key that "
                + $"is not here. Run auto-recharge there, share the secret {TokenProtection.SecretName}, or give the token again with Set-CreditPaymentMethod.",
                tenant.Id);
            token = Encoding.UTF8.GetString(content);
        }

        var amount = attempt.Amount.ToDecimal().ToString($"F{Currency.MinorDigits(tenant.Currency)}", CultureInfo.InvariantCulture);
        return means.Request(
            tenant.Id, Attempt.IdOf(tenant.Id, attempt.Number), attempt.IdempotencyKey, amount, tenant.Currency, method, token);
    }
}
