using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Money;

public sealed class CurrencyTests
{
    [Theory]
    [Trait("Rule", "T1")]
    [InlineData("USD", "USD")]
    [InlineData("eur", "EUR")]
    [InlineData(" jpy ", "JPY")]
    public void A_currency_is_an_ISO_4217_code_in_any_case(string text, string code) => Assert.Equal(code, Currency.Parse(text));

    [Theory]
    [Trait("Rule", "T1")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("US")]
    [InlineData("USDX")]
    [InlineData("XXX")]
    [InlineData("dollar")]
    [InlineData("$")]
    public void Anything_else_is_no_currency(string? text) =>
        Refuses.With(CreditErrorId.InvalidCurrency, () => Currency.Parse(text));

    [Theory]
    [Trait("Rule", "R3")]
    [InlineData("USD", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    public void A_currency_has_its_own_smallest_coin(string code, int digits) => Assert.Equal(digits, Currency.MinorDigits(code));

    [Fact]
    [Trait("Rule", "T1")]
    public void The_Turkish_i_does_not_change_a_code()
    {
        using var _ = new CultureScope("tr-TR");

        Assert.Equal("INR", Currency.Parse("inr"));
        Assert.Equal("IT", Country.TryParse("it"));
    }

    [Theory]
    [Trait("Rule", "T1")]
    [InlineData("US", "US")]
    [InlineData("de", "DE")]
    [InlineData(" gb ", "GB")]
    [InlineData("UK", null)]
    [InlineData("USA", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_country_is_an_ISO_3166_code_of_two_letters(string? text, string? code) => Assert.Equal(code, Country.TryParse(text));
}
