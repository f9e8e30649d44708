// The main job in one page: from usage exports to exact balances, with the engine alone; then the same through the cmdlets,
// where a PowerShell is found. Everything happens in a throw-away folder.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using CommunicationsCredits;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateTempSubdirectory("CommunicationsCredits-").FullName;
var monthStart = new DateTimeOffset(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-1);
var data = Exports.CopyTo(Path.Combine(folder, "data"), monthStart);
using var ledger = LedgerSession.Open(Path.Combine(folder, "credits.db"), new() { ConfigurationFolder = folder });

// Three tenants, the rate lists in force since last month, and what each has bought.
ledger.Execute<CreditTenant>(
[
    new AddTenant("contoso.example", new() { Name = "Contoso", LowBalance = 25 }),
    new AddTenant("fabrikam.example", new() { Name = "Fabrikam" }),
    new AddTenant("tailspin.example", new() { Name = "Tailspin Toys", Currency = "EUR", Country = "DE" }),
]);
foreach (var (name, file, currency, service) in new[]
{
    ("Outbound", "rates.csv", "USD", CreditRateService.Outbound),
    ("Toll-free", "toll-free.csv", "USD", CreditRateService.TollFreeInbound),
    ("Outbound EUR", "rates-eur.csv", "EUR", CreditRateService.Outbound),
})
{
    ledger.Execute(new AddRateSheet(name, RateListReader.ReadFile(Path.Combine(data, file)))
    {
        Currency = currency,
        Service = service,
        EffectiveFrom = monthStart,
    });
}

foreach (var (tenant, amount) in new[] { ("contoso.example", 200m), ("fabrikam.example", 100m), ("tailspin.example", 250m) })
    ledger.Execute(new AddFunds(tenant, amount) { PurchasedAt = monthStart, Reference = "Quickstart" });

// Fabrikam tops itself up: below 50, buy 100s, invoiced.
ledger.Execute(new SetRechargeRule("fabrikam.example") { MinimumBalance = 50, RechargeAmount = 100, MaximumPerMonth = 300 });

var refusals = new Refusals();
Console.WriteLine("Importing last month's usage");
foreach (var (tenant, file) in new[]
{
    ("contoso.example", "contoso-pstn-calls.csv"),
    ("fabrikam.example", "fabrikam-getPstnCalls.json"),
    ("tailspin.example", "tailspin-pstn-calls.csv"),
})
{
    var import = ledger.ImportUsage(tenant, Path.Combine(data, file), new(), refusals, default);
    Console.WriteLine(
        $"  {tenant,-17} {import.Format,-15} {import.Read,6:N0} read {import.Imported,6:N0} kept {import.Duplicate,3} known "
        + $"{import.Rejected,3} refused {import.Unrated,3} without a rate   {import.Currency} {import.Charged,9:N4} charged"
        + (import.Recharged > 0 ? $"   {import.Currency} {import.Recharged:N2} recharged" : string.Empty));
}

Console.WriteLine();
Console.WriteLine("Balances");
foreach (var balance in ledger.GetBalances(TenantSelection.All))
{
    Console.WriteLine(
        $"  {balance.TenantId,-17} {balance.Currency} {balance.Balance,10:N4}   {balance.State,-9}   "
        + (balance.NextExpiryAt is { } expiry ? $"{balance.Currency} {balance.NextExpiryAmount:N4} expires {expiry:yyyy-MM-dd}" : string.Empty));
}

Console.WriteLine();
Console.WriteLine("Charges by service");
foreach (var charges in ledger.GetUsage(TenantSelection.All, new() { Statuses = [UsageStatus.Charged] })
    .GroupBy(record => (record.TenantId, record.Service, record.Currency)).OrderBy(group => group.Key.TenantId).ThenBy(group => group.Key.Service))
{
    Console.WriteLine(
        $"  {charges.Key.TenantId,-17} {charges.Key.Service,-20} {charges.Count(),6:N0} calls   {charges.Key.Currency} {charges.Sum(record => record.Charge),10:N4}");
}

Console.WriteLine();
Console.WriteLine("Refused, and why");
foreach (var refusal in refusals.Found)
    Console.WriteLine($"  {refusal}");

Console.WriteLine();
Console.WriteLine("Notices");
foreach (var notice in ledger.GetNotifications(TenantSelection.All, [], []))
    Console.WriteLine($"  {notice.Subject}");

Console.WriteLine();
var findings = ledger.Verify(TenantSelection.All).Count();
Console.WriteLine($"Verified: {(findings == 0 ? "every entry, balance and lot is as its chain says" : $"{findings} findings")}.");
Console.WriteLine($"The ledger lies in {ledger.Location}");

return PowerShell.Run(data, folder);

/// <summary>The bundled exports, moved to last month, so that the funds they draw are live whenever this is run.</summary>
internal static class Exports
{
    private const string BundledMonth = "2026-10-";

    public static string CopyTo(string folder, DateTimeOffset month)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data")))
        {
            var text = File.ReadAllText(file).Replace(BundledMonth, month.ToString("yyyy-MM-", CultureInfo.InvariantCulture), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), text);
        }

        return folder;
    }
}

/// <summary>Keeps what an import refuses.</summary>
internal sealed class Refusals : IUsageImportObserver
{
    public List<object> Found { get; } = [];

    public void Refused(CreditException refusal) => Found.Add(refusal.Target!);

    public void Warn(string message)
    {
        // The table of imports says how many wait for a rate.
    }

    public void Progress(long records, double? fraction)
    {
        // A few thousand records are there at once.
    }
}

/// <summary>The same job at a PowerShell prompt, where there is one.</summary>
internal static class PowerShell
{
    public static int Run(string data, string folder)
    {
        Console.WriteLine();
        var pwsh = Environment.GetEnvironmentVariable("PWSH") is { Length: > 0 } named ? named : "pwsh";
        var module = typeof(PowerShell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ModuleStage").Value!;
        try
        {
            Console.Out.Flush();
            using var process = Process.Start(new ProcessStartInfo(pwsh)
            {
                ArgumentList =
                {
                    "-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Quickstart.ps1"),
                    "-Module", Path.Combine(module, "CommunicationsCredits.psd1"), "-Data", data, "-Folder", folder,
                },
            })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("No PowerShell 7.4 or later was found (PWSH, then PATH), so the same job through the cmdlets was not shown.");
            return 0;
        }
    }
}
