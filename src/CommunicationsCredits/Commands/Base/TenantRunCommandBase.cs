using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>A command that does something for one tenant after another: those named, those that match, or all.</summary>
public abstract class TenantRunCommandBase : TenantReadCommandBase
{
    private RunProgress? _progress;

    /// <summary>What is being done, as its progress says.</summary>
    private protected abstract string Activity { get; }

    /// <summary>Does it for one tenant; what it throws is reported, and the others go on.</summary>
    private protected abstract void Run(string tenantId);

    /// <summary>Does what was put off for the tenants so far, so that many of them are one commit.</summary>
    private protected virtual void Flush()
    {
    }

    /// <summary>The ids of those tenants that it may have something to do for.</summary>
    private protected virtual IEnumerable<string> Candidates(TenantSelection tenants) =>
        Ledger.Tenants.GetTenants(tenants).Select(tenant => tenant.TenantId);

    private protected sealed override void Process(TenantSelection tenants)
    {
        // All of them are read before the first is changed.
        var ids = Candidates(tenants).ToList();
        _progress ??= new(this, Activity);
        for (var i = 0; i < ids.Count && !Stopping; i++)
        {
            _progress.Show(ids[i], i, ids.Count);
            try
            {
                Run(ids[i]);
            }
            catch (CreditException error)
            {
                Report(error, ids[i]);
            }
        }

        Flush();
    }

    private protected override void Finish() => _progress?.Done();
}
