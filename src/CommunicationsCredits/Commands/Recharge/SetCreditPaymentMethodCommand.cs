using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>Stores how tenants' recharges are paid, or changes it; what is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "CreditPaymentMethod",
    HelpUri = HelpPages.Folder + "Set-CreditPaymentMethod.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditPaymentMethod))]
public sealed class SetCreditPaymentMethodCommand : PassThruTenantChangeCommandBase<CreditPaymentMethod>
{
    /// <summary>The method's name, unique within the tenant. Of an object, it counts where the object is about paying.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PaymentMethodCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The payment gateway's name. By default Invoice.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    public string? Gateway { get; set; }

    /// <summary>
    /// The payment provider's token; never a card number. It is not taken from objects, which have it masked, and is kept
    /// unreadable without this account's configuration on this machine.
    /// </summary>
    [Parameter]
    public string? Token { get; set; }

    /// <summary>The last month in which the card is good, yyyy-MM. Afterwards it is declined without asking the gateway.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ExpiryMonth { get; set; }

    /// <summary>The purchase order that invoices are written to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? PurchaseOrder { get; set; }

    /// <summary>The object on the pipeline, to tell whose name it has.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditPaymentMethod);

    private protected override void Process(string id)
    {
        if (!IsOnCommandLine(nameof(Name)))
            PaymentMethodObject.Require(InputObject, id);

        // Before anybody is asked, since the question shows it.
        CardNumbers.Refuse(Name, "name");
        Submit(id, $"Set payment method '{Name}' of {Called(id)}", new SetPaymentMethod(id, Name)
        {
            Gateway = ValueOrNull(Gateway, nameof(Gateway)),
            Token = ValueOrNull(Token, nameof(Token)),
            ExpiryMonth = ValueOrNull(ExpiryMonth, nameof(ExpiryMonth)),
            PurchaseOrder = ValueOrNull(PurchaseOrder, nameof(PurchaseOrder)),
        });
    }
}
