using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Pools.Operations;

/// <summary>Included minutes, and the service gate.</summary>
public sealed class PoolService
{
    private readonly ILedgerReader _reader;
    private readonly RateService _rates;
    private readonly TimeProvider _clock;

    internal PoolService(ILedgerReader reader, RateService rates, TimeProvider clock)
    {
        _reader = reader;
        _rates = rates;
        _clock = clock;
    }

    /// <summary>The pools of the tenants asked for in a month.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="month">The month, yyyy-MM; this month where nothing is given.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>InvalidInstant</c>.</exception>
    public IEnumerable<CreditPool> GetPools(TenantSelection selection, string? month = null)
    {
        var asked = month is null ? Month.Of(Instant.Now(_clock)) : Month.Parse(month);
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var pool in snapshot.Pools.Settings(tenant.Number).GroupBy(setting => (setting.Capability, setting.Country)))
            {
                var setting = PoolRules.InForce([.. pool], asked);
                if (setting.Licenses > 0)
                    yield return PoolView.At(tenant, setting, asked, snapshot.Pools.Months(tenant.Number, asked));
            }
        }
    }

    /// <summary>Whether the tenants asked for may use a service now, and why (S1–S3).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="question">What is asked.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditServiceAnswer> TestServices(TenantSelection selection, ServiceQuestion question)
    {
        using var snapshot = _reader.BeginRead();
        var tenants = snapshot.Select(selection);
        var gate = new ServiceGate(snapshot, Instant.Now(_clock), _rates.BookOf, isForMany: tenants.Count > 1);
        foreach (var tenant in tenants)
            yield return gate.Answer(tenant, question);
    }
}
