using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the users of the calls that were imported last.</summary>
public sealed class UserCompleter : TenantThingCompleter
{
    private const int MostCalls = 5000;

    private protected override bool BeginWithTenant => false;

    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Usage.GetRecentUsers(tenant, MostCalls / share).Select(user => (user.Name, $"{user.TenantName}: {user.Calls} calls lately"));
}
