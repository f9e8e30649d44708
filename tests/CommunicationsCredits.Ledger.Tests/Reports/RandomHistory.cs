using System.Globalization;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>
/// A ledger of a year and a half that a seed repeats: funds of several lifetimes, calls early and late, debt and its repayment,
/// corrections of every kind, recharges, settings, several tenants and currencies.
/// </summary>
internal sealed class RandomHistory : IDisposable
{
    private static readonly string[] Tenants = [TestLedger.Contoso, "fabrikam: a|b;c, d%", "Größe & <b>Söhne</b>"];

    private readonly SeededRandom _random;
    private readonly List<(string Tenant, string Id, DateTimeOffset Start)> _calls = [];
    private int _call;

    public RandomHistory(int seed, PgDatabase? database = null)
    {
        Seed = seed;
        _random = new(seed);
        Ledger = new("2026-01-10T08:00:00Z", contoso: false, database: database);
        Ledger.AddTenant(Tenants[0], new() { Name = "Contoso  ; tag:x, | (y)" });
        Ledger.AddTenant(Tenants[1], new() { Name = "=cmd|' /C calc'!A0", Currency = "EUR", Country = "DE" });
        Ledger.AddTenant(Tenants[2], new() { Name = "<script>alert(1)</script>", Currency = "JPY", Country = "JP" });
    }

    public int Seed { get; }

    public TestLedger Ledger { get; }

    /// <summary>What fails says which history it was.</summary>
    public override string ToString() => $"seed {Seed}";

    /// <summary>Does some things, each a while after the one before.</summary>
    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Ledger.Clock.Now = Ledger.Clock.Now.AddMinutes(_random.Next(60, 60 * 24 * 12));
            Step();
        }
    }

    public void Dispose() => Ledger.Dispose();

    private void Step()
    {
        var tenant = _random.Pick(Tenants);
        var now = Ledger.Clock.Now;
        try
        {
            switch (_random.Next(21))
            {
                case < 5:
                    Buy(tenant, now);
                    break;
                case < 13:
                    Import(tenant, now);
                    break;
                case 13:
                    Ledger.Session.Execute(new AddAdjustment(tenant, Amount(50)) { Reason = "goodwill; a, b: c" });
                    break;
                case 14:
                    Ledger.Session.Execute(new AddAdjustment(tenant, -Amount(20)) { Reason = "+fee" });
                    break;
                case < 18:
                    Undo(tenant);
                    break;
                case 18:
                    Ledger.Session.Execute(new SetRechargeRule(tenant)
                    {
                        MinimumBalance = _random.Next(30),
                        RechargeAmount = 1 + _random.Next(40),
                        MaximumPerMonth = 100,
                    });
                    break;
                case 20:
                    Ledger.Session.Execute(new SetUser(tenant, _random.Pick(["ann@contoso.com", "BOB@contoso.com", "eve@contoso.com"]))
                    {
                        Department = _random.Pick(["Sales", "R&D", "=1+1"]),
                        CostCenter = _random.Pick(["100", "200"]),
                        Month = now.AddMonths(-_random.Next(4)).ToString("yyyy-MM", CultureInfo.InvariantCulture),
                    });
                    break;
                default:
                    Ledger.Session.Recharges.Maintain(tenant, false, _ => { });
                    break;
            }
        }
        catch (CreditException refused) when (refused.ErrorId is CreditErrorId.ReversalRefused or CreditErrorId.AlreadyReversed
            or CreditErrorId.FundsAlreadyExpired)
        {
            // Some of what chance asks for cannot be done; nothing has changed then.
        }
    }

    private void Buy(string tenant, DateTimeOffset now)
    {
        var purchased = now.AddHours(-_random.Next(24 * 40));
        Ledger.Session.Execute(new AddFunds(tenant, Amount(80))
        {
            PurchasedAt = purchased,
            ExpiresAt = _random.Chance(60) ? purchased.AddDays(1 + _random.Next(150)) : null,
            Priority = _random.Next(3),
            Reference = _random.Chance(50) ? "@INV,\"1\"\t|;" : null,
        });
    }

    private void Import(string tenant, DateTimeOffset now)
    {
        var calls = new List<Call>();
        for (var count = _random.Next(1, 8); count > 0; count--)
        {
            var start = now.AddMinutes(-_random.Next(60 * 24 * 45));
            var id = $"{tenant.Length}-{++_call}";
            var type = _random.Pick(["user_out", "conf_out", "user_in"]);
            calls.Add(Call.Paid(id, start, _random.Chance(10) ? 0 : Amount(15)) with
            {
                Type = type,
                Destination = _random.Pick(["United Kingdom", "Cuba", "=HYPERLINK(1)", "<img src=x onerror=1>", ""]),
                Context = _random.Pick(["Domestic", "International"]),
                Currency = Currency(tenant),
                User = _random.Pick(["ann@contoso.com", "Ann@Contoso.com", "bob@contoso.com", ""]),
            });
            _calls.Add((tenant, id, start));
        }

        // Sometimes a known call comes again with another charge.
        if (_calls.Count > 0 && _random.Chance(30) && _random.Pick(_calls) is var known && known.Tenant == tenant)
            calls.Add(Call.Paid(known.Id, known.Start, Amount(15)) with { Currency = Currency(tenant) });
        Ledger.Import(Call.Csv(calls), _random.Pick([ConflictAction.Correct, ConflictAction.Skip]), tenant: tenant);
    }

    private void Undo(string tenant)
    {
        if (_random.Chance(20))
        {
            var imports = Ledger.Session.Usage.GetImports(TenantSelection.One(tenant)).ToList();
            if (imports.Count > 0)
                Ledger.Session.Execute(new UndoImport(_random.Pick(imports).ImportId, "wrong file"));
            return;
        }

        var entries = Ledger.Money(tenant);
        if (entries.Count > 0)
            Ledger.Session.Execute(new UndoTransaction(_random.Pick(entries).TransactionId) { Reason = "=1+1" });
    }

    private decimal Amount(int most) => decimal.Parse(
        FormattableString.Invariant($"{_random.Next(most)}.{_random.Next(1, 1_000_000):000000}"), CultureInfo.InvariantCulture);

    private static string Currency(string tenant) => tenant == Tenants[0] ? "USD" : tenant == Tenants[1] ? "EUR" : "JPY";
}
