using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// The entries of many tenants in the order in which they were posted, a page of each tenant at a time in memory: ordered by the
/// database, a large ledger would have to be sorted whole.
/// </summary>
internal static class EntriesByPosting
{
    private const int EntriesInMemory = 200_000;
    private const int LeastPage = 16;
    private const int MostPage = 4096;

    /// <summary>The entries by PostedAt, those of one instant by tenant and sequence.</summary>
    public static IEnumerable<(Tenant Tenant, ReadEntry Read)> Of(LedgerSnapshot snapshot, IReadOnlyList<Tenant> tenants)
    {
        var page = Math.Clamp(EntriesInMemory / Math.Max(1, tenants.Count), LeastPage, MostPage);
        var next = new PriorityQueue<Cursor, (Instant PostedAt, int Tenant)>(tenants.Count);
        for (var i = 0; i < tenants.Count; i++)
        {
            var cursor = new Cursor(snapshot, tenants[i], i, page);
            if (cursor.Move())
                next.Enqueue(cursor, cursor.Place);
        }

        while (next.TryDequeue(out var cursor, out _))
        {
            yield return (cursor.Tenant, cursor.Current);
            if (cursor.Move())
                next.Enqueue(cursor, cursor.Place);
        }
    }

    private sealed class Cursor(LedgerSnapshot snapshot, Tenant tenant, int number, int size)
    {
        private IReadOnlyList<ReadEntry> _page = [];
        private int _at = -1;

        public Tenant Tenant => tenant;

        public ReadEntry Current => _page[_at];

        public (Instant PostedAt, int Tenant) Place => (Current.Entry.PostedAt, number);

        public bool Move()
        {
            if (++_at < _page.Count)
                return true;
            if (_page.Count is > 0 && _page.Count < size)
                return false;
            _page = snapshot.Entries.Page(tenant.Number, _page.Count == 0 ? 0 : _page[^1].Entry.Sequence, size);
            _at = 0;
            return _page.Count > 0;
        }
    }
}
