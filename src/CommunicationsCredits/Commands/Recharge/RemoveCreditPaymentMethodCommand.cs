using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>Removes payment methods that no recharge rule pays by.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditPaymentMethod",
    HelpUri = HelpPages.Folder + "Remove-CreditPaymentMethod.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditPaymentMethodCommand : TenantChangeCommandBase<CreditPaymentMethod>
{
    /// <summary>The method's name. Of an object, it counts where the object is about paying.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PaymentMethodCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The object on the pipeline, to tell whose name it has.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    private protected override bool WritesResults => false;

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditPaymentMethod);

    private protected override void Process(string id)
    {
        if (!IsOnCommandLine(nameof(Name)))
            PaymentMethodObject.Require(InputObject, id);

        // Before anybody is asked, since the question shows it.
        CardNumbers.Refuse(Name, "name");
        Submit(id, $"Remove payment method '{Name}' of {Called(id)}", new RemovePaymentMethod(id, Name));
    }
}
