using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>What steers a tenant's money as it is stored, each with the digest that the chain should have of it (H1a).</summary>
internal static class DigestedState
{
    /// <summary>The digests of all that the chain records, one line each.</summary>
    /// <param name="snapshot">What is read.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="sums">The digests of the records without an entry, by import.</param>
    public static IEnumerable<string> Of(LedgerSnapshot snapshot, Tenant tenant, IReadOnlyDictionary<long, byte[]> sums)
    {
        var number = tenant.Number;
        yield return StateDigest.OfTenant(tenant);
        if (snapshot.Recharge.FindRule(number) is { } rule)
            yield return StateDigest.OfRule(rule);
        foreach (var method in snapshot.Recharge.Methods(number))
            yield return StateDigest.OfMethod(method);
        foreach (var pool in snapshot.Pools.Settings(number).GroupBy(setting => (setting.Capability, setting.Country)))
            yield return StateDigest.OfPool(pool.Key.Capability, pool.Key.Country, pool);
        foreach (var user in snapshot.Users.Settings(number).GroupBy(stored => stored.Key, stored => stored.Setting))
            yield return StateDigest.OfUser(user.Key, user);
        foreach (var (key, budget) in snapshot.Budgets.Stored(number))
            yield return StateDigest.OfBudget(key, budget);
        if (snapshot.Guards.Find(number) is { } guard)
            yield return StateDigest.OfGuard(guard);
        foreach (var alarm in snapshot.Guards.Alarms(number))
            yield return StateDigest.OfAlarm(alarm);
        foreach (var attempt in snapshot.Recharge.Attempts(number))
            yield return StateDigest.OfAttempt(attempt);
        foreach (var (operation, key, use) in snapshot.Entries.Keys(number))
            yield return StateDigest.OfKey(operation, key, use);
        foreach (var import in snapshot.Imports.Query(number).Where(import => import.Status != UsageImportStatus.Running || import.Entry is not null))
            yield return StateDigest.OfImport(import);
        foreach (var (import, sum) in sums)
            yield return StateDigest.OfRecords(import, sum);
    }
}
