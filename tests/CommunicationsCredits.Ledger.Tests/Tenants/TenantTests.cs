using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Tenants;

public sealed class TenantTests : IDisposable
{
    private readonly TestLedger _ledger = new(contoso: false);

    [Fact]
    [Trait("Rule", "T1")]
    public void A_tenant_has_defaults_and_keeps_what_it_was_given()
    {
        var plain = _ledger.AddTenant("9c4984c7-6c3c-427d-a30c-bd0b2eacee90");
        Assert.Equal((plain.TenantId, "USD", "US", null, null, CreditTenantStatus.Active),
            (plain.Name, plain.Currency, plain.Country, plain.LowBalance, plain.AccountFrom, plain.Status));
        Assert.Empty(plain.NotificationEmail);
        Assert.Equal(TestLedger.At("2026-03-15T12:00:00Z"), plain.CreatedAt);

        var full = _ledger.AddTenant(" Contoso.com ", new()
        {
            Name = "Contoso Ltd",
            Currency = "eur",
            Country = "de",
            NotificationEmail = ["billing@contoso.com", " it@contoso.com "],
            LowBalance = 25m,
            AccountFrom = TestLedger.At("2026-01-01T00:00:00+01:00"),
        });
        Assert.Equal(("Contoso.com", "Contoso Ltd", "EUR", "DE", 25m), (full.TenantId, full.Name, full.Currency, full.Country, full.LowBalance));
        Assert.Equal(["billing@contoso.com", "it@contoso.com"], full.NotificationEmail);
        Assert.Equal(TestLedger.At("2025-12-31T23:00:00Z"), full.AccountFrom);

        _ledger.Reopen();
        Assert.Equivalent(new[] { plain, full }, _ledger.Session.Tenants.GetTenants(TenantSelection.All).ToArray(), strict: true);
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void Ids_are_compared_without_regard_to_case_and_kept_as_given()
    {
        _ledger.AddTenant("Ärger-GmbH.de");

        Assert.Equal("Ärger-GmbH.de", _ledger.Session.Tenants.GetTenants(TenantSelection.One("ÄRGER-GMBH.DE")).Single().TenantId);
        Refuses.With(CreditErrorId.TenantExists, () => _ledger.AddTenant("äRGER-gmbh.DE"));
        Assert.Equal(1m, _ledger.AddFunds(1m, tenant: "ärger-gmbh.de").Amount);
        Assert.Equal("Ärger-GmbH.de/F1", _ledger.AddFunds(1m, tenant: "ärger-gmbh.de", key: "k").FundsId.Replace("F2", "F1", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Rule", "T1")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void An_id_that_is_none_is_refused(string id) =>
        Refuses.With(CreditErrorId.RuleInvalid, () => _ledger.AddTenant(id));

    [Fact]
    [Trait("Rule", "T1")]
    public void An_id_has_at_most_128_characters()
    {
        Assert.Equal(128, _ledger.AddTenant(new string('x', 128)).TenantId.Length);
        Refuses.With(CreditErrorId.RuleInvalid, () => _ledger.AddTenant(new string('x', 129)));
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void Settings_that_make_no_sense_are_refused_and_change_nothing()
    {
        _ledger.AddTenant("a");
        foreach (var (settings, id) in ((TenantSettings, CreditErrorId)[])
        [
            (new() { Currency = "XXX" }, CreditErrorId.InvalidCurrency),
            (new() { Country = "UK" }, CreditErrorId.InvalidCountry),
            (new() { Name = "" }, CreditErrorId.RuleInvalid),
            (new() { Name = "a\nb" }, CreditErrorId.RuleInvalid),
            (new() { LowBalance = -1m }, CreditErrorId.InvalidAmount),
            (new() { LowBalance = 0.0000001m }, CreditErrorId.InvalidAmount),
            (new() { NotificationEmail = ["not an address"] }, CreditErrorId.RuleInvalid),
            (new() { NotificationEmail = ["a@b.com\nBcc: c@d.com"] }, CreditErrorId.RuleInvalid),
        ])
        {
            Refuses.With(id, () => _ledger.Session.Execute(new ChangeTenant("a", settings)));
            Refuses.With(id, () => _ledger.AddTenant("b", settings));
        }

        Assert.Single(_ledger.Entries("a"));
        Assert.Single(_ledger.Session.Tenants.GetTenants(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "C3")]
    public void Changes_are_entries_of_amount_0_that_say_who_changed_what()
    {
        _ledger.AddTenant("a");
        _ledger.SetClock("2026-04-01T00:00:00Z");

        _ledger.Session.Execute(new ChangeTenant("A", new() { Name = "Contoso", LowBalance = 5m, NotificationEmail = ["x@y.com"] }));
        _ledger.Session.Execute(new ChangeTenant("a", new() { Name = "Contoso" }));
        _ledger.Session.Execute(new ChangeTenant("a", new() { NotificationEmail = [] }));

        var entries = _ledger.Entries("a");
        Assert.Equal(
            ["Tenant created: a, USD, US", "Name: a → Contoso; Notification e-mail: none → x@y.com; Low balance: none → 5.00", "Notification e-mail: x@y.com → none"],
            entries.Select(entry => entry.Description));
        Assert.All(entries, entry => Assert.Equal((CreditTransactionKind.Setting, 0m, "tester@machine"), (entry.Kind, entry.Amount, entry.Actor)));
        Assert.Equal(TestLedger.At("2026-04-01"), entries[1].EffectiveAt);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void The_currency_changes_until_the_first_entry_of_money()
    {
        _ledger.AddTenant("a");
        Assert.Equal("EUR", _ledger.Session.Execute(new ChangeTenant("a", new() { Currency = "EUR" })).Currency);
        _ledger.AddFunds(1m, tenant: "a");

        Refuses.With(CreditErrorId.TenantInUse, () => _ledger.Session.Execute(new ChangeTenant("a", new() { Currency = "USD", Name = "x" })));

        var tenant = _ledger.Session.Tenants.GetTenants(TenantSelection.One("a")).Single();
        Assert.Equal(("EUR", "a"), (tenant.Currency, tenant.Name));
        _ledger.Session.Execute(new ChangeTenant("a", new() { Currency = "eur", Name = "x" }));
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void A_tenant_is_removed_only_without_entries_of_money()
    {
        _ledger.AddTenant("a");
        _ledger.AddTenant("b");
        _ledger.Import(Call.Csv([new Call { Id = "x", Type = "dr_out" }]), tenant: "a");
        _ledger.AddFunds(1m, tenant: "b");

        _ledger.Session.Execute(new RemoveTenant("A"));
        Refuses.With(CreditErrorId.TenantInUse, () => _ledger.Session.Execute(new RemoveTenant("b")));
        Refuses.With(CreditErrorId.TenantNotFound, () => _ledger.Session.Execute(new RemoveTenant("a")));

        Assert.Equal("b", _ledger.Session.Tenants.GetTenants(TenantSelection.All).Single().TenantId);

        // A tenant of the same id begins anew.
        _ledger.AddTenant("a");
        Assert.Empty(_ledger.Usage("a"));
        Assert.Single(_ledger.Entries("a"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void A_closed_tenant_takes_no_money_and_no_usage_until_it_is_opened_again()
    {
        _ledger.AddTenant("a");
        _ledger.AddFunds(5m, tenant: "a");
        _ledger.Session.Execute(new ChangeTenant("a", new() { Status = CreditTenantStatus.Closed }));

        Refuses.With(CreditErrorId.TenantClosed, () => _ledger.AddFunds(1m, tenant: "a"));
        Refuses.With(CreditErrorId.TenantClosed, () => _ledger.Import(Call.Csv([Call.Paid("x", "2026-03-01", 1m)]), tenant: "a"));
        Refuses.With(CreditErrorId.TenantClosed, () => _ledger.Session.Usage.Rate("a", false, default));
        Assert.Equal((CreditBalanceState.Closed, 5m), (_ledger.BalanceOf(tenant: "a").State, _ledger.Balance(tenant: "a")));
        Assert.Empty(_ledger.Usage("a"));

        _ledger.Session.Execute(new ChangeTenant("a", new() { Status = CreditTenantStatus.Active }));
        _ledger.AddFunds(1m, tenant: "a");
        Assert.Equal(6m, _ledger.Balance(tenant: "a"));
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void Tenants_are_selected_by_id_by_match_or_all_in_order_of_their_ids()
    {
        foreach (var id in (string[])["beta", "Alpha", "gamma"])
            _ledger.AddTenant(id);

        Assert.Equal(["Alpha", "beta", "gamma"], _ledger.Session.Tenants.GetTenants(TenantSelection.All).Select(tenant => tenant.TenantId));
        Assert.Equal(["beta"], _ledger.Session.Tenants.GetTenants(TenantSelection.Matching(id => id.Contains('b', StringComparison.Ordinal))).Select(tenant => tenant.TenantId));
        Assert.Empty(_ledger.Session.Tenants.GetTenants(TenantSelection.Matching(_ => false)));
        Refuses.With(CreditErrorId.TenantNotFound, () => _ledger.Session.Tenants.GetTenants(TenantSelection.One("delta")).ToList());
        Refuses.With(CreditErrorId.TenantNotFound, () => _ledger.Session.Funds.GetBalances(TenantSelection.One("delta")).ToList());
    }

    [Fact]
    [Trait("Rule", "T2")]
    public void Usage_before_AccountFrom_is_excluded_and_draws_nothing()
    {
        _ledger.AddTenant("a", new() { AccountFrom = TestLedger.At("2026-02-01") });
        _ledger.AddFunds(10m, "2026-01-01", "2026-12-01", tenant: "a");

        // What is not this account's bill is not refused for its currency or number either.
        var import = _ledger.Import(Call.Csv(
        [
            Call.Paid("old", "2026-01-31T23:59:59.9999999Z", 3m), Call.Paid("new", "2026-02-01T00:00:00Z", 2m),
            Call.Paid("foreign", "2026-01-31T00:00:00Z", 3m) with { Currency = "EUR" },
            new Call { Id = "no number", Start = "2026-01-31T00:00:00Z", Type = "user_in", To = "" },
        ]), tenant: "a");

        Assert.Equal((4, 3, 0, 2m), (import.Result.Imported, import.Result.Excluded, import.Result.Rejected, import.Result.Charged));
        Assert.Equal(8m, _ledger.Balance(tenant: "a"));
        Assert.Equal(UsageStatus.Excluded, _ledger.Record("old", "a").Status);
        Assert.Equal(UsageStatus.Charged, _ledger.Record("new", "a").Status);
    }

    public void Dispose() => _ledger.Dispose();
}
