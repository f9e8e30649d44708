using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Usage;

/// <summary>Who belongs where, by month; and the sums that postings keep of what users and countries came to.</summary>
public sealed class UserTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "P1")]
    public void March_stays_March_when_somebody_moves()
    {
        _ledger.Import(
            Call.Paid("a", "2026-01-15T10:00:00Z", 1m), Call.Paid("b", "2026-02-15T10:00:00Z", 2m), Call.Paid("c", "2026-03-15T10:00:00Z", 4m),
            Call.Paid("d", "2026-03-15T10:00:00Z", 8m) with { User = "bob@contoso.com" });
        Set("Ann@Contoso.com", "Sales", "2026-02", "4711");
        Set("ann@contoso.com", "Research", "2026-03");

        Assert.Equal(
            [(null, "2026-03", 8m), ("Research", "2026-03", 4m), ("Sales", "2026-02", 2m), (null, "2026-01", 1m)],
            By(UsageDimension.Department, UsageDimension.Month).Select(group => (group.Department, group.Month!, group.Charge)));
        Assert.Equal([(null, 9m), ("4711", 6m)], By(UsageDimension.CostCenter).Select(group => (group.CostCenter, group.Charge)));
        Assert.Equal(
            [("Research", "4711", "2026-03")],
            _ledger.Session.Users.GetUsers(TenantSelection.All).Select(user => (user.Department!, user.CostCenter!, user.Month)));
        Assert.Empty(_ledger.Session.Users.GetUsers(TenantSelection.All, "2026-01"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "P1")]
    public void A_user_who_is_removed_belongs_nowhere_from_then_on()
    {
        _ledger.Import(Call.Paid("a", "2026-02-15T10:00:00Z", 2m), Call.Paid("b", "2026-03-15T10:00:00Z", 4m));
        Set("ann@contoso.com", "Sales", "2026-01");

        _ledger.Session.Execute(new RemoveUser(TestLedger.Contoso, "ANN@contoso.com"));

        Assert.Equal([(null, 4m), ("Sales", 2m)], By(UsageDimension.Department).Select(group => (group.Department, group.Charge)));
        Assert.Empty(_ledger.Session.Users.GetUsers(TenantSelection.All));
        var refused = Assert.Throws<CreditException>(() => _ledger.Session.Execute(new RemoveUser(TestLedger.Contoso, "ann@contoso.com")));
        Assert.Equal(CreditErrorId.UserNotFound, refused.ErrorId);
        _ledger.Session.Execute(new RemoveUser(TestLedger.Contoso, "ann@contoso.com") { Month = "2026-01" });
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "P1")]
    public void The_same_again_changes_nothing_and_what_is_not_given_stays()
    {
        Set("ann@contoso.com", "Sales", "2026-01", "4711");
        var entries = _ledger.Entries().Count;

        Set("ann@contoso.com", "Sales", "2026-03");

        Assert.Equal(entries, _ledger.Entries().Count);
        Assert.Equal("2026-01", _ledger.Session.Users.GetUsers(TenantSelection.All).Single().Month);
        Assert.DoesNotContain(_ledger.Entries(), entry => entry.Description?.Contains("ann", StringComparison.OrdinalIgnoreCase) == true);
    }

    [Theory]
    [Trait("Rule", "P1")]
    [InlineData("", "Sales", "sign-in name")]
    [InlineData("ann@contoso.com", null, "needs a department")]
    [InlineData("ann@contoso.com", "a\nb", "cannot be seen")]
    [InlineData("ann@contoso.com", "*129", "129 characters")]
    public void What_makes_no_sense_is_refused(string user, string? department, string reason)
    {
        var text = department == "*129" ? new string('d', 129) : department;

        var refused = Assert.Throws<CreditException>(() => _ledger.Session.Execute(new SetUser(TestLedger.Contoso, user) { Department = text }));

        Assert.Equal(CreditErrorId.RuleInvalid, refused.ErrorId);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void The_sums_follow_corrections_undone_calls_and_imports_late_rates_and_blanked_names()
    {
        _ledger.Import(
            Call.Paid("a", "2026-02-15T10:00:00Z", 2m), Call.Paid("b", "2026-02-15T23:30:00Z", 4m) with { Type = "user_out_forwarding", To = "+5312345678" },
            new Call { Id = "c", To = "+4930123456", Seconds = "60", Destination = "" });
        Assert.Empty(_ledger.Verify());

        _ledger.Import(Call.Csv([Call.Paid("a", "2026-02-15T10:00:00Z", 3m)]), ConflictAction.Correct);
        Assert.Empty(_ledger.Verify());
        _ledger.AddRates("Prefix,PricePerMinute\n49,0.5\n");
        _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, CancellationToken.None);
        Assert.Empty(_ledger.Verify());
        _ledger.Session.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-10")));
        Assert.Empty(_ledger.Verify());
        _ledger.Session.Execute(new UndoTransaction(_ledger.Money().First(entry => entry.Amount == -4m).TransactionId));
        Assert.Empty(_ledger.Verify());
        _ledger.Session.Execute(new UndoImport("contoso.com/I1", null));

        Assert.Empty(_ledger.Verify());
        Assert.Equal(3m, By(UsageDimension.User).Single().Charge);
    }

    [Theory]
    [Trait("Rule", "D1")]
    [InlineData("+12065550100", "US")]
    [InlineData("+14165550100", "CA")]
    [InlineData("+18765550100", "JM")]
    [InlineData("+2693331234", "KM")]
    [InlineData("+7 701 1234567", "KZ")]
    [InlineData("0044 20 7183***", "GB")]
    [InlineData("+881612345678", null)]
    [InlineData("911", null)]
    public void A_number_tells_its_country(string number, string? country) =>
        Assert.Equal(country, DialledCountry.OfNumber(System.Text.Encoding.UTF8.GetBytes(number)));

    [Theory]
    [Trait("Rule", "D1")]
    [InlineData("2026-03-04T03:30:00Z", "US", false)]
    [InlineData("2026-03-04T04:30:00Z", "US", true)]
    [InlineData("2026-03-04T12:00:00Z", "US", false)]
    [InlineData("2026-03-08T05:59:00Z", "US", true)]
    [InlineData("2026-03-09T03:00:00Z", null, true)]
    [InlineData("2026-03-06T12:00:00Z", "SA", true)]
    [InlineData("2026-03-08T12:00:00Z", "SA", false)]
    public void Night_and_weekend_are_those_of_the_country(string at, string? country, bool expected) =>
        Assert.Equal(expected, UseOfCall.IsOffHours(Ledger.Time.Instant.From(TestLedger.At(at)), country));

    public void Dispose() => _ledger.Dispose();

    private void Set(string user, string department, string month, string? costCenter = null) => _ledger.Session.Execute(
        new SetUser(TestLedger.Contoso, user) { Department = department, CostCenter = costCenter, Month = month });

    private List<CreditUsage> By(params UsageDimension[] by) =>
        [.. _ledger.Session.Usage.Measure(TenantSelection.One(TestLedger.Contoso), new() { By = by })];
}
