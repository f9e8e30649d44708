using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;
using FsCheck;
using FsCheck.Fluent;

namespace CommunicationsCredits.Ledger.Tests.Time;

public sealed class InstantTests
{
    [Theory]
    [Trait("Rule", "I1")]
    [InlineData("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31T09:30:00", "2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31 09:30:00", "2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31T09:30", "2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00Z")]
    [InlineData("2026-01-31T00:30:00+0530", "2026-01-30T19:00:00Z")]
    [InlineData("2025-12-31T23:30:00-01", "2026-01-01T00:30:00Z")]
    [InlineData("2019-11-01T00:00:08.2589935Z", "2019-11-01T00:00:08.2589935Z")]
    [InlineData("2019-11-01t00:00:08,25z", "2019-11-01T00:00:08.25Z")]
    [InlineData("2019-11-01T00:00:08.2589935000Z", "2019-11-01T00:00:08.2589935Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    [InlineData(" 2026-01-31 ", "2026-01-31T00:00:00Z")]
    public void ISO_8601_is_read_as_UTC_where_it_does_not_say_otherwise(string text, string expected)
    {
        Assert.True(Instant.TryParse(text, out var instant));
        Assert.Equal(expected, instant.ToString());
    }

    [Theory]
    [Trait("Rule", "I1")]
    [InlineData("")]
    [InlineData("03/04/2026")]
    [InlineData("31.01.2026")]
    [InlineData("2026-1-31")]
    [InlineData("20260131")]
    [InlineData("2026-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("2026-00-01")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-32")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T23:60:00Z")]
    [InlineData("2026-01-31T23:59:60Z")]
    [InlineData("2026-01-31T9:30:00Z")]
    [InlineData("2026-01-31T09:30:00.Z")]
    [InlineData("2026-01-31T09:30:00.12345678Z")]
    [InlineData("2026-01-31T09:30:00+2")]
    [InlineData("2026-01-31T09:30:00+15:00")]
    [InlineData("2026-01-31T09:30:00 GMT")]
    [InlineData("2026-01-31T09:30:00ZZ")]
    [InlineData("2026-01-31X09:30:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("٢٠٢٦-01-31")]
    [InlineData("today")]
    public void Anything_else_is_refused(string text) => Assert.False(Instant.TryParse(text, out _));

    [Fact]
    [Trait("Rule", "I1")]
    public void Every_instant_reads_back_from_its_own_text_in_every_culture()
    {
        foreach (var culture in (string[])["ar-SA", "fa-IR", "th-TH", "de-DE"])
        {
            using var _ = new CultureScope(culture);
            Prop.ForAll(AnyTicks, ticks =>
                Instant.TryParse(new Instant(ticks).ToString(), out var read) && read.Ticks == ticks
                && Instant.From(new Instant(ticks).ToDateTimeOffset()).Ticks == ticks).QuickCheckThrowOnFailure();
        }
    }

    [Fact]
    [Trait("Rule", "I1")]
    public void An_offset_is_the_same_as_the_framework_says() =>
        Prop.ForAll(AnyTicks, Gen.Choose(-14 * 60, 14 * 60).ToArbitrary(), (ticks, minutes) =>
        {
            var local = new DateTimeOffset(new DateTime(ticks, DateTimeKind.Utc), TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(minutes));
            var text = local.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
            return Instant.TryParse(text, out var read) && read.Ticks == ticks;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [Trait("Rule", "F1")]
    [InlineData("2024-02-29T10:00:00Z", "2025-02-28T10:00:00Z")]
    [InlineData("2023-02-28T23:59:59.9999999Z", "2024-02-28T23:59:59.9999999Z")]
    [InlineData("2026-03-15T12:00:00Z", "2027-03-15T12:00:00Z")]
    public void Twelve_months_later_is_the_same_time_of_the_same_day(string from, string expected)
    {
        Assert.True(Instant.TryParse(from, out var instant));

        Assert.Equal(expected, instant.AddMonths(12).ToString());
    }

    private static Arbitrary<long> AnyTicks { get; } =
        (from day in Gen.Choose(2, 3_650_000) from second in Gen.Choose(0, 86_399) from rest in Gen.Choose(0, 9_999_999)
         select (day * TimeSpan.TicksPerDay) + (second * TimeSpan.TicksPerSecond) + rest).ToArbitrary();
}
