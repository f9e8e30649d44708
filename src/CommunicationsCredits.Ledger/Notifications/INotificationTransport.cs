using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>A way that messages go; it knows nothing of ledgers, of retries, or of what a notice says.</summary>
internal interface INotificationTransport : IDisposable
{
    /// <summary>How long a message may take at the most, until whoever sends it is taken for dead.</summary>
    TimeSpan SendLease { get; }

    /// <summary>Whether this way leads to anybody for a tenant.</summary>
    bool Reaches(Tenant tenant);

    /// <summary>Hands one message over. It never throws for what the other side, or the way there, does.</summary>
    /// <param name="tenant">The tenant, which <see cref="Reaches"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="now">The time of sending.</param>
    /// <param name="cancellation">Ends the wait for the other side; whether it has taken the message is then unknown.</param>
    HandOver Send(Tenant tenant, NotificationMessage message, Instant now, CancellationToken cancellation);
}

/// <summary>How far a message got.</summary>
internal enum HandOverOutcome
{
    /// <summary>The other side has taken it.</summary>
    Accepted,

    /// <summary>The other side refused this message.</summary>
    Refused,

    /// <summary>The other side was not reached, or did not answer; what else is due would fare alike.</summary>
    NotReached,
}

/// <summary>What came of handing a message over.</summary>
/// <param name="Outcome">How far it got.</param>
/// <param name="Error">What went wrong, without secrets; of one that was taken, which of its recipients were refused.</param>
internal readonly record struct HandOver(HandOverOutcome Outcome, string? Error);
