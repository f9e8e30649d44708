using System.Management.Automation;
using CommunicationsCredits.Ledger.Corrections;

namespace CommunicationsCredits.Commands;

/// <summary>Reverses all that imports kept, each import as one; their records stay known.</summary>
[Cmdlet(VerbsCommon.Undo, "UsageImport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(UsageImport))]
public sealed class UndoUsageImportCommand : BatchedCommandBase<UsageImport>
{
    /// <summary>The imports, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] ImportId { get; set; } = [];

    /// <summary>Why; it stands in the record.</summary>
    [Parameter]
    public string? Reason { get; set; }

    private protected override bool WritesResults => true;

    private protected override void Process()
    {
        foreach (var id in ImportId)
            Submit(id, $"Reverse import '{id}'", new UndoImport(id, ValueOrNull(Reason, nameof(Reason))));
    }
}
