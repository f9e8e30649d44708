using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds.Operations;

/// <summary>Funds, balances and the entries behind them.</summary>
public sealed class FundsService
{
    private const int PageOfDraws = 500;

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
    /// <param name="expiresWithin">Only what is left and expires within this time is wanted, by the ledger's clock; null for all.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditFunds> GetFunds(TenantSelection selection, bool includeSpent, TimeSpan? expiresWithin = null)
    {
        using var snapshot = _reader.BeginRead();
        var now = Instant.Now(_clock);
        var limit = expiresWithin is { } time ? now.ToDateTimeOffset() + time : (DateTimeOffset?)null;
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var lot in snapshot.Lots.All(tenant.Number))
            {
                var funds = lot.ToContract(tenant, now);
                if (limit is { } latest ? funds.Status == CreditFundsStatus.Live && funds.ExpiresAt <= latest : includeSpent || funds.Status == CreditFundsStatus.Live)
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

    /// <summary>The entries of the tenants asked for, in order of sequence; where the newest are asked for, the newest first.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="query">Which entries.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditTransaction> GetTransactions(TenantSelection selection, TransactionQuery query)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            if (EntryFilter.Of(query, tenant) is not { } filter)
                continue;
            if (query.IncludesDraw)
            {
                foreach (var entry in WithDraws(snapshot, tenant, filter))
                    yield return entry;
                continue;
            }

            foreach (var read in snapshot.Entries.Query(tenant.Number, filter))
                yield return EntryText.Describe(tenant, read);
        }
    }

    /// <summary>How many entries <see cref="GetTransactions"/> gives.</summary>
    public long CountTransactions(TenantSelection selection, TransactionQuery query)
    {
        using var snapshot = _reader.BeginRead();
        return snapshot.Select(selection).Sum(tenant => EntryFilter.Of(query, tenant) is { } filter
            ? Math.Min(filter.Most ?? long.MaxValue, snapshot.Entries.Count(tenant.Number, filter))
            : 0);
    }

    /// <summary>Whether an id is an entry's.</summary>
    public bool HasTransaction(string transactionId) => _reader.Has(
        transactionId, LedgerIds.Entry, (snapshot, tenant, sequence) => snapshot.Entries.Find(tenant, sequence) is not null);

    /// <summary>Whether an id is a lot's.</summary>
    public bool HasFunds(string fundsId) => _reader.Has(
        fundsId, LedgerIds.Funds, (snapshot, tenant, number) => snapshot.Lots.All(tenant).Any(lot => lot.Number == number));

    // A page of entries is read to its end before their draws are: a store has one reader open at a time.
    private static IEnumerable<CreditTransaction> WithDraws(LedgerSnapshot snapshot, Tenant tenant, EntryFilter filter)
    {
        IReadOnlyList<ReadEntry> page;
        do
        {
            page = [.. snapshot.Entries.Query(tenant.Number, filter.NewestFirst ? filter : filter with { Most = PageOfDraws })];
            foreach (var part in page.Chunk(PageOfDraws))
            {
                var draws = snapshot.Lots.DrawsAbout(tenant.Number, [.. part.Select(read => read.Entry.Sequence)]);
                foreach (var read in part)
                    yield return EntryText.DescribeWithDraws(tenant, read, draws);
            }

            if (page.Count > 0)
                filter = filter with { After = page[^1].Entry.Sequence };
        }
        while (page.Count == PageOfDraws && !filter.NewestFirst);
    }
}
