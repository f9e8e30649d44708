using System.Text;
using CommunicationsCredits.Ledger.Pools;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>What the rules know of a capability by its name: each row of the table, and what a name has to be like to be of one (A1).</summary>
public sealed class LicenseCapabilityTests
{
    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("MCOPSTN1", "MCOPSTN1")]
    [InlineData("mcopstn1br", "MCOPSTN1")]
    [InlineData("MCOPSTN1_GOV", "MCOPSTN1")]
    [InlineData("MCOPSTN2MX", "MCOPSTN2")]
    [InlineData("MCOPSTN8_GCCHIGH", "MCOPSTN8")]
    [InlineData("MCOPSTNPP", "MCOPSTNPP")]
    [InlineData("MCOPSTNPP_GOV", "MCOPSTNPP")]
    [InlineData("MCOMEETADD_DIALOUT_US", "MCOMEETADD_DIALOUT_US")]
    [InlineData("MCOMEETADD_DIALOUT_US_GOV", "MCOMEETADD_DIALOUT_US")]
    [InlineData("MCOPSTN9X", "MCOPSTN9")]
    [InlineData("ConferenceDialOut", "CONFERENCEDIALOUT")]
    [InlineData("MCOPSTN10", null)]
    [InlineData("XCOPSTN1", null)]
    [InlineData("MCOPSTN1\u00e4", null)]
    [InlineData("MCOPSTN1-x", null)]
    [InlineData("MCOPSTN", null)]
    [InlineData("MCOPSTNEAU", null)]
    [InlineData("MCOMEETADD", null)]
    [InlineData("", null)]
    public void The_stem_is_the_longest_name_that_letters_follow(string capability, string? stem) =>
        Assert.Equal(stem, LicenseCapability.StemOf(capability)?.Name);

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("MCOPSTN1", "US", 3000, 0)]
    [InlineData("MCOPSTN1", "CA", 3000, 0)]
    [InlineData("MCOPSTN1", "PR", 3000, 0)]
    [InlineData("MCOPSTN1", "GB", 1200, 0)]
    [InlineData("MCOPSTN1", null, 1200, 0)]
    [InlineData("MCOPSTN2", "US", 3000, 600)]
    [InlineData("MCOPSTN1BR", "US", 1200, 0)]
    [InlineData("mcopstn2mx", "US", 1200, 600)]
    [InlineData("MCOPSTN1MXX", "US", 3000, 0)]
    [InlineData("MCOPSTN6", "US", 240, 0)]
    [InlineData("MCOPSTN8", "US", 120, 0)]
    [InlineData("MCOPSTN9", "US", 0, 600)]
    [InlineData("MCOPSTN2_GOV", "US", 3000, 600)]
    [InlineData("MCOPSTN5_GOV", "US", 120, 0)]
    [InlineData("MCOMEETADD_DIALOUT_US", "US", 60, 0)]
    [InlineData("ConferenceDialOut", "US", 60, 0)]
    public void A_family_has_the_minutes_of_its_stem(string capability, string? country, int domestic, int international) =>
        Assert.Equal((domestic, international), LicenseCapability.Preset(capability, country));

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("MCOPSTNPP")]
    [InlineData("MCOPSTN10")]
    public void A_capability_without_minutes_or_without_a_name_that_is_known_has_none_to_propose(string capability) =>
        Assert.Null(LicenseCapability.Preset(capability, "US"));

    // Whether its users have minutes of their own, both kinds close together, it is for dial-out, and which calls it may cover.
    [Theory]
    [Trait("Rule", "A1, A2, A3, U4")]
    [InlineData("MCOPSTN1", false, false, false, true, false)]
    [InlineData("MCOPSTN2_GOV", false, true, false, true, true)]
    [InlineData("MCOPSTN5", false, false, false, true, false)]
    [InlineData("MCOPSTN6", false, false, false, true, false)]
    [InlineData("mcopstn8", true, false, false, true, false)]
    [InlineData("MCOPSTN9", false, false, false, false, true)]
    [InlineData("MCOPSTNPP", false, false, false, false, false)]
    [InlineData("MCOMEETADD_DIALOUT_US", false, false, true, true, false)]
    [InlineData("ConferenceDialOut", false, false, true, true, false)]
    [InlineData("MCOPSTN77", false, false, false, true, true)]
    [InlineData("", false, false, false, false, false)]
    public void A_capability_is_what_its_stem_is(
        string capability, bool isPerUser, bool closesWhole, bool isDialOut, bool coversDomestic, bool coversInternational)
    {
        var utf8 = Encoding.UTF8.GetBytes(capability);

        Assert.Equal(
            (isPerUser, closesWhole, isDialOut),
            (LicenseCapability.IsPerUser(capability), LicenseCapability.ClosesWhole(capability), LicenseCapability.IsDialOut(capability)));
        Assert.Equal(
            (coversDomestic, coversInternational), (LicenseCapability.MayCoverDomestic(utf8), LicenseCapability.MayCoverInternational(utf8)));
        Assert.Equal(
            (coversDomestic, coversInternational), (LicenseCapability.HasDomestic(capability), LicenseCapability.HasInternational(capability)));
    }

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("MCOMEETADD_DIALOUT_US", "MCOMEETADD_DIALOUT_US", true)]
    [InlineData("MCOMEETADD_DIALOUT_US", "mcomeetadd_dialout_us", true)]
    [InlineData("MCOMEETADD_DIALOUT_US", "MCOMEETADD_DIALOUT_US_GOV", false)]
    [InlineData("MCOMEETADD_DIALOUT_US_GOV", "MCOMEETADD_DIALOUT_US_GOV", true)]
    [InlineData("MCOMEETADD_DIALOUT_US", "MCOMEETADD", false)]
    [InlineData("ConferenceDialOut", "MCOMEETADD_DIALOUT_US", false)]
    [InlineData("ConferenceDialOut", "MCOMEETADD", true)]
    [InlineData("ConferenceDialOut", "MCOPSTN1_AND_A_LONG_TAIL_OF_IT", true)]
    [InlineData("ConferenceDialOut", "", true)]
    public void Dial_out_of_the_US_plan_has_a_pool_of_its_own_and_all_other_that_of_Zone_A(string pool, string capability, bool isOf) =>
        Assert.Equal(isOf, LicenseCapability.IsDialOutPoolOf(pool, Encoding.UTF8.GetBytes(capability)));

    [Fact]
    public void A_capability_is_the_one_named_in_any_case()
    {
        Assert.True(LicenseCapability.Is("mcopstnPP"u8, "MCOPSTNPP"u8));
        Assert.False(LicenseCapability.Is("MCOPSTNP"u8, "MCOPSTNPP"u8));
    }
}
