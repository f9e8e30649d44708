using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>Settles attempts by hand that their gateway never answers for. Ask the payment provider first.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "AutoRechargeAttempt",
    HelpUri = HelpPages.Folder + "Resolve-AutoRechargeAttempt.md", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRechargeAttempt))]
public sealed class ResolveAutoRechargeAttemptCommand : BatchedCommandBase<AutoRechargeAttempt>
{
    /// <summary>The attempts, by their ids; they have to be open.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AttemptIdCompleter))]
    public string[] AttemptId { get; set; } = [];

    /// <summary>The object on the pipeline, to know what it is about.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Succeeded posts the funds; Declined posts nothing.</summary>
    [Parameter(Mandatory = true)]
    [ValidateSet(nameof(AutoRechargeAttemptState.Succeeded), nameof(AutoRechargeAttemptState.Declined))]
    public AutoRechargeAttemptState As { get; set; }

    /// <summary>The payment provider's own reference.</summary>
    [Parameter]
    public string? PaymentReference { get; set; }

    private protected override bool WritesResults => true;

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(AutoRechargeAttempt);

    private protected override void Process()
    {
        Require(TypedObject.From(InputObject));
        foreach (var id in AttemptId)
        {
            Submit(
                id,
                $"Settle '{id}' as {As}",
                new ResolveAttempt(id, As == AutoRechargeAttemptState.Succeeded, ValueOrNull(PaymentReference, nameof(PaymentReference))));
        }
    }
}
