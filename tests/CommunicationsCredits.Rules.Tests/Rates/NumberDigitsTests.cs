using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Rates;

public sealed class NumberDigitsTests
{
    [Theory]
    [Trait("Rule", "G1")]
    [InlineData("+12025550100", "12025550100")]
    [InlineData("0012025550100", "12025550100")]
    [InlineData("(00) 44 20-7946", "44207946")]
    [InlineData("+1 (202) 555-0100", "12025550100")]
    [InlineData("12025550100", "12025550100")]
    [InlineData("+123 456789***", "123456789")]
    [InlineData("+44***", "44")]
    [InlineData("44207946***", "44207946")]
    [InlineData("tel:+44.20", "4420")]
    [InlineData("TEL:+44-20-7946-0000", "442079460000")]
    [InlineData("tel:+442079460000;ext=12", "442079460000")]
    [InlineData("sip:+442079460000@contoso.example", "442079460000")]
    [InlineData("sips:+442079460000;ext=9@contoso.example;user=phone", "442079460000")]
    [InlineData("+44 (0)20 7946 0000", "442079460000")]
    [InlineData("0049(0)30 123456", "4930123456")]
    [InlineData("+39 06 1234567", "39061234567")]
    [InlineData("\u202A+44\u00A07700\u2011900123\u202C", "447700900123")]
    [InlineData("'+447700900123", "447700900123")]
    [InlineData("=\"447700900123\"", "447700900123")]
    [InlineData(" +447700900123 ", "447700900123")]
    [InlineData("+911", "911")]
    public void A_number_is_matched_by_its_visible_digits(string text, string digits)
    {
        var (kind, found) = Read(text);

        Assert.Equal((NumberKind.Number, digits), (kind, found));
    }

    [Theory]
    [Trait("Rule", "G1")]
    [InlineData("911")]
    [InlineData("411")]
    [InlineData("12")]
    [InlineData("123456")]
    [InlineData("*67")]
    [InlineData("#31#")]
    [InlineData("*#06#")]
    [InlineData("112#")]
    [InlineData("tel:911")]
    public void A_short_code_is_two_to_six_characters(string text) => Assert.Equal(NumberKind.ShortCode, Read(text).Kind);

    [Theory]
    [Trait("Rule", "G1")]
    [InlineData("4.47701E+11", "a spreadsheet made a number of it")]
    [InlineData("4,47701E+11", "a spreadsheet made a number of it")]
    [InlineData("4.48e+11", "a spreadsheet made a number of it")]
    [InlineData("########", "a column is too narrow")]
    [InlineData("447***", "too few digits")]
    [InlineData("*67*", "too few digits")]
    [InlineData("(202) 555-0100", "write it with +")]
    [InlineData("202-555-0100", "write it with +")]
    [InlineData("07700900123", "write it with +")]
    [InlineData("447700900123.0", "write it with +")]
    [InlineData("+0447700900123", "write it with +")]
    [InlineData("+", "is not a telephone number")]
    [InlineData("1", "is not a telephone number")]
    [InlineData("p~4x20Gk9bq", "is not a telephone number")]
    [InlineData("sip:ann.2042@contoso.example", "is not a telephone number")]
    [InlineData("sip:+442079460000", "is not a telephone number")]
    [InlineData("+442079460000@contoso.example", "is not a telephone number")]
    [InlineData("+442079460000 x12", "is not a telephone number")]
    [InlineData("+442079460000;phone-context=x", "is not a telephone number")]
    [InlineData("19:meeting_a@thread.v2", "is not a telephone number")]
    [InlineData("Anonymous", "is not a telephone number")]
    [InlineData("+44２０79460000", "write it with +")]
    [InlineData("44+2079460000", "write it with +")]
    [InlineData("0x1F4B2C7D8E", "is not a telephone number")]
    public void Anything_else_is_no_number_and_says_why(string text, string reason)
    {
        Assert.Equal((NumberKind.NoNumber, ""), Read(text));
        Assert.Contains(reason, NumberDigits.WhyRefused(text), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "G1")]
    public void Nothing_is_nothing()
    {
        Assert.Equal(NumberKind.None, Read("").Kind);
        Assert.Equal(NumberKind.None, Read(" \t").Kind);
    }

    [Fact]
    [Trait("Rule", "G1")]
    public void More_digits_than_any_number_has_are_cut_and_not_an_error() =>
        Assert.Equal(NumberDigits.Maximum, Read(new string('9', 1000)).Digits.Length);

    [Fact]
    [Trait("Rule", "G1")]
    public void Whatever_spreadsheets_dialling_and_tokens_make_of_a_number_is_the_number_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new SeededRandom(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var digits = (1 + random.Next(9)).ToString(CultureInfo.InvariantCulture)
                + string.Concat(Enumerable.Range(0, random.Next(7, 14)).Select(_ => (char)('0' + random.Next(10))));
            var text = Written(random, digits);

            var (kind, found) = Read(text);

            var message = $"seed {seed}: '{text}' of {digits} is {kind} {found}";
            Assert.True(kind == NumberKind.NoNumber || (kind == NumberKind.Number && found == digits), message);

            // A letter that no known form explains, wherever it stands.
            var letter = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäßЖ漢"[random.Next(56)];
            var spoilt = digits.Insert(random.Next(digits.Length + 1), letter.ToString());
            Assert.True(Read(spoilt).Kind == NumberKind.NoNumber, $"seed {seed}: '{spoilt}' is {Read(spoilt)}");
            Assert.True(Read(spoilt[..random.Next(1, 7)] + letter).Kind == NumberKind.NoNumber, $"seed {seed}: the start of '{spoilt}'");

            // A spreadsheet's idea of it.
            var excel = double.Parse(digits, CultureInfo.InvariantCulture).ToString("0." + new string('#', random.Next(0, 6)) + "E+0", CultureInfo.InvariantCulture);
            Assert.True(Read(excel).Kind == NumberKind.NoNumber, $"seed {seed}: '{excel}' is {Read(excel)}");
        }
    }

    private static string Written(SeededRandom random, string digits)
    {
        var grouped = new StringBuilder();
        var separator = random.Pick([" ", "-", ".", "", "\u00A0", "/", "\u2011"]);
        for (var at = 0; at < digits.Length;)
        {
            var length = Math.Min(random.Next(1, 5), digits.Length - at);
            if (at > 0)
                grouped.Append(separator);
            grouped.Append(digits, at, length);
            at += length;
        }

        return random.Next(8) switch
        {
            0 => "+" + digits,
            1 => "00" + digits,
            2 => digits,
            3 => "+" + grouped,
            4 => $"tel:+{grouped}",
            5 => $"sip:+{digits}@contoso.example",
            6 => $"+{digits[..2]} (0){digits[2..]}",
            _ => grouped.ToString(),
        };
    }

    private static (NumberKind Kind, string Digits) Read(string text)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(Encoding.UTF8.GetBytes(text), buffer);
        return (number.Kind, string.Concat(number.Digits.ToArray()));
    }
}
