using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Tests.Money;

public sealed class RoundingTests
{
    [Fact]
    [Trait("Rule", "G5")]
    public void An_amount_beyond_what_is_kept_is_an_overflow_and_never_another_amount() =>
        Assert.Throws<OverflowException>(() => Rounding.Round((UInt128)long.MaxValue * 4, 1, 6, CreditRounding.HalfUp));
}
