namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Something that is notified once until it is over (N2).</summary>
/// <param name="Kind">What kind of notification.</param>
/// <param name="Subject">What it is about: a lot and a day, a pool and a month, a cap and a period; empty where the kind says all.</param>
internal readonly record struct NotifiedMark(CreditNotificationKind Kind, string Subject = "");

/// <summary>Notifications whose words change: of a kind, whose subject ends with a text (C4).</summary>
/// <param name="Kind">The kind.</param>
/// <param name="SubjectEnd">What their subjects end with.</param>
/// <param name="Before">The words that go, in subject and body.</param>
/// <param name="After">The words that take their place.</param>
internal sealed record NotificationRewording(CreditNotificationKind Kind, string SubjectEnd, string Before, string After);
