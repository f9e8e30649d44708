using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger;

/// <content>Included minutes and the service gate.</content>
public sealed partial class LedgerSession
{
    /// <summary>The pools of the tenants asked for in a month.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="month">The month, yyyy-MM; this month where nothing is given.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>InvalidInstant</c>.</exception>
    public IEnumerable<CreditPool> GetPools(TenantSelection selection, string? month = null)
    {
        var asked = month is null ? Month.Of(Now) : Month.Parse(month);
        using var tx = File.BeginRead();
        foreach (var tenant in selection.Resolve(tx))
        {
            foreach (var pool in tx.Pools.Settings(tenant.Number).GroupBy(setting => (setting.Capability, setting.Country)))
            {
                var setting = PoolRules.InForce([.. pool], asked);
                if (setting.Licences > 0)
                    yield return PoolView.At(tx, tenant, setting, asked);
            }
        }
    }

    /// <summary>Whether the tenants asked for may use a service now, and why (S1–S3).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="question">What is asked.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditServiceAnswer> TestServices(TenantSelection selection, ServiceQuestion question)
    {
        using var tx = File.BeginRead();
        var books = new Dictionary<string, RateBook>(StringComparer.Ordinal);
        var gate = new ServiceGate(tx, Now, currency =>
        {
            if (!books.TryGetValue(currency, out var book))
                books.Add(currency, book = tx.Rates.Book(currency));
            return book;
        });
        foreach (var tenant in selection.Resolve(tx))
            yield return gate.Answer(tenant, question);
    }
}
