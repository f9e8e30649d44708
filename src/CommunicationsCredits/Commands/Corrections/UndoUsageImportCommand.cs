using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Corrections;

namespace CommunicationsCredits.Commands;

/// <summary>Reverses all that imports kept, each import as one; their records stay known.</summary>
[Cmdlet(VerbsCommon.Undo, "UsageImport",
    HelpUri = HelpPages.Folder + "Undo-UsageImport.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(UsageImport))]
public sealed class UndoUsageImportCommand : PassThruCommandBase<UsageImport>
{
    /// <summary>The imports, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImportIdCompleter))]
    public string[] ImportId { get; set; } = [];

    /// <summary>The object on the pipeline, to know what it is about.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Why; kept in the record.</summary>
    [Parameter]
    public string? Reason { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(UsageImport);

    private protected override void Process()
    {
        Require(TypedObject.From(InputObject));
        foreach (var id in ImportId)
            Submit(
                id, $"Reverse import '{id}'", preview => Ledger.Execute(new UndoImport(id, ValueOrNull(Reason, nameof(Reason))), preview),
                undone => InWords($"Reverse import '{Braced(id)}' of {{1}}, {{0}}", undone.TenantId, -undone.Charged, Math.Abs(undone.Charged)));
    }
}
