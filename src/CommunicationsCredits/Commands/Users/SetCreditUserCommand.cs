using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Sets to which department and cost center users belong from a month on; what is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "CreditUser",
    HelpUri = HelpPages.Folder + "Set-CreditUser.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditUser))]
public sealed class SetCreditUserCommand : PassThruCommandBase<CreditUser>
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

    /// <summary>The user's name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DisplayName { get; set; }

    /// <summary>The department.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Department { get; set; }

    /// <summary>The cost center; of what Get-MgUser writes, that in EmployeeOrgData.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("EmployeeOrgData")]
    [OrgData]
    public string? CostCenter { get; set; }

    /// <summary>The month UTC from which it holds, yyyy-MM. By default this month.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public string? Month { get; set; }

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id => Submit(
        id,
        $"Set the department and cost center of '{User}' of {Called(id)}",
        new SetUser(id, User)
        {
            DisplayName = ValueOrNull(DisplayName, nameof(DisplayName)),
            Department = ValueOrNull(Department, nameof(Department)),
            CostCenter = ValueOrNull(CostCenter, nameof(CostCenter)),
            Month = ValueOrNull(Month, nameof(Month)),
        }));
}
