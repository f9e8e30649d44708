using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Ends to which department and cost center users belong from a month on; earlier months keep it.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditUser",
    HelpUri = HelpPages.Folder + "Remove-CreditUser.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditUserCommand : BatchedCommandBase<CreditUser>
{
    /// <summary>The tenant, by its id or name. A user's own Id is not taken for it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    /// <summary>The user's sign-in name, as exports have it.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("UserPrincipalName", "UPN")]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string User { get; set; } = string.Empty;

    /// <summary>The month UTC from which the user belongs nowhere, yyyy-MM. By default this month.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public string? Month { get; set; }

    private protected override bool WritesResults => false;

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id => Submit(
        id,
        $"Remove the department and cost center of '{User}' of {Called(id)}",
        new RemoveUser(id, User) { Month = ValueOrNull(Month, nameof(Month)) }));
}
