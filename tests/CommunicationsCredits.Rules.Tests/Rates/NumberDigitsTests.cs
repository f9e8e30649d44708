using System.Text;
using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Ledger.Tests.Rates;

public sealed class NumberDigitsTests
{
    [Theory]
    [Trait("Rule", "G1")]
    [InlineData("+12025550100", "12025550100", true)]
    [InlineData("0012025550100", "12025550100", true)]
    [InlineData("(00) 44 20-7946", "44207946", true)]
    [InlineData("+1 (202) 555-0100", "12025550100", true)]
    [InlineData("+001202", "001202", true)]
    [InlineData("0202555", "0202555", false)]
    [InlineData("12025550100", "12025550100", false)]
    [InlineData("+123 456789***", "123456789", true)]
    [InlineData("tel:+44.20", "4420", true)]
    [InlineData("*123", "", false)]
    [InlineData("anonymous", "", false)]
    [InlineData("", "", false)]
    public void A_number_is_matched_by_its_visible_digits(string text, string digits, bool international)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(Encoding.UTF8.GetBytes(text), buffer);

        Assert.Equal(digits, string.Concat(number.Digits.ToArray()));
        Assert.Equal(international, number.IsInternational);
        Assert.Equal(digits.Length == 0, number.IsEmpty);
    }

    [Theory]
    [Trait("Rule", "G1")]
    [InlineData("911", true)]
    [InlineData("411", true)]
    [InlineData("123456", true)]
    [InlineData("1234567", false)]
    [InlineData("123***", true)]
    [InlineData("+911", false)]
    [InlineData("00911", false)]
    [InlineData("", false)]
    public void Fewer_than_seven_visible_digits_without_a_prefix_are_a_short_code(string text, bool isShort)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];

        Assert.Equal(isShort, NumberDigits.Read(Encoding.UTF8.GetBytes(text), buffer).IsShortCode);
    }

    [Fact]
    [Trait("Rule", "G1")]
    public void More_digits_than_any_number_has_are_cut_and_not_an_error()
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];

        Assert.Equal(NumberDigits.Maximum, NumberDigits.Read(Encoding.UTF8.GetBytes(new string('9', 1000)), buffer).Digits.Length);
    }
}
