using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>The time a report covers.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends, exclusive; never later than just after now.</param>
/// <param name="Now">The instant of the report.</param>
internal readonly record struct ReportPeriod(Instant From, Instant To, Instant Now)
{
    private const int UsualMonths = 6;

    /// <summary>The time asked for.</summary>
    /// <exception cref="CreditException"><c>InvalidInstant</c>: it would end before it begins.</exception>
    public static ReportPeriod Of(Instant? from, Instant? to, Instant now)
    {
        var end = to is { } asked && asked < now ? asked : now.Next;
        var begin = from ?? new Month(Month.Of(end.Previous).Index - UsualMonths + 1).Start;
        return begin < end
            ? new(begin, end, now)
            : throw new CreditException(
                CreditErrorId.InvalidInstant, $"A report from {begin} cannot end at {end}: nothing lies between. Give an earlier -From, or a later -To.", begin);
    }
}
