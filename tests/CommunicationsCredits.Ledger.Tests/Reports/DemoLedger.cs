using System.Globalization;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Corrections;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>Four tenants over half a year, the same each time: one in order, one low, one used up, one about to lose funds.</summary>
internal sealed class DemoLedger : IDisposable
{
    private static readonly string[] Callers = ["ann", "ann", "ben", "cleo", "ann", "dora"];

    private readonly SeededRandom _random = new(3);
    private int _call;

    public DemoLedger()
    {
        Ledger = new("2026-05-04T08:00:00Z", contoso: false);
        Add("contoso.example", "Contoso", "USD", "US", 50);
        Add("fabrikam.example", "Fabrikam", "USD", "US", 25);
        Add("tailspin.example", "Tailspin Toys", "EUR", "DE", null);
        Add("wingtip.example", "Wingtip", "USD", "US", 60);
        Ledger.Session.Execute(new SetPool("contoso.example", "MCOPSTN1") { Licenses = 2 });
        Ledger.Session.Execute(new SetRechargeRule("contoso.example") { MinimumBalance = 80, RechargeAmount = 150, MaximumPerMonth = 600 });
        Buy("contoso.example", 260, null);
        Buy("fabrikam.example", 290, null);
        Buy("tailspin.example", 300, null);
        Buy("tailspin.example", 240, "2026-12-10T00:00:00Z");
        Buy("tailspin.example", 190, "2026-08-20T00:00:00Z");
        Buy("wingtip.example", 450, null);
        for (var day = TestLedger.At("2026-05-05"); day < TestLedger.At("2026-11-22"); day = day.AddDays(1))
        {
            Ledger.Clock.Now = day.AddHours(6);
            Import("contoso.example", "US", "USD", day, 7, ["United Kingdom", "Germany", "Japan", "Brazil", "Australia", "India", "France", "Mexico", "Kenya", "Cuba"]);
            Import("fabrikam.example", "US", "USD", day, 5, ["Canada", "Mexico", "United Kingdom"]);
            Import("tailspin.example", "DE", "EUR", day, 3, ["Österreich", "Schweiz", "Polen"]);
            Import("wingtip.example", "US", "USD", day, 6, ["India", "Philippines"]);
            if (day.Month == 7 && day.Day == 15)
                Ledger.Session.Execute(new AddAdjustment("fabrikam.example", 12.50m) { Reason = "Goodwill" });
        }

        // November is dearer than October, by a user who calls one country at night.
        Ledger.Clock.Now = TestLedger.At("2026-11-22T08:00:00Z");
        Ledger.Import(Call.Csv(Enumerable.Range(0, 40).Select(i => Call.Paid($"night-{i}", TestLedger.At("2026-11-21T02:00:00Z").AddMinutes(i), 0.9m) with
        {
            User = "gil@contoso.example", Context = "International", Destination = "Comoros", To = "+2693351234", Capability = "MCOPSTNPP", Country = "US",
        })), tenant: "contoso.example");
        foreach (var (user, department) in ((string, string)[])[("ann", "Sales"), ("ben", "Sales"), ("cleo", "Support"), ("gil", "Facilities")])
            Ledger.Session.Execute(new SetUser("contoso.example", $"{user}@contoso.example") { Department = department, Month = "2026-05" });
        Ledger.Session.Execute(new SetBudget("contoso.example", 160, new()));
        Ledger.Session.Execute(new SetBudget("contoso.example", 60, new(Department: "Sales")));
        Ledger.Session.Execute(new SetBudget("contoso.example", 30, new(User: "gil@contoso.example")));
        Ledger.Clock.Now = TestLedger.At("2026-11-22T09:30:00Z");
    }

    public TestLedger Ledger { get; }

    public void Dispose() => Ledger.Dispose();

    private void Add(string id, string name, string currency, string country, decimal? low) =>
        Ledger.AddTenant(id, new() { Name = name, Currency = currency, Country = country, LowBalance = low });

    private void Buy(string tenant, decimal amount, string? expiresAt) => Ledger.Session.Execute(
        new AddFunds(tenant, amount) { ExpiresAt = expiresAt is null ? null : TestLedger.At(expiresAt) });

    private void Import(string tenant, string country, string currency, DateTimeOffset day, int most, string[] destinations)
    {
        var isWeekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var calls = new List<Call>();
        for (var count = _random.Next(isWeekend ? 2 : most); count >= 0; count--)
        {
            var international = _random.Chance(65);
            var type = international ? "user_out" : _random.Pick(["user_out", "conf_out", "ucap_in"]);
            var isPooled = type == "user_out" && !international && country == "US";
            calls.Add(Call.Paid(
                string.Create(CultureInfo.InvariantCulture, $"{tenant}-{++_call}"), day.AddDays(-1).AddMinutes(_random.Next(480, 1200)),
                isPooled ? 0 : _random.Next(8, 145) / 100m) with
            {
                Type = type,
                Context = international ? "International" : "Domestic",
                Destination = international ? destinations[Math.Min(_random.Next(destinations.Length), _random.Next(destinations.Length))] : country == "US" ? "United States" : "Deutschland",
                Country = country,
                User = $"{Callers[_call % Callers.Length]}@{tenant}",
                Currency = currency,
                Capability = isPooled ? "MCOPSTN1" : "MCOPSTNPP",
                Seconds = string.Create(CultureInfo.InvariantCulture, $"{60 * _random.Next(1, 30)}"),
            });
        }

        Ledger.Import(Call.Csv(calls), tenant: tenant);
    }
}
