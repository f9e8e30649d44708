using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Time;

public sealed class InstantArithmeticTests
{
    private static readonly Instant Early = Instant.Parse("2026-01-31T09:30:00Z");
    private static readonly Instant Late = Instant.Parse("2026-01-31T09:30:00.0000001Z");

    [Fact]
    public void Instants_compare_by_their_time()
    {
        Assert.True(Early < Late && Late > Early && Early <= Late && Late >= Early && Early <= Instant.Parse("2026-01-31T09:30:00Z"));
        Assert.False(Late < Early || Early > Late || Late <= Early || Early >= Late || Early < Instant.Parse("2026-01-31T09:30:00Z"));
        Assert.True(Early >= Instant.Parse("2026-01-31T09:30:00Z"));
        Assert.False(Early > Instant.Parse("2026-01-31T09:30:00Z"));
        Assert.True(Early.CompareTo(Late) < 0);
        Assert.Equal(Late, Instant.Max(Early, Late));
        Assert.Equal(Late, Instant.Max(Late, Early));
    }

    [Fact]
    public void Neighbours_are_100_ns_apart()
    {
        Assert.Equal(Late, Early.Next);
        Assert.Equal(Early, Late.Previous);
    }

    [Fact]
    public void A_day_begins_at_midnight_UTC()
    {
        Assert.Equal("2026-01-31T00:00:00Z", Early.Midnight.ToString());
        Assert.Equal("2026-02-01T00:00:00Z", Early.NextMidnight.ToString());
        Assert.Equal(Early.Midnight, Early.Midnight.Midnight);
        Assert.Equal(new DateOnly(2026, 1, 31), Early.Date);
    }

    [Fact]
    public void A_span_is_added_and_never_wraps_around()
    {
        Assert.Equal("2026-01-31T11:00:00Z", Early.Add(TimeSpan.FromMinutes(90)).ToString());
        Assert.Equal("2026-01-31T09:00:00Z", Early.Add(TimeSpan.FromMinutes(-30)).ToString());
        Assert.Throws<OverflowException>(() => new Instant(long.MaxValue).Add(TimeSpan.FromTicks(1)));
    }

    [Theory]
    [Trait("Rule", "F1")]
    [InlineData("2024-02-29T10:00:00Z", 12, "2025-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z")]
    public void Months_later_it_is_the_same_time_of_day(string from, int months, string to) =>
        Assert.Equal(to, Instant.Parse(from).AddMonths(months).ToString());

    [Theory]
    [InlineData(0L, "0001-01-01T00:00:00Z")]
    [InlineData(3155378975999999999L, "9999-12-31T23:59:59.9999999Z")]
    [InlineData(-1L, "no instant (-1)")]
    [InlineData(3155378976000000000L, "no instant (3155378976000000000)")]
    public void What_is_no_instant_is_named_by_its_number(long ticks, string text) => Assert.Equal(text, new Instant(ticks).ToString());

    [Theory]
    [Trait("Rule", "I1")]
    [InlineData("0001-01-01T00:00:00Z", true)]
    [InlineData("9999-12-31T23:59:59.9999999Z", true)]
    [InlineData("2026-01-31T09:30:00+14:00", true)]
    [InlineData("2026-01-31T09:30:00-14:00", true)]
    [InlineData("2026-01-31T09:30:00+13:59", true)]
    [InlineData("2026-01-31T09:30:00+13:60", false)]
    [InlineData("2026-01-31T09:30:00.9999999", true)]
    [InlineData("2026-01-31\u00E9", false)]
    public void The_ends_of_what_is_read(string text, bool isRead) => Assert.Equal(isRead, Instant.TryParse(text, out _));

    [Fact]
    [Trait("Rule", "I1")]
    public void An_offset_west_is_added_and_one_east_taken_away()
    {
        Assert.Equal("2026-01-31T10:45:00Z", Instant.Parse("2026-01-31T09:30:00-01:15").ToString());
        Assert.Equal("2026-01-31T08:15:00Z", Instant.Parse("2026-01-31T09:30:00+01:15").ToString());
    }

    [Fact]
    [Trait("Rule", "I1")]
    public void Text_of_64_characters_is_read_and_longer_text_is_not()
    {
        var text = "2026-01-31T09:30:00." + new string('0', 43) + "Z";

        Assert.Equal(64, text.Length);
        Assert.True(Instant.TryParse(text, out var instant));
        Assert.Equal("2026-01-31T09:30:00Z", instant.ToString());
        Assert.False(Instant.TryParse(text.Replace("Z", "0Z", StringComparison.Ordinal), out _));
    }

    [Theory]
    [Trait("Rule", "I1")]
    [InlineData("13/03/2026", "which of its numbers is the month")]
    [InlineData("3.4.2026", "which of its numbers is the month")]
    [InlineData("03-04-2026", "which of its numbers is the month")]
    [InlineData("46053.5", "is a number, as a spreadsheet keeps dates")]
    [InlineData("46053", "is a number, as a spreadsheet keeps dates")]
    [InlineData("today", "is not an ISO 8601 instant")]
    [InlineData("a/b/2026", "is not an ISO 8601 instant")]
    [InlineData("1/2/3", "is not an ISO 8601 instant")]
    [InlineData("", "is not an ISO 8601 instant")]
    [InlineData(null, "is not an ISO 8601 instant")]
    public void What_is_refused_is_told_by_its_form(string? text, string why)
    {
        Assert.Contains(why, Instant.WhyRefused(text), StringComparison.Ordinal);
        Assert.DoesNotContain("is not ISO 8601, and", why == "which of its numbers is the month" ? "" : Instant.WhyRefused(text), StringComparison.Ordinal);
    }
}
