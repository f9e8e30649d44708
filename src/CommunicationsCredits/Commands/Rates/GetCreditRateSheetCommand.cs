using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the rate sheets, by name, service and date.</summary>
[Cmdlet(VerbsCommon.Get, "CreditRateSheet",
    HelpUri = HelpPages.Folder + "Get-CreditRateSheet.md")]
[OutputType(typeof(CreditRateSheet))]
public sealed class GetCreditRateSheetCommand : LedgerCommandBase
{
    /// <summary>The sheets' names; wildcards are understood. By default all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RateSheetNameCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    private protected override void Process()
    {
        var sheets = Ledger.Rates.GetRateSheets();
        if (Name is null)
        {
            WriteEach(sheets);
            return;
        }

        foreach (var name in Name)
        {
            var matching = RateSheetNames.Matching(sheets, name);
            if (matching.Count == 0 && !NamePattern.IsPattern(name))
                Report(CreditErrors.SheetNotFound(name));
            WriteEach(matching);
        }
    }
}
