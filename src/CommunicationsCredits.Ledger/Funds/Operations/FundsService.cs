using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds.Operations;

/// <summary>Funds, balances and the entries behind them.</summary>
public sealed class FundsService
{
    private readonly ILedgerReader _reader;
    private readonly TimeProvider _clock;

    internal FundsService(ILedgerReader reader, TimeProvider clock)
    {
        _reader = reader;
        _clock = clock;
    }

    /// <summary>The funds of the tenants asked for, in order of purchase.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="includeSpent">Whether those that nothing is left of, or that have expired, are wanted too.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditFunds> GetFunds(TenantSelection selection, bool includeSpent)
    {
        using var snapshot = _reader.BeginRead();
        var now = Instant.Now(_clock);
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var lot in snapshot.Lots.All(tenant.Number))
            {
                var funds = lot.ToContract(tenant, now);
                if (includeSpent || funds.Status == CreditFundsStatus.Live)
                    yield return funds;
            }
        }
    }

    /// <summary>The balances of the tenants asked for (F8).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="asOf">The instant; now where nothing is given. In the future only expiry is projected.</param>
    /// <param name="asPosted">The instant up to which entries had been posted; all where nothing is given.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditBalance> GetBalances(
        TenantSelection selection, DateTimeOffset? asOf = null, DateTimeOffset? asPosted = null)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var balance in Balances.Of(snapshot, snapshot.Select(selection), Instant.Now(_clock), Instant.From(asOf), Instant.From(asPosted)))
            yield return balance;
    }

    /// <summary>The entries of the tenants asked for, in order of sequence.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="from">The earliest EffectiveAt, or null.</param>
    /// <param name="to">The EffectiveAt before which they are, or null.</param>
    /// <param name="kinds">The kinds wanted; all where there are none.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditTransaction> GetTransactions(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyCollection<CreditTransactionKind> kinds)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var read in snapshot.Entries.Query(tenant.Number, Instant.From(from), Instant.From(to), kinds))
                yield return EntryText.Describe(tenant, read);
        }
    }

    /// <summary>How many entries <see cref="GetTransactions"/> gives.</summary>
    public long CountTransactions(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyCollection<CreditTransactionKind> kinds)
    {
        using var snapshot = _reader.BeginRead();
        return snapshot.Select(selection).Sum(
            tenant => snapshot.Entries.Count(tenant.Number, Instant.From(from), Instant.From(to), kinds));
    }
}
