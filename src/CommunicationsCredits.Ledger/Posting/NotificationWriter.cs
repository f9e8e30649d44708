using System.Globalization;
using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// Writes the notifications of a tenant within the posting that causes them, once per crossing (N1, N2). The words are for the people
/// who pay: what happened, what follows, what they can do.
/// </summary>
/// <param name="draft">The posting's draft.</param>
internal sealed class NotificationWriter(Draft draft)
{
    /// <summary>The days before an expiry on which it is notified.</summary>
    private static readonly int[] WarningDays = [30, 7, 1];

    /// <summary>The percentages of a pool that are notified.</summary>
    private static readonly int[] PoolMarks = [80, 100];

    // Asked at every pooled call.
    private readonly HashSet<(PoolMonthKey Pool, int Mark)> _poolsNotified = [];

    /// <summary>How many were written.</summary>
    public int Count { get; private set; }

    /// <summary>Notifies that the balance has fallen to zero or below, or below the threshold; re-arms what is over.</summary>
    /// <param name="balance">The balance now.</param>
    /// <param name="threshold">The tenant's low-balance threshold, by default its rule's minimum; null where neither is set.</param>
    public void Balance(Amount balance, Amount? threshold)
    {
        if (balance > Amount.Zero)
        {
            draft.Rearm(new(CreditNotificationKind.BalanceExhausted));
        }
        else if (draft.TryMarkNotified(new(CreditNotificationKind.BalanceExhausted)))
        {
            Add(
                CreditNotificationKind.BalanceExhausted,
                $"{Tenant.Name}: communications credits are used up",
                $"The balance of {Tenant.Name} is {Money(balance)}. Toll-free calls in, calls paid per minute, and calls beyond the "
                + "included minutes do not go through until funds are added.");
        }

        if (threshold is null || balance >= threshold)
        {
            draft.Rearm(new(CreditNotificationKind.LowBalance));
        }
        else if (draft.TryMarkNotified(new(CreditNotificationKind.LowBalance)))
        {
            Add(
                CreditNotificationKind.LowBalance,
                $"{Tenant.Name}: communications credits are low",
                $"The balance of {Tenant.Name} is {Money(balance)}, below its threshold of {Money(threshold.Value)}.");
        }
    }

    /// <summary>Warns of funds that will expire in 30, 7 or 1 days, each once; of several days passed at once, the nearest.</summary>
    public void Expiring(Lot lot)
    {
        var left = lot.ExpiresAt.Ticks - draft.Now.Ticks;
        var day = WarningDays.LastOrDefault(day => left <= day * TimeSpan.TicksPerDay);
        if (day == 0 || left <= 0)
            return;

        // The days before are past too, and not to be notified afterwards.
        var isNew = false;
        foreach (var passed in WarningDays.Where(passed => passed >= day))
            isNew |= draft.TryMarkNotified(new(CreditNotificationKind.FundsExpiring, Key(lot, passed))) && passed == day;
        if (!isNew)
            return;
        Add(
            CreditNotificationKind.FundsExpiring,
            $"{Tenant.Name}: {Money(lot.Remaining)} will expire on {Date(lot.ExpiresAt)}",
            $"{Money(lot.Remaining)} of the {Money(lot.Amount)} that {Tenant.Name} bought on {Date(lot.PurchasedAt)} will expire on "
            + $"{lot.ExpiresAt} if it is not used by then. Expired funds are not refunded.");
    }

    /// <summary>Notifies that funds have expired.</summary>
    public void Expired(Lot lot, Amount forfeited)
    {
        if (!draft.TryMarkNotified(new(CreditNotificationKind.FundsExpired, lot.Number.ToString(CultureInfo.InvariantCulture))))
            return;
        Add(
            CreditNotificationKind.FundsExpired,
            $"{Tenant.Name}: {Money(forfeited)} has expired",
            $"{Money(forfeited)} of the {Money(lot.Amount)} that {Tenant.Name} bought on {Date(lot.PurchasedAt)} expired on "
            + $"{lot.ExpiresAt} without having been used.");
    }

    public void RechargeSucceeded(Attempt attempt, Amount balance) => Add(
        CreditNotificationKind.RechargeSucceeded,
        $"{Tenant.Name}: {Money(attempt.Amount)} was added",
        $"{Money(attempt.Amount)} was bought for {Tenant.Name} by auto-recharge{Reference(attempt)}. The balance is {Money(balance)}.");

    public void RechargeFailed(Attempt attempt, RechargeRule? rule) => Add(
        CreditNotificationKind.RechargeFailed,
        $"{Tenant.Name}: a recharge of {Money(attempt.Amount)} was declined",
        $"The recharge of {Money(attempt.Amount)} for {Tenant.Name} was declined: {attempt.Reason}. "
        + (rule?.RetryAt is { } retry ? $"It is tried again from {retry} on." : "It is not tried again by itself.")
        + " A new payment method, or funds added by hand, lets it go on at once.");

    public void RechargeUnknown(Attempt attempt) => Add(
        CreditNotificationKind.RechargeFailed,
        $"{Tenant.Name}: nobody knows whether a recharge of {Money(attempt.Amount)} was paid",
        $"The payment gateway has not answered for a day whether the recharge of {Money(attempt.Amount)} for {Tenant.Name}, started at "
        + $"{attempt.StartedAt}, was paid{(attempt.Reason is null ? string.Empty : $" ({attempt.Reason})")}. Nothing else is charged meanwhile. "
        + $"Look it up at the payment provider, then settle it: Resolve-AutoRechargeAttempt {Attempt.IdOf(Tenant.Id, attempt.Number)}.");

    public void RechargePaused(Attempt attempt) => Add(
        CreditNotificationKind.RechargePaused,
        $"{Tenant.Name}: auto-recharge is paused",
        $"{RechargeRule.DeclinesToPause} recharges of {Tenant.Name} in a row were declined, the last one because: {attempt.Reason}. "
        + "Auto-recharge is paused until there is a new payment method, funds are added by hand, or it is enabled again "
        + "(Enable-AutoRecharge).");

    /// <summary>Notifies that a cap left nothing to charge, once a cap and period (R4).</summary>
    /// <returns>False where that was notified already.</returns>
    public bool RechargeCapped(RechargeCap cap, Amount wanted)
    {
        if (!draft.TryMarkNotified(new(CreditNotificationKind.RechargeCapped, CapKey(cap))))
            return false;
        Add(
            CreditNotificationKind.RechargeCapped,
            $"{Tenant.Name}: a cap stops auto-recharge",
            cap == RechargeCap.Held
                ? $"{Tenant.Name} needs a recharge of {Money(wanted)}, and its rule is held: {draft.Rule!.HeldBecause}. What a held rule may charge a day is "
                    + "charged. Look at the calls; Enable-AutoRecharge releases the rule, or add funds by hand."
                : $"{Tenant.Name} needs a recharge of {Money(wanted)}, and the rule's {cap} allows nothing of it. Raise the cap with "
                    + "Set-AutoRecharge, or add funds by hand.");
        return true;
    }

    /// <summary>Notifies that a pool has passed 80 or 100 percent, once each a pool and month; passing both at once, the second (A4).</summary>
    public void PoolUsed(PoolMonth pool)
    {
        var mark = Array.FindLast(PoolMarks, mark => pool.Percent >= mark);
        if (mark == 0)
            return;
        var isNew = false;
        foreach (var passed in PoolMarks.Where(passed => passed <= mark))
        {
            if (_poolsNotified.Add((pool.Key, passed)))
                isNew |= draft.TryMarkNotified(new(CreditNotificationKind.PoolUsed, Key(pool, passed))) && passed == mark;
        }

        if (!isNew)
            return;
        var name = Name(pool) + (pool.User.Length == 0 ? string.Empty : $" of {pool.User}");
        Add(
            CreditNotificationKind.PoolUsed,
            $"{Tenant.Name}: {mark} % of the {name} of {pool.Month} are used",
            mark < 100
                ? $"{mark} % of the included {name} of {Tenant.Name} in {pool.Month} are used. When they are used up, such calls are paid from "
                    + "communications credits."
                : $"The included {name} of {Tenant.Name} in {pool.Month} are used up. Such calls are paid from communications credits until "
                    + "the month ends.");
    }

    /// <summary>
    /// Removes the user's name from notifications about that user's pool share, and from the memory of which were sent (C4).
    /// </summary>
    public void Forget(PoolMonth share)
    {
        foreach (var mark in PoolMarks)
            draft.Changes.Notified[new(CreditNotificationKind.PoolUsed, Key(share, mark))] = false;
        draft.Changes.Reworded.Add(new(
            CreditNotificationKind.PoolUsed, $" of {share.Month} are used", $"{Name(share)} of {share.User} of ", $"{Name(share)} of a user of "));
    }

    /// <summary>Notifies that a budget has passed 50, 80 or 100 percent (B1).</summary>
    public void BudgetReached(Budget budget, Month month, int mark, Amount used) => Add(
        CreditNotificationKind.BudgetReached,
        $"{Tenant.Name}: {mark} % of the {NameOf(budget, month)} are used",
        $"{Money(used)} of the {NameOf(budget, month)}, {Money(budget.Amount)}, are used. "
        + (mark < 100 ? "Nothing stops at a budget: it informs." : "Calls go on nevertheless: a budget informs."));

    /// <summary>Notifies that the running month's budget will not last at this rate (B1).</summary>
    public void BudgetWillNotLast(Budget budget, Month month, Amount used, int lastDay, int day) => Add(
        CreditNotificationKind.BudgetReached,
        $"{Tenant.Name}: at this rate on the {Ordinal(day)}, the {NameOf(budget, month)} is used up",
        $"{Money(used)} of the {NameOf(budget, month)}, {Money(budget.Amount)}, were used up to {Date(new(lastDay * TimeSpan.TicksPerDay))}. "
        + $"At this rate it is used up on the {Ordinal(day)}.");

    /// <summary>Notifies that calls are unlike what they have been, once an episode (D1).</summary>
    public void UnusualUse(Alarm alarm)
    {
        var day = alarm.Since;
        Add(
            CreditNotificationKind.UnusualUse,
            $"{Tenant.Name}: unusual use on {Date(day)}",
            $"Seen since {Date(day)}: {alarm.Seen}. {alarm.Who}{(alarm.Who.Length == 0 ? string.Empty : " ")}If nobody meant these calls, close the way that they take, and "
            + $"tell your carrier. Look closer: Measure-CreditUsage {Tenant.Id} -By User, Number -From {Date(day)} -To {Date(day.Add(TimeSpan.FromDays(1)))}. "
            + "If they are meant: Set-CreditGuard -AllowedCountry.");
    }

    /// <summary>Notifies that the guard holds the recharge rule (R10).</summary>
    public void RechargeHeld(Alarm alarm)
    {
        var day = alarm.Since;
        Add(
            CreditNotificationKind.RechargeHeld,
            $"{Tenant.Name}: auto-recharge is held",
            $"Use has been unusual since {Date(day)}, so auto-recharge charges no more than a usual day until the calls imported of two whole days are usual "
            + $"again, or you let it go on: Enable-AutoRecharge {Tenant.Id}.");
    }

    /// <summary>Removes users and numbers from the notification of an episode (C4).</summary>
    public void Forget(Alarm alarm) => draft.Changes.Reworded.Add(new(
        CreditNotificationKind.UnusualUse, $": unusual use on {Date(alarm.Since)}", alarm.Who, "Users and numbers are blanked."));

    /// <summary>Removes a user's name from notifications about that user's budget (C4).</summary>
    public void Forget(BudgetMonth share)
    {
        var (before, after) = ($"budget of {share.Budget.Subject} for {share.Month}", $"budget of a user for {share.Month}");
        foreach (var end in new[] { $" for {share.Month} are used", $" for {share.Month} is used up" })
            draft.Changes.Reworded.Add(new(CreditNotificationKind.BudgetReached, end, before, after));
    }

    private static string NameOf(Budget budget, Month month) =>
        $"budget {(budget.Scope == BudgetScope.Tenant ? string.Empty : $"of {(budget.Scope == BudgetScope.User ? budget.Key.Subject : budget.Subject)} ")}for {month}";

    private static string Ordinal(int day) => string.Create(
        CultureInfo.InvariantCulture, $"{day}{(day % 10, day / 10) switch { (_, 1) => "th", (1, _) => "st", (2, _) => "nd", (3, _) => "rd", _ => "th" }}");

    /// <summary>Lets the cap per charge be notified again: the rule has changed.</summary>
    public void RearmChargeCap() =>
        draft.Rearm(new(CreditNotificationKind.RechargeCapped, CapKey(RechargeCap.MaximumPerCharge)));

    private Tenant Tenant => draft.Tenant;

    private static string Name(PoolMonth pool) =>
        $"{pool.Capability} minutes" + (pool.Country.Length == 0 ? string.Empty : $" in {pool.Country}");

    private static string Key(Lot lot, int days) => string.Create(CultureInfo.InvariantCulture, $"{lot.Number}/{days}");

    private static string Key(PoolMonth pool, int mark) =>
        string.Create(CultureInfo.InvariantCulture, $"{pool.Month} {pool.Capability} {pool.Country} {mark} {pool.User}");

    private static string Date(Instant instant) => instant.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Reference(Attempt attempt) =>
        attempt.PaymentReference is null ? string.Empty : $" (reference {attempt.PaymentReference})";

    private string CapKey(RechargeCap cap)
    {
        var today = draft.Now.ToDateTimeOffset();
        return cap switch
        {
            RechargeCap.MaximumPerDay => string.Create(CultureInfo.InvariantCulture, $"{cap} {today:yyyy-MM-dd}"),
            RechargeCap.MaximumPerMonth => string.Create(CultureInfo.InvariantCulture, $"{cap} {today:yyyy-MM}"),
            RechargeCap.Held => string.Create(CultureInfo.InvariantCulture, $"{cap} {draft.Rule!.HeldAt!.Value.Ticks}"),
            _ => cap.ToString(),
        };
    }

    private string Money(Amount amount) =>
        $"{Tenant.Currency} {amount.ToDecimal().ToString("#,##0.00####", CultureInfo.InvariantCulture)}";

    private void Add(CreditNotificationKind kind, string subject, string body)
    {
        var number = ++draft.Account.Notifications;
        draft.Changes.Notifications[number] = new()
        {
            Number = number,
            Kind = kind,
            Subject = subject,
            Body = body,
            RaisedAt = draft.Now,
            Status = CreditNotificationStatus.Pending,
            Attempts = 0,
            NextAt = Instant.Earliest,
            LastError = null,
            Episode = draft.Episode,
        };
        Count++;
    }
}
