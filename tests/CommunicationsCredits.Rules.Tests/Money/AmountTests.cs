using System.Globalization;
using System.Numerics;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CommunicationsCredits.Ledger.Tests.Money;

public sealed class AmountTests
{
    [Theory]
    [Trait("Rule", "M3")]
    [InlineData("1.50", 1_500_000)]
    [InlineData("0.000001", 1)]
    [InlineData("-4.20", -4_200_000)]
    [InlineData("+7", 7_000_000)]
    [InlineData(" 12 ", 12_000_000)]
    [InlineData("007.10", 7_100_000)]
    [InlineData("1000000000", 1_000_000_000_000_000)]
    [InlineData("0.1000000", 100_000)]
    public void An_amount_is_read_with_a_point(string text, long micros)
    {
        Assert.True(Amount.TryParse(text, out var amount, out _));
        Assert.Equal(micros, amount.Micros);
    }

    [Theory]
    [Trait("Rule", "M3")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("1,50")]
    [InlineData("1,000.00")]
    [InlineData("1kb")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("1.2.3")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1-")]
    [InlineData("(1)")]
    [InlineData("$1")]
    [InlineData("1 000")]
    [InlineData("١")]
    [InlineData("NaN")]
    [InlineData("∞")]
    [InlineData("99999999999999999999999999999999")]
    public void What_is_no_plain_number_is_refused(string? text)
    {
        Assert.False(Amount.TryParse(text, out _, out var reason));
        Assert.False(string.IsNullOrEmpty(reason));
    }

    [Theory]
    [Trait("Rule", "M1")]
    [InlineData("0.0000001")]
    [InlineData("1.1234567")]
    [InlineData("-0.0000009")]
    public void More_than_six_decimals_are_refused_and_never_rounded(string text)
    {
        Assert.False(Amount.TryParse(text, out _, out _));
        Refuses.With(CreditErrorId.InvalidAmount, () => Amount.FromDecimal(decimal.Parse(text, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [Trait("Rule", "M1")]
    [InlineData("1000000000.000001")]
    [InlineData("-1000000001")]
    [InlineData("79228162514264337593543950335")]
    public void More_than_a_billion_is_refused(string text) => Refuses.With(
        CreditErrorId.InvalidAmount, () => Amount.FromDecimal(decimal.Parse(text, CultureInfo.InvariantCulture)));

    [Theory]
    [Trait("Rule", "M1")]
    [InlineData("0.0000005", 1)]
    [InlineData("0.0000004999", 0)]
    [InlineData("0.123456499999", 123456)]
    [InlineData("0.1234565", 123457)]
    [InlineData("1e-6", 1)]
    [InlineData("5E-7", 1)]
    [InlineData("1.5e2", 150_000_000)]
    public void A_record_s_own_charge_is_rounded_half_up_to_six_decimals(string text, long micros)
    {
        Assert.True(Amount.TryParseExact(Encoding.UTF8.GetBytes(text), out var value));
        Assert.True(Amount.TryRound(value, out var amount));
        Assert.Equal(micros, amount.Micros);
    }

    [Theory]
    [Trait("Rule", "M3")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("5.")]
    [InlineData("-")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("0x1")]
    [InlineData("1kb")]
    [InlineData("e5")]
    [InlineData("00000000000000000000000000000000000000001")]
    public void A_figure_that_is_none_is_not_read(string text) =>
        Assert.False(Amount.TryParseExact(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    [Trait("Rule", "M3")]
    public void Every_amount_reads_back_from_its_own_text_in_every_culture()
    {
        foreach (var culture in (string[])["de-DE", "ar-SA", "fa-IR", "tr-TR", "hi-IN", "sv-SE"])
        {
            using var _ = new CultureScope(culture);
            Prop.ForAll(AnyMicros, micros =>
            {
                var text = new Amount(micros).ToString();
                return Amount.TryParse(text, out var amount, out var _) && amount.Micros == micros
                    && Amount.TryParseExact(Encoding.UTF8.GetBytes(text), out var exact) && exact == amount.ToDecimal()
                    && !text.Contains(',', StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal);
            }).QuickCheckThrowOnFailure();
        }
    }

    [Fact]
    [Trait("Rule", "M1")]
    public void Sums_are_exact() => Prop.ForAll(AnyMicros, AnyMicros, (left, right) =>
    {
        var (a, b) = (new Amount(left), new Amount(right));
        return (a + b).ToDecimal() == a.ToDecimal() + b.ToDecimal() && (a - b).ToDecimal() == a.ToDecimal() - b.ToDecimal()
            && Amount.FromDecimal(a.ToDecimal()) == a && -(-a) == a && Amount.Min(a, b).Micros == Math.Min(left, right)
            && (a < b) == (a.ToDecimal() < b.ToDecimal()) && (a >= b) == (a.ToDecimal() >= b.ToDecimal());
    }).QuickCheckThrowOnFailure();

    [Fact]
    [Trait("Rule", "M1")]
    public void A_sum_that_no_longer_fits_is_an_error_and_never_wraps() =>
        Assert.Throws<OverflowException>(() => new Amount(long.MaxValue) + new Amount(1));

    [Theory]
    [Trait("Rule", "M1")]
    [InlineData(CreditRounding.HalfUp)]
    [InlineData(CreditRounding.HalfEven)]
    [InlineData(CreditRounding.Up)]
    [InlineData(CreditRounding.Down)]
    public void Any_fraction_is_rounded_as_unbounded_integers_round_it(CreditRounding mode)
    {
        var cases = from numerator in Gen.Choose(0, int.MaxValue)
                    from scale in Gen.Choose(0, 40)
                    from denominator in Gen.Choose(1, 7200)
                    from decimals in Gen.Choose(0, 6)
                    select (Numerator: (UInt128)(ulong)numerator << (scale % 30), Denominator: (ulong)denominator, Decimals: decimals);
        Prop.ForAll(cases.ToArbitrary(), c => Matches(c.Numerator, c.Denominator, c.Decimals, mode))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

        // Ties and their neighbours, which a random fraction hardly meets.
        for (var decimals = 0; decimals <= 6; decimals++)
        {
            var step = (ulong)Rounding.StepMicros(decimals);
            for (ulong whole = 0; whole < 4; whole++)
            {
                for (var beside = -1; beside <= 1; beside++)
                    Assert.True(Matches((UInt128)((long)((((2 * whole) + 1) * step * 30) + 0) + beside), 60, decimals, mode));
            }
        }
    }

    [Theory]
    [Trait("Rule", "G5")]
    [InlineData(-1)]
    [InlineData(7)]
    public void Only_0_to_6_decimals_are_kept(int decimals) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rounding.StepMicros(decimals));

    private static Arbitrary<long> AnyMicros { get; } =
        (from high in Gen.Choose(-1_000_000_000, 1_000_000_000) from low in Gen.Choose(0, 999_999)
         select (high * 999_999L) + low).ToArbitrary();

    /// <summary>The definition of each mode, on integers without bounds.</summary>
    private static bool Matches(UInt128 numerator, ulong denominator, int decimals, CreditRounding mode)
    {
        var step = BigInteger.Pow(10, 6 - decimals);
        BigInteger top = numerator, bottom = denominator * step;
        var below = top / bottom;
        var rest = top % bottom;
        var expected = mode switch
        {
            CreditRounding.Down => below,
            CreditRounding.Up => rest.IsZero ? below : below + 1,
            CreditRounding.HalfUp => ((2 * top) + bottom) / (2 * bottom),
            _ when 2 * rest == bottom => below.IsEven ? below : below + 1,
            _ => 2 * rest > bottom ? below + 1 : below,
        };
        return Rounding.Round(numerator, denominator, decimals, mode).Micros == expected * step;
    }
}
