using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>A command that writes about tenants to one file: those named, those that match, or all.</summary>
public abstract class ExportCommandBase : TenantReadCommandBase
{
    private readonly HashSet<string> _tenants = new(StringComparer.OrdinalIgnoreCase);
    private bool _all;

    /// <summary>The tenants, by their ids or names; wildcards are understood. Left out, it means all tenants.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    [SupportsWildcards]
    public override TenantIdentity[]? TenantId { get; set; }

    /// <summary>The file. Its folder has to exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The export in words, as in "Export the ledger".</summary>
    private protected abstract string What { get; }

    /// <summary>Writes the file.</summary>
    private protected abstract void Export(string path, TenantSelection tenants);

    private protected sealed override void Process(TenantSelection tenants)
    {
        if (ReferenceEquals(tenants, TenantSelection.All))
            _all = true;
        else
            _tenants.UnionWith(Ledger.Tenants.GetTenants(tenants).Select(tenant => tenant.TenantId));
    }

    private protected sealed override void Finish()
    {
        if (!_all && _tenants.Count == 0)
            return;
        var path = PowerShellPath.Literal(Path, SessionState.Path);
        if (!ShouldProcess($"{What} to '{path}'", $"{What} to '{path}'?", "Confirm"))
            return;
        try
        {
            Export(path, _all ? TenantSelection.All : TenantSelection.Matching(_tenants.Contains));
            WriteFile(path);
        }
        catch (OperationCanceledException)
        {
            // The user stopped it, and there is no file.
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Report(CreditErrors.NoSuchFile(path, problem.Message, problem));
        }
    }
}
