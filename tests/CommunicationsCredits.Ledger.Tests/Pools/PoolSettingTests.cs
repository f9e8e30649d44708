using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>What a tenant's included minutes are: presets, settings by month, and what is refused (A1).</summary>
public sealed class PoolSettingTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("MCOPSTN1", "US", 3000, 0)]
    [InlineData("MCOPSTN1", "CA", 3000, 0)]
    [InlineData("MCOPSTN1", "PR", 3000, 0)]
    [InlineData("MCOPSTN1", "GB", 1200, 0)]
    [InlineData("MCOPSTN2", "US", 3000, 600)]
    [InlineData("MCOPSTN2", "CA", 3000, 600)]
    [InlineData("MCOPSTN2", "DE", 1200, 600)]
    [InlineData("MCOPSTN5", "US", 120, 0)]
    [InlineData("MCOPSTN5", "GB", 120, 0)]
    [InlineData("MCOPSTN6", "US", 240, 0)]
    [InlineData("MCOPSTN6", "FR", 240, 0)]
    [InlineData("MCOPSTN8", "GB", 120, 0)]
    [InlineData("MCOPSTN9", "US", 0, 600)]
    [InlineData("MCOPSTN9", "GB", 0, 600)]
    public void A_licence_brings_its_preset_minutes(string capability, string country, int domestic, int international)
    {
        var pool = _ledger.SetPool(capability, 3, country: country);

        Assert.Equal(
            new CreditPool
            {
                TenantId = "contoso.com", Capability = capability, Country = country, Licenses = 3, Month = "2026-03",
                TenantName = "contoso.com",
                Minutes = 3 * domestic, MinutesUsed = 0, InternationalMinutes = 3 * international, InternationalMinutesUsed = 0,
                PercentUsed = 0, Status = CreditPoolStatus.Open,
            },
            pool);
        Assert.Equal(pool, Assert.Single(_ledger.Pools()));
    }

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("ConferenceDialOut")]
    [InlineData("conferencedialout")]
    public void Each_licence_brings_60_dial_out_minutes_tenant_wide(string capability)
    {
        var pool = _ledger.SetPool(capability, 115, country: "GB");

        Assert.Equal(("ConferenceDialOut", null, 6900m, 0m), (pool.Capability, pool.Country, pool.Minutes,
            pool.InternationalMinutes));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_capability_is_known_in_any_case_and_the_country_is_the_tenants_where_none_is_given()
    {
        _ledger.AddTenant("northwind.co.uk", new() { Country = "GB" });

        var pool = _ledger.SetPool(" mcopstn1 ", 1, tenant: "northwind.co.uk");

        Assert.Equal(("MCOPSTN1", "GB", 1200m), (pool.Capability, pool.Country, pool.Minutes));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void An_unknown_capability_has_the_minutes_it_is_given()
    {
        var pool = _ledger.SetPool("MCOPSTN77", 2, minutes: 100, international: 10);

        Assert.Equal((200m, 20m), (pool.Minutes, pool.InternationalMinutes));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_month_that_was_set_keeps_its_minutes_when_another_one_changes()
    {
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-03");
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-06");
        _ledger.SetPool("MCOPSTN1", 20, month: "2026-03");

        Assert.Equal(30_000m, Assert.Single(_ledger.Pools("2026-06")).Minutes);
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_setting_holds_from_its_month_on_and_the_first_for_all_earlier_months()
    {
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-03");
        _ledger.SetPool("MCOPSTN1", 20, month: "2026-06");
        _ledger.SetPool("MCOPSTN1", 15, month: "2026-05");

        Assert.Equal(
            [10, 10, 10, 10, 15, 20, 20],
            new[] { "2020-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2031-12" }
                .Select(month => _ledger.Pool("MCOPSTN1", month).Licenses));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_setting_before_the_first_one_is_the_first_one_from_then_on()
    {
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-03");
        _ledger.SetPool("MCOPSTN1", 5, month: "2026-01");

        Assert.Equal([5, 5, 5, 10], new[] { "2025-12", "2026-01", "2026-02", "2026-03" }.Select(month => _ledger.Pool("MCOPSTN1",
            month).Licenses));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void What_is_not_given_stays_as_it_was_in_that_month()
    {
        _ledger.SetPool("MCOPSTN2", 10, minutes: 100, international: 50, month: "2026-03");

        _ledger.SetPool("MCOPSTN2", 11, month: "2026-04");
        _ledger.SetPool("MCOPSTN2", null, minutes: 200, month: "2026-05");

        Assert.Equal((1100m, 550m), (_ledger.Pool("MCOPSTN2", "2026-04").Minutes, _ledger.Pool("MCOPSTN2",
            "2026-04").InternationalMinutes));
        Assert.Equal((2200m, 550m), (_ledger.Pool("MCOPSTN2", "2026-05").Minutes, _ledger.Pool("MCOPSTN2",
            "2026-05").InternationalMinutes));
    }

    [Fact]
    [Trait("Rule", "C3")]
    public void A_change_is_an_entry_of_amount_0_and_none_where_nothing_changes()
    {
        _ledger.SetPool("MCOPSTN1", 10);
        _ledger.SetPool("MCOPSTN1", 10);
        _ledger.RemovePool("MCOPSTN1", month: "2026-05");

        var entries = _ledger.Entries(TestLedger.Contoso, CreditTransactionKind.Setting);
        Assert.Equal(2, entries.Count(entry => entry.Description!.StartsWith("Pool MCOPSTN1 US", StringComparison.Ordinal)));
        Assert.All(entries, entry => Assert.Equal(0m, entry.Amount));
        Assert.Contains("10 licenses, 3000 + 0 minutes", entries[^2].Description, StringComparison.Ordinal);
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("2026-03")]
    [InlineData("2026-05")]
    [InlineData("2026-01")]
    public void A_removed_pool_ends_with_its_month_and_earlier_months_keep_theirs(string month)
    {
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-03");

        var removed = _ledger.RemovePool("MCOPSTN1", month: month);

        Assert.Equal((0, month), (removed.Licenses, removed.Month));
        string[] months = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];
        Assert.Equal(
            months.Where(other => string.CompareOrdinal(other, month) < 0),
            months.Where(other => _ledger.Pools(other).Count == 1));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_pool_removed_from_a_month_on_does_not_come_back_with_a_later_setting()
    {
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-01");
        _ledger.SetPool("MCOPSTN1", 20, month: "2026-05");

        _ledger.RemovePool("MCOPSTN1", month: "2026-03");

        Assert.Equal([1, 1, 0, 0, 0], new[] { "2026-01", "2026-02", "2026-03", "2026-05", "2027-01" }.Select(month =>
            _ledger.Pools(month).Count));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_removed_pool_can_be_set_again()
    {
        _ledger.SetPool("MCOPSTN1", 10, month: "2026-01");
        _ledger.RemovePool("MCOPSTN1", month: "2026-03");

        _ledger.SetPool("MCOPSTN1", 5, month: "2026-04");

        Assert.Equal([10, 0, 5], new[] { "2026-02", "2026-03", "2026-04" }.Select(month =>
            _ledger.Pools(month).SingleOrDefault()?.Licenses ?? 0));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void To_remove_what_is_not_there_is_refused()
    {
        Refuses.With(CreditErrorId.PoolInvalid, () => _ledger.RemovePool("MCOPSTN1"));
        _ledger.SetPool("MCOPSTN1", 1, country: "GB");
        Refuses.With(CreditErrorId.PoolInvalid, () => _ledger.RemovePool("MCOPSTN1"));
        _ledger.RemovePool("MCOPSTN1", "GB");
        Refuses.With(CreditErrorId.PoolInvalid, () => _ledger.RemovePool("MCOPSTN1", "GB"));
    }

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("MCOPSTN1", -1, null, null, null)]
    [InlineData("MCOPSTN1", int.MinValue, null, null, null)]
    [InlineData("MCOPSTN1", 10_000_001, null, null, null)]
    [InlineData("MCOPSTN1", int.MaxValue, null, null, null)]
    [InlineData("MCOPSTN1", null, null, null, null)]
    [InlineData("MCOPSTN1", 1, -1, null, null)]
    [InlineData("MCOPSTN1", 1, 44_641, null, null)]
    [InlineData("MCOPSTN2", 1, null, -1, null)]
    [InlineData("MCOPSTN2", 1, null, 44_641, null)]
    [InlineData("MCOPSTN4", 1, null, null, null)]
    [InlineData("MCOMEETADD", 1, null, null, null)]
    [InlineData("MCOPSTNPP", 1, null, null, null)]
    [InlineData("mcopstnpp", 1, 100, 100, null)]
    [InlineData("", 1, 100, null, null)]
    [InlineData("  ", 1, 100, null, null)]
    [InlineData("MCO\nPSTN", 1, 100, null, null)]
    [InlineData("MCOPSTN1", 1, null, null, "ZZ")]
    [InlineData("MCOPSTN1", 1, null, null, "")]
    [InlineData("MCOPSTN1", 1, null, null, "United States")]
    public void What_makes_no_sense_is_refused(string capability, int? licenses, int? minutes, int? international,
        string? country)
    {
        var error = Refuses.With(country is null ? CreditErrorId.PoolInvalid : CreditErrorId.InvalidCountry, () => _ledger.SetPool(capability, licenses, minutes, international,
            country));

        Assert.Contains("contoso.com", error.Target as string, StringComparison.Ordinal);
        Assert.Empty(_ledger.Pools());
    }

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("MCOPSTN1", null, 10)]
    [InlineData("MCOPSTN5", null, 10)]
    [InlineData("MCOPSTN8", null, 10)]
    [InlineData("MCOPSTN9", 10, null)]
    [InlineData("ConferenceDialOut", null, 10)]
    public void Minutes_that_calls_of_the_capability_could_never_use_are_refused(string capability, int? minutes,
        int? international) =>
        Refuses.With(CreditErrorId.PoolInvalid, () => _ledger.SetPool(capability, 1, minutes, international));

    [Theory]
    [Trait("Rule", "A1")]
    [InlineData("2026")]
    [InlineData("2026-13")]
    [InlineData("2026-00")]
    [InlineData("2026-3")]
    [InlineData("03-2026")]
    [InlineData("2026-03-01")]
    [InlineData("March 2026")]
    [InlineData("")]
    public void A_month_that_is_none_is_refused(string month)
    {
        Refuses.With(CreditErrorId.InvalidInstant, () => _ledger.SetPool("MCOPSTN1", 1, month: month));
        Refuses.With(CreditErrorId.InvalidInstant, () => _ledger.RemovePool("MCOPSTN1", month: month));
        Refuses.With(CreditErrorId.InvalidInstant, () => _ledger.Pools(month));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void The_most_there_may_be_is_counted_exactly()
    {
        var pool = _ledger.SetPool("MCOPSTN77", 10_000_000, 44_640, 44_640);

        Assert.Equal((446_400_000_000m, 446_400_000_000m), (pool.Minutes, pool.InternationalMinutes));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_preview_changes_nothing()
    {
        var pool = _ledger.Session.Execute(new Ledger.Pools.Operations.SetPool(TestLedger.Contoso, "MCOPSTN1") { Licenses = 1 },
            preview: true);

        Assert.Equal(3000m, pool.Minutes);
        Assert.Empty(_ledger.Pools());
    }

    public void Dispose() => _ledger.Dispose();
}
