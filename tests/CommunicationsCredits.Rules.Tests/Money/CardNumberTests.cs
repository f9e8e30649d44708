using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Money;

public sealed class CardNumberTests
{
    [Theory]
    [Trait("Rule", "R9")]
    [InlineData("4111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("card:4111111111111111;")]
    [InlineData("378282246310005")]
    [InlineData("4222222222222")]
    [InlineData("6304000000000000000")]
    [InlineData("order 7 4111 1111 1111 1111")]
    [InlineData("2026 4111111111111111")]
    [InlineData("4111111111111111 03 27")]
    [InlineData("41 11 11 11 11 11 11 11")]
    [InlineData("INV-2026-01, paid by 5555555555554444")]
    public void A_card_number_is_refused_and_not_echoed(string text)
    {
        var error = Refuses.With(CreditErrorId.CardNumberRefused, () => CardNumbers.Refuse(text, "reference"));

        Assert.Contains("reference", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1111", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
        Assert.Null(error.Target);
    }

    [Theory]
    [Trait("Rule", "R9")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("INV-2026-0117")]
    [InlineData("4111111111111112")]
    [InlineData("411111111111")]
    [InlineData("PO 45000123")]
    [InlineData("41111111111111111111")]
    [InlineData("7 41 11 11 11 11 11 11 11")]
    [InlineData("9c4984c7-6c3c-427d-a30c-bd0b2eacee90")]
    public void Any_other_text_is_taken(string? text) => CardNumbers.Refuse(text, "reference");
}
