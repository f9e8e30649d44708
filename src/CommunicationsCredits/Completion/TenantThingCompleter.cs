using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Commands;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>
/// Completes what belongs to tenants: to those that the command line names, else to those whose ids begin with what was typed. A ledger may
/// have ten thousand of them, so only the first few dozens are looked at.
/// </summary>
public abstract class TenantThingCompleter : LedgerCompleter
{
    private const int MostTenants = 50;

    /// <summary>Whether the words begin with their tenant's id.</summary>
    private protected virtual bool BeginWithTenant => true;

    /// <summary>What there is to choose from of one tenant, each with a hint.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="share">How many tenants there are to share the time with, from 1 on.</param>
    private protected abstract IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share);

    private protected sealed override IEnumerable<CompletionResult> Complete(LedgerSession ledger, string typed, IDictionary bound)
    {
        var tenants = Tenants(ledger, typed, bound).Take(MostTenants).ToList();
        return Completions.Matching(
            tenants.SelectMany(tenant => Words(ledger, TenantSelection.One(tenant.TenantId), tenants.Count))
                .DistinctBy(word => word.Word, StringComparer.OrdinalIgnoreCase),
            typed);
    }

    private IEnumerable<CreditTenant> Tenants(LedgerSession ledger, string typed, IDictionary bound)
    {
        var all = ledger.Tenants.GetTenants(TenantSelection.All);
        if (bound["TenantId"] is { } given)
        {
            var asked = (given is IEnumerable list and not string ? list.Cast<object?>() : [given])
                .Select(one => TenantIdentity.TryFrom(one)?.Text).OfType<string>().Where(text => text.Length > 0).ToList();
            return all.Where(tenant => asked.Exists(text => NamePattern.Matches(text, tenant.TenantId) || NamePattern.Matches(text, tenant.Name)));
        }

        if (!BeginWithTenant)
            return all;
        var slash = typed.LastIndexOf('/');
        return slash > 0
            ? all.Where(tenant => NamePattern.Matches(typed[..slash], tenant.TenantId))
            : all.Where(tenant => Completions.Matches(tenant.TenantId, typed));
    }
}
