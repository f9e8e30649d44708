using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes tenants by their ids and names; a name is completed where no other tenant has it.</summary>
public sealed class TenantIdCompleter : LedgerCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(LedgerSession ledger, string typed, IDictionary bound)
    {
        var tenants = ledger.Tenants.GetTenants(TenantSelection.All).ToList();
        var names = tenants.ToLookup(tenant => tenant.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var tenant in tenants)
        {
            var isById = Completions.Matches(tenant.TenantId, typed) && typed.Length > 0;
            if (!isById && !Completions.Matches(tenant.Name, typed))
                continue;
            var word = isById || names[tenant.Name].Skip(1).Any() ? tenant.TenantId : tenant.Name;
            yield return Completions.Of(word, tenant.Name, $"{tenant.Name}: {tenant.TenantId}, {tenant.Currency}, {tenant.Country}, {tenant.Status}");
        }
    }
}
