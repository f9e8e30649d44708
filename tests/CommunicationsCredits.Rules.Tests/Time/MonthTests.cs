using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Time;

public sealed class MonthTests
{
    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01", "2026-01-01T00:00:00Z")]
    [InlineData("2025-12-31T23:59:59.9999999Z", "2025-12", "2025-12-01T00:00:00Z")]
    [InlineData("2024-02-29T12:00:00Z", "2024-02", "2024-02-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12", "9999-12-01T00:00:00Z")]
    public void An_instant_is_in_its_month_UTC_and_the_month_begins_at_midnight_of_its_first(string instant, string month, string start)
    {
        var found = Month.Of(Instant.Parse(instant));

        Assert.Equal(month, found.ToString());
        Assert.Equal(start, found.Start.ToString());
    }

    [Theory]
    [InlineData("2026-01", "2025-12", "2026-02")]
    [InlineData("2025-12", "2025-11", "2026-01")]
    public void Months_follow_one_another_across_years(string month, string before, string after)
    {
        var found = Month.Parse(month);

        Assert.Equal((before, after), (found.Previous.ToString(), found.Next.ToString()));
        Assert.True(found.Previous < found && found > found.Previous && found <= found.Next && found.Next >= found);
        var same = Month.Parse(month);
        Assert.False(found < same || found > same || found.Next <= found || found >= found.Next);
        Assert.True(found <= Month.Parse(month) && found >= Month.Parse(month));
        Assert.True(found.CompareTo(found.Next) < 0);
    }

    [Fact]
    public void The_first_and_the_last_month_are_those_that_instants_can_be_in()
    {
        Assert.Equal(Month.Of(Instant.Earliest), Month.First);
        Assert.Equal(Month.Of(Instant.Latest), Month.Last);
    }

    [Theory]
    [Trait("Rule", "I1")]
    [InlineData(" 2026-07 ", "2026-07")]
    [InlineData("0001-01", "0001-01")]
    [InlineData("9998-12", "9998-12")]
    public void A_month_is_read_as_yyyy_MM(string text, string month) => Assert.Equal(month, Month.Parse(text).ToString());

    [Theory]
    [Trait("Rule", "I1")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026-13")]
    [InlineData("2026-00")]
    [InlineData("2026-1")]
    [InlineData("07/2026")]
    [InlineData("9999-12")]
    public void Anything_else_is_refused(string? text) => Refuses.With(CreditErrorId.InvalidInstant, () => Month.Parse(text));
}
