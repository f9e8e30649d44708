using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Tells whether tenants may use a service now: whether there are included minutes that cover it, or money.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CreditService",
    HelpUri = HelpPages.Folder + "Test-CreditService.md", DefaultParameterSetName = ByService)]
[OutputType(typeof(bool), typeof(CreditServiceAnswer))]
public sealed class TestCreditServiceCommand : TenantReadCommandBase
{
    private const string ByService = "Service";
    private const string ByNumber = "Number";

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>The service. By default the one that a call to the number is.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByService)]
    [Parameter(Position = 1, ParameterSetName = ByNumber)]
    public CreditService? Service { get; set; }

    /// <summary>The number to be called, or the toll-free number that is called.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByNumber)]
    [ValidateNotNullOrEmpty]
    public string? Number { get; set; }

    /// <summary>The license's capability whose minutes count. By default all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string? Capability { get; set; }

    /// <summary>The user whose minutes count, where they are each user's own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? User { get; set; }

    /// <summary>Writes the answer with its reason, the balance and the minutes left, instead of whether it is allowed.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void Process(TenantSelection tenants)
    {
        var question = new ServiceQuestion
        {
            Service = Service,
            Number = Number,
            Capability = Capability ?? ThingOf(tenants)?.TextOf(nameof(Capability)),
            User = User,
        };
        if (Number is not null && _warned.Add(Number) && TrunkZero.Warning(Number) is { } warning)
            WriteWarning(warning);
        foreach (var answer in Ledger.Pools.TestServices(tenants, question))
        {
            WriteObject(Detailed ? answer : answer.Allowed);
            if (Stopping)
                return;
        }
    }
}
