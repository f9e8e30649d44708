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

    /// <summary>After so many messages in a row that did not get through, a run leaves the rest for the next one.</summary>
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
    /// Delivers the notices that are due, at least once each (N3), those of one episode as one message (N2): message by message, never within a
    /// transaction, and what has become of each is written before it is given. Two runs at once are harmless: each notice is one's or the other's.
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
        IReadOnlyList<Episode> due, NotificationDelivery delivery, Func<CreditNotification, bool>? approve, Action<string>? warn,
        CancellationToken cancellation)
    {
        using var transport = delivery.Open(_secrets);
        var failures = 0;
        for (var i = 0; i < due.Count && !cancellation.IsCancellationRequested; i++)
        {
            if (FindDue(due[i]) is not var (tenant, notices))
                continue;
            if (!transport.Reaches(tenant))
            {
                var unaddressed = notices.Select(notice => (Before: notice, After: DeliveryRules.Unaddressed(notice)))
                    .Where(change => change.After != change.Before && approve?.Invoke(change.After.ToContract(tenant)) != false);
                foreach (var notice in Write(tenant.Id, [.. unaddressed]))
                    yield return notice.ToContract(tenant);
                continue;
            }

            var wanted = notices.Where(notice => approve?.Invoke(DeliveryRules.Delivered(notice).ToContract(tenant)) != false).ToList();
            var begun = Instant.Now(_clock);
            var claimed = Write(tenant.Id, wanted.ConvertAll(notice => (notice, DeliveryRules.Claimed(notice, begun, transport.SendLease))));
            if (claimed.Count == 0)
                continue;
            var result = transport.Send(tenant, new(claimed), Instant.Now(_clock), cancellation);
            var now = Instant.Now(_clock);
            var tried = claimed.ConvertAll(notice => (Before: notice, After: DeliveryRules.After(notice, result, now)));
            Write(tenant.Id, tried);
            foreach (var (_, notice) in tried)
                yield return notice.ToContract(tenant);

            failures = result.Outcome == HandOverOutcome.NotReached ? failures + 1 : 0;
            if (failures == MostFailuresInARow && i + 1 < due.Count)
            {
                warn?.Invoke(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failures} messages in a row did not get through, the last one because: {result.Error}. "
                    + $"The other {due.Count - i - 1} were not tried, and stay for the next run."));
                yield break;
            }
        }
    }

    private List<Episode> DueNotifications(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        var tenants = snapshot.Select(selection);
        var waiting = snapshot.Notifications.Waiting().ToLookup(one => one.Tenant, one => one.Notification);
        var open = snapshot.Recharge.OpenAttempts();
        var now = Instant.Now(_clock);
        return
        [
            .. from tenant in tenants
               from notice in waiting[tenant.Number]
               where DeliveryRules.IsDue(notice, now) && !DeliveryRules.MayFollowMore(notice, open.GetValueOrDefault(tenant.Number), now)

               // Notices of before there were episodes are one each.
               group notice.Number by (tenant.Id, notice.Episode, Alone: notice.Episode == 0 ? notice.Number : 0) into episode
               select new Episode(episode.Key.Id, [.. episode]),
        ];
    }

    /// <summary>Those of an episode's notices that were due when the run began, if they still are.</summary>
    private (Tenant Tenant, IReadOnlyList<Notification> Notices)? FindDue(Episode episode)
    {
        using var snapshot = _reader.BeginRead();
        if (snapshot.Tenants.Find(episode.TenantId) is not { } tenant)
            return null;
        var now = Instant.Now(_clock);
        var due = episode.Numbers.Select(number => snapshot.Notifications.Find(tenant.Number, number)).OfType<Notification>()
            .Where(notice => DeliveryRules.IsDue(notice, now)).ToList();
        return due.Count == 0 ? null : (tenant, due);
    }

    /// <summary>Writes what has become of notices, each unless somebody else has written something else meanwhile.</summary>
    /// <returns>Those that were written, as they are now.</returns>
    private List<Notification> Write(string tenantId, List<(Notification Before, Notification After)> changes)
    {
        if (changes.Count == 0)
            return [];
        var decided = _decider.Decide([.. changes.Select(change => new ChangeNotification(tenantId, change.Before, change.After))], preview: false);
        var written = new List<Notification>();
        foreach (var (outcome, (_, after)) in decided.Zip(changes))
        {
            if (outcome.Error is { ErrorId: not CreditErrorId.TenantNotFound } error)
                throw error;
            if (outcome is { Error: null, Result: true })
                written.Add(after);
        }

        return written;
    }

    /// <summary>The notices of an episode that were due when a run began.</summary>
    private sealed record Episode(string TenantId, IReadOnlyList<long> Numbers);
}
