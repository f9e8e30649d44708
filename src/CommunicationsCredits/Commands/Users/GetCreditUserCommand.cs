using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets to which department and cost center tenants' users belong in a month.</summary>
[Cmdlet(VerbsCommon.Get, "CreditUser",
    HelpUri = HelpPages.Folder + "Get-CreditUser.md")]
[OutputType(typeof(CreditUser))]
public sealed class GetCreditUserCommand : TenantReadCommandBase
{
    /// <summary>The users, by their sign-in names; wildcards are understood. By default all.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("UserPrincipalName", "UPN")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[]? User { get; set; }

    /// <summary>The month UTC, yyyy-MM. By default this month.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public string? Month { get; set; }

    private protected override void Process(TenantSelection tenants)
    {
        // Names are looked up; only a pattern needs all users to be read.
        var names = User?.Where(user => !string.IsNullOrWhiteSpace(user)).ToList();
        var exact = names is { Count: > 0 } && !names.Exists(NamePattern.IsPattern) ? names : null;
        WriteEach(Ledger.Users.GetUsers(tenants, Month, exact).Where(user => IsWanted(tenants, User, nameof(User), user.User)));
    }
}
