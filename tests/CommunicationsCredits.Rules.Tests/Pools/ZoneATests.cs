using CommunicationsCredits.Ledger.Pools;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>Zone A as Microsoft publishes it, typed once more: the countries by code and by name.</summary>
public sealed class ZoneATests
{
    private static readonly string[] Codes =
    [
        "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CN", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HK", "HR", "HU", "IE", "IN", "IT", "JP", "KR",
        "LU", "MX", "MY", "NL", "NO", "NZ", "PL", "PR", "PT", "RO", "RU", "SE", "SG", "SI", "SK", "TH", "TW", "US", "ZA",
    ];

    [Fact]
    [Trait("Rule", "U4")]
    public void It_holds_the_published_countries_and_no_other()
    {
        for (var first = 'A'; first <= 'Z'; first++)
        {
            for (var second = 'A'; second <= 'Z'; second++)
            {
                var code = $"{first}{second}";
                Assert.True(Codes.Contains(code) == ZoneA.ContainsCountry(code), code);
            }
        }

        Assert.True(ZoneA.ContainsCountry("de"));
        Assert.False(ZoneA.ContainsCountry(""));
    }

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("Australia"), InlineData("Austria"), InlineData("Belgium"), InlineData("Brazil"), InlineData("Bulgaria"), InlineData("Canada")]
    [InlineData("China"), InlineData("Croatia"), InlineData("Czech Republic"), InlineData("Czechia"), InlineData("Denmark"), InlineData("Estonia")]
    [InlineData("Finland"), InlineData("France"), InlineData("Germany"), InlineData("Greece"), InlineData("Hong Kong SAR"), InlineData("Hong Kong")]
    [InlineData("Hungary"), InlineData("India"), InlineData("Ireland"), InlineData("Italy"), InlineData("Japan"), InlineData("Luxembourg")]
    [InlineData("Malaysia"), InlineData("Mexico"), InlineData("Netherlands"), InlineData("New Zealand"), InlineData("Norway"), InlineData("Poland")]
    [InlineData("Portugal"), InlineData("Puerto Rico"), InlineData("Romania"), InlineData("Russia"), InlineData("Singapore")]
    [InlineData("Slovak Republic"), InlineData("Slovakia"), InlineData("Slovenia"), InlineData("South Africa"), InlineData("South Korea")]
    [InlineData("Spain"), InlineData("Sweden"), InlineData("Switzerland"), InlineData("Taiwan"), InlineData("Thailand"), InlineData("United Kingdom")]
    [InlineData("united states"), InlineData("us")]
    public void A_destination_is_known_by_its_name_or_its_code_in_any_case(string destination) =>
        Assert.True(ZoneA.ContainsDestination(destination));

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("DE", "Zimbabwe", true)]
    [InlineData("ZW", "Germany", false)]
    [InlineData(null, "Germany", true)]
    [InlineData(null, "Zimbabwe", false)]
    [InlineData(null, null, false)]
    public void The_country_decides_and_where_it_is_not_known_the_name(string? country, string? destination, bool isIn) =>
        Assert.Equal(isIn, ZoneA.Contains(country, destination));
}
