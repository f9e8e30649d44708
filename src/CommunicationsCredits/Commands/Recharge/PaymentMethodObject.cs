using System.Management.Automation;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Commands;

/// <summary>Tells objects about paying from others, such as tenants, whose name is their own.</summary>
internal static class PaymentMethodObject
{
    private static readonly string[] Marks = ["Gateway", "ExpiryMonth", "PurchaseOrder", "Token"];

    /// <summary>Refuses the name of an object that is not about paying.</summary>
    /// <exception cref="CreditException"><c>RuleInvalid</c>.</exception>
    public static void Require(PSObject? piped, string tenantId)
    {
        if (piped is not null && !Marks.Any(mark => piped.Properties[mark] is not null))
            throw CreditErrors.NameIsNoPaymentMethods(tenantId);
    }
}
