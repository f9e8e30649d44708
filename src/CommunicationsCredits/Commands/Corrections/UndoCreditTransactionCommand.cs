using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Corrections;

namespace CommunicationsCredits.Commands;

/// <summary>Reverses entries, each once and in whole: calls, adjustments, and purchases that nothing is drawn from.</summary>
[Cmdlet(VerbsCommon.Undo, "CreditTransaction",
    HelpUri = HelpPages.Folder + "Undo-CreditTransaction.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CreditTransaction))]
public sealed class UndoCreditTransactionCommand : PassThruCommandBase<CreditTransaction>
{
    /// <summary>The entries, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TransactionIdCompleter))]
    public string[] TransactionId { get; set; } = [];

    /// <summary>The object on the pipeline, to know what it is about.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The tenant that the entries have to be of. By default they may be of any.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId")]
    [TenantIdentityTransformation(IsSingle = true)]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity? TenantId { get; set; }

    /// <summary>Why; kept in the record.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>A key under which an entry is reversed only once without an error, however often the command is run.</summary>
    [Parameter]
    public string? IdempotencyKey { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditTransaction);

    private protected override void Process()
    {
        Require(TypedObject.From(InputObject));
        foreach (var id in TransactionId)
        {
            Submit(id, $"Reverse entry '{id}'", new UndoTransaction(id)
            {
                TenantId = TenantId is null or { Text.Length: 0 } ? null : TenantOf(TenantId),
                Reason = ValueOrNull(Reason, nameof(Reason)),
                IdempotencyKey = ValueOrNull(IdempotencyKey, nameof(IdempotencyKey)),
            }, reversal => InWords($"Reverse entry '{Braced(id)}' of {{1}}, {{0}}", reversal.TenantId, reversal.Amount, Math.Abs(reversal.Amount)));
        }
    }
}
