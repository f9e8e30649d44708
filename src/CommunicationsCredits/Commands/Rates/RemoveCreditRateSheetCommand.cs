using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Rates.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Removes rate sheets, as long as no charge was made by them.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditRateSheet",
    HelpUri = HelpPages.Folder + "Remove-CreditRateSheet.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveCreditRateSheetCommand : BatchedCommandBase<CreditRateSheet>
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>The sheets' names. All versions of a name are removed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RateSheetNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The versions to remove, as Get-CreditRateSheet writes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    public CreditRateSheet[] InputObject { get; set; } = [];

    private protected override bool WritesResults => false;

    private protected override void Process()
    {
        if (ParameterSetName == ByObject)
        {
            Remove(InputObject);
            return;
        }

        foreach (var name in Name)
        {
            var sheets = Ledger.Rates.GetRateSheets().Where(sheet => RateSheetNames.Named(sheet, name)).ToList();
            if (sheets.Count == 0)
                Report(CreditErrors.SheetNotFound(name));

            // The oldest first: none that is to go comes back in force on the way.
            Remove(sheets.OrderBy(sheet => sheet.EffectiveFrom));
        }
    }

    private void Remove(IEnumerable<CreditRateSheet> sheets)
    {
        foreach (var sheet in sheets)
        {
            Submit(
                sheet.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Remove rate sheet '{sheet.Name}' ({sheet.Service}, {sheet.Currency}) from {sheet.EffectiveFrom:yyyy-MM-dd} on"),
                preview => Ledger.Execute(new RemoveRateSheet(sheet), preview));
        }
    }
}
