using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets how tenants' recharges are paid. Tokens are masked.</summary>
[Cmdlet(VerbsCommon.Get, "CreditPaymentMethod",
    HelpUri = HelpPages.Folder + "Get-CreditPaymentMethod.md")]
[OutputType(typeof(CreditPaymentMethod))]
public sealed class GetCreditPaymentMethodCommand : TenantReadCommandBase
{
    /// <summary>The methods' names; wildcards are understood. By default all.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(PaymentMethodCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditPaymentMethod);

    private protected override void Process(TenantSelection tenants) =>
        WriteEach(Ledger.Recharges.GetPaymentMethods(tenants).Where(method => ThingOf(tenants)?.TextOf(nameof(Name)) is { } name
            ? NamePattern.Matches([name], method.Name)
            : NamePattern.Matches(Name, method.Name)));
}
