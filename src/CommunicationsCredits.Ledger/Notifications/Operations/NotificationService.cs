using System.Globalization;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Notifications.Operations;

/// <summary>Notifications, and their delivery.</summary>
public sealed class NotificationService
{
    private readonly ILedgerReader _reader;
    private readonly Decider _decider;
    private readonly Func<string, string?> _secrets;
    private readonly TimeProvider _clock;

    internal NotificationService(ILedgerReader reader, Decider decider, Func<string, string?> secrets, TimeProvider clock)
    {
        _reader = reader;
        _decider = decider;
        _secrets = secrets;
        _clock = clock;
    }

    /// <summary>After so many notices in a row that did not get through, a run leaves the rest for the next one.</summary>
    private const int MostFailuresInARow = 3;

    /// <summary>Whether an id is a notification's.</summary>
    public bool HasNotification(string notificationId) => _reader.Has(
        notificationId, LedgerIds.Notification, (snapshot, tenant, number) => snapshot.Notifications.Find(tenant, number) is not null);

    /// <summary>The notices of the tenants asked for, in their order.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="kinds">The kinds wanted; empty for all.</param>
    /// <param name="statuses">The statuses wanted; empty for all.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditNotification> GetNotifications(
        TenantSelection selection, IReadOnlyCollection<CreditNotificationKind> kinds,
        IReadOnlyCollection<CreditNotificationStatus> statuses)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var notice in snapshot.Notifications.Query(tenant.Number))
            {
                if ((kinds.Count == 0 || kinds.Contains(notice.Kind))
                    && (statuses.Count == 0 || statuses.Contains(notice.Status)))
                    yield return notice.ToContract(tenant);
            }
        }
    }

    /// <summary>
    /// Delivers the notices that are due, at least once each (N3): one by one, never within a transaction, and what has
    /// become of each is written before it is given. Two runs at once are harmless: each notice is one's or the other's.
    /// </summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="delivery">How they are delivered.</param>
    /// <param name="approve">
    /// Is asked before each notice, as it will stand when all goes well: Sent, or NoRecipient. Where it says no, the notice stays
    /// as it is.
    /// </param>
    /// <param name="warn">Receives why a run ended before everything had been tried.</param>
    /// <param name="cancellation">Stops it at once; the notice at hand is tried again later.</param>
    /// <returns>
    /// The notices as they stand now: Sent, Failed (tried again later, until it is given up after 10 tries), or NoRecipient,
    /// once, for one that is kept until its tenant has an address.
    /// </returns>
    /// <exception cref="CreditException">
    /// <c>TenantNotFound</c>; <c>RuleInvalid</c>: an address, a port, a URI or a secret that is not valid; nothing was sent.
    /// </exception>
    public IEnumerable<CreditNotification> Send(
        TenantSelection selection, NotificationDelivery delivery, Func<CreditNotification, bool>? approve = null,
        Action<string>? warn = null, CancellationToken cancellation = default)
    {
        // What is wrong with the order itself is said at once, not when the first notice is asked for.
        delivery.Open(_secrets).Dispose();
        return Deliver(DueNotifications(selection), delivery, approve, warn, cancellation);
    }

    private IEnumerable<CreditNotification> Deliver(
        IReadOnlyList<(string TenantId, long Number)> due, NotificationDelivery delivery, Func<CreditNotification, bool>? approve,
        Action<string>? warn, CancellationToken cancellation)
    {
        using var transport = delivery.Open(_secrets);
        var failures = 0;
        for (var i = 0; i < due.Count && !cancellation.IsCancellationRequested; i++)
        {
            if (FindDue(due[i]) is not { } found)
                continue;
            var (tenant, notice) = found;
            if (!transport.Reaches(tenant))
            {
                var unaddressed = DeliveryRules.Unaddressed(notice);
                if (notice != unaddressed && approve?.Invoke(unaddressed.ToContract(tenant)) != false
                    && Write(due[i], notice, unaddressed))
                    yield return unaddressed.ToContract(tenant);
                continue;
            }

            if (approve?.Invoke(DeliveryRules.Delivered(notice).ToContract(tenant)) == false)
                continue;
            var claimed = DeliveryRules.Claimed(notice, Instant.Now(_clock), transport.SendLease);
            if (!Write(due[i], notice, claimed))
                continue;
            var result = transport.Send(tenant, claimed, Instant.Now(_clock), cancellation);
            var after = DeliveryRules.After(claimed, result, Instant.Now(_clock));
            Write(due[i], claimed, after);
            yield return after.ToContract(tenant);

            failures = result.Outcome == HandOverOutcome.NotReached ? failures + 1 : 0;
            if (failures == MostFailuresInARow && i + 1 < due.Count)
            {
                warn?.Invoke(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failures} notices in a row did not get through, the last one because: {result.Error}. "
                    + $"The other {due.Count - i - 1} were not tried, and stay for the next run."));
                yield break;
            }
        }
    }

    private List<(string TenantId, long Number)> DueNotifications(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        var tenants = snapshot.Select(selection);
        var waiting = snapshot.Notifications.Waiting().ToLookup(one => one.Tenant, one => one.Notification);
        var now = Instant.Now(_clock);
        return
        [
            .. from tenant in tenants
               from notice in waiting[tenant.Number]
               where DeliveryRules.IsDue(notice, now)
               select (tenant.Id, notice.Number),
        ];
    }

    /// <summary>A notice that was due when the run began, if it still is.</summary>
    private (Tenant Tenant, Notification Notification)? FindDue((string TenantId, long Number) key)
    {
        using var snapshot = _reader.BeginRead();
        return snapshot.Tenants.Find(key.TenantId) is { } tenant
            && snapshot.Notifications.Find(tenant.Number, key.Number) is { } notice && DeliveryRules.IsDue(notice, Instant.Now(_clock))
                ? (tenant, notice)
                : null;
    }

    /// <summary>Writes what has become of a notice, unless somebody else has written something else meanwhile.</summary>
    private bool Write((string TenantId, long Number) key, Notification before, Notification after)
    {
        try
        {
            var decided = _decider.Decide([new ChangeNotification(key.TenantId, before, after)], preview: false)[0];
            return decided.Error is null ? decided.Result : throw decided.Error;
        }
        catch (CreditException gone) when (gone.ErrorId == CreditErrorId.TenantNotFound)
        {
            return false;
        }
    }
}
