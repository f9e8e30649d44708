using System.Management.Automation;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets what tenants' funds will come to if use goes on as it was: when they run out, and what will expire unused.</summary>
[Cmdlet(VerbsCommon.Get, "CreditForecast",
    HelpUri = HelpPages.Folder + "Get-CreditForecast.md")]
[OutputType(typeof(CreditForecast))]
public sealed class GetCreditForecastCommand : TenantReadCommandBase
{
    private const int UsualDays = 30;

    private readonly TenantWarning _unforeseen = new();

    /// <summary>The days up to now whose use is taken for the days to come. By default 30.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(ReportService.FewestForecastDays, ReportService.MostForecastDays)]
    public int Days { get; set; } = UsualDays;

    private protected override bool IsOfTenants => true;

    private protected override void Process(TenantSelection tenants)
    {
        foreach (var forecast in Ledger.Reports.GetForecasts(tenants, Days))
        {
            if (forecast.Message is { } message)
                _unforeseen.Add(forecast.TenantName, message);
            WriteObject(forecast);
            if (Stopping)
                return;
        }
    }

    private protected override void Finish()
    {
        if (_unforeseen.Text("These tenants have too few whole days of usage for a forecast; the property Message says how many") is { } text)
            WriteWarning(text);
    }
}
