using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>What tests of included minutes ask of a ledger.</summary>
internal static class PoolLedger
{
    /// <summary>A dollar a minute everywhere, so that a charge is read as minutes.</summary>
    public const string DollarRates =
        "Prefix,Price / min,Destination Name,Country\n1,1,United States,US\n44,1,United Kingdom,GB\n263,1,Zimbabwe,ZW\n";

    public static CreditPool SetPool(
        this TestLedger ledger, string capability, int? licenses, int? minutes = null, int? international = null,
            string? country = null,
        string? month = null, string tenant = TestLedger.Contoso) => ledger.Session.Execute(new SetPool(tenant, capability)
        {
            Country = country,
            Licenses = licenses,
            MinutesPerLicense = minutes,
            InternationalMinutesPerLicense = international,
            Month = month,
        });

    public static CreditPool RemovePool(this TestLedger ledger, string capability, string? country = null,
        string? month = null) =>
        ledger.Session.Execute(new RemovePool(TestLedger.Contoso, capability) { Country = country, Month = month });

    public static List<CreditPool> Pools(this TestLedger ledger, string? month = null, string tenant = TestLedger.Contoso) =>
        [.. ledger.Session.Pools.GetPools(TenantSelection.One(tenant), month)];

    public static CreditPool Pool(this TestLedger ledger, string capability, string? month = null) =>
        ledger.Pools(month).Single(pool => pool.Capability == capability);

    /// <summary>What became of calls in the order given: pooled seconds and charge.</summary>
    public static (int Pooled, decimal Charge)[] Outcome(this TestLedger ledger, params string[] ids)
    {
        var records = ledger.Usage().Where(record => record.Status != UsageStatus.Reversed).ToDictionary(record =>
            record.RecordId);
        return [.. ids.Select(id => (records[id].PooledSeconds, records[id].Charge))];
    }

    public static List<CreditNotification> PoolNotices(this TestLedger ledger) =>
        [.. ledger.Session.Notifications.GetNotifications(TenantSelection.All, [CreditNotificationKind.PoolUsed], [])];

    /// <summary>A call out of a calling plan, so many seconds long.</summary>
    public static Call Out(string id, int seconds, string start = "2026-03-02T10:00:00Z", string capability = "MCOPSTN1") =>
        new() { Id = id, Seconds = Text(seconds), Start = start, Capability = capability };

    public static Call Abroad(string id, int seconds, string capability, string start = "2026-03-02T10:00:00Z") =>
        Out(id, seconds, start, capability) with { To = "+442071234567", Context = "International",
            Destination = "United Kingdom" };

    /// <summary>A call out of a conference, to Zone A where nothing else is given.</summary>
    public static Call DialOut(string id, int seconds, string to = "+12065550100", string destination = "United States") =>
        Out(id, seconds, capability: "MCOMEETADD") with { Type = "conf_out", To = to, Destination = destination };

    public static CreditServiceAnswer Ask(this TestLedger ledger, ServiceQuestion question, string tenant = TestLedger.Contoso) =>
        ledger.Session.Pools.TestServices(TenantSelection.One(tenant), question).Single();

    public static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
