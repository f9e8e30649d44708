using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Ledger.Tests.Rates;

/// <summary>A 0 after a country's code, as people write it, is asked about (G1).</summary>
public sealed class TrunkZeroTests
{
    [Theory]
    [Trait("Rule", "G1")]
    [InlineData("+44 07700 900123", "+447700900123")]
    [InlineData("004407700900123", "+447700900123")]
    [InlineData("+49 (030) 123456", "+4930123456")]
    [InlineData("tel:+33-0142-685300", "+33142685300")]
    public void A_number_with_a_trunk_zero_is_warned_of_with_the_number_without_it(string text, string without) =>
        Assert.Contains(without + ",", TrunkZero.Warning(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("+447700900123")]
    [InlineData("+44 (0)7700 900123")]
    [InlineData("+39 06 1234567")]
    [InlineData("+242 06 123 4567")]
    [InlineData("+1 202 555 0100")]
    [InlineData("911")]
    [InlineData("not a number")]
    public void Any_other_is_not(string text) => Assert.Null(TrunkZero.Warning(text));
}
