using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>The record that the identity of a call leads to.</summary>
internal record struct KeyClaim
{
    /// <summary>The record it leads to, or will.</summary>
    public long Record { get; set; }

    /// <summary>Whether that record is kept already.</summary>
    public bool IsKept { get; set; }

    /// <summary>The earlier call of the batch with the same identity, or -1.</summary>
    public int Twin { get; set; }

    /// <summary>Where the record's stored content is among the known records, or -1.</summary>
    public int Known { get; set; }
}

/// <summary>
/// Finds which calls of a batch the ledger knows (U2): the store is asked once, in the order of its index, and the records that are
/// known are read in one go.
/// </summary>
internal sealed class KnownRecords
{
    private UInt128[] _keys = [];
    private UInt128[] _sorted = [];
    private int[] _order = [];
    private long[] _found = [];
    private KeyClaim[] _claims = [];
    private readonly bool _withCharges;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="withCharges">Whether known records may be undone, so that all of them is read, and not only what is compared.</param>
    public KnownRecords(bool withCharges) => _withCharges = withCharges;

    /// <summary>What the store knows of those that are known, in ascending order of their numbers.</summary>
    public UsageBatch Stored { get; } = new();

    /// <summary>
    /// Identities that were decided and are not written yet, with their records and what those say; a preview, which writes none, keeps
    /// all of them.
    /// </summary>
    public Dictionary<UInt128, (long Record, int Fingerprint)> Seen { get; } = [];

    /// <summary>The record that the identity of a call leads to: of several calls of one identity, the first one's claim.</summary>
    public ref KeyClaim this[int call]
    {
        get
        {
            ref var own = ref _claims[call];
            return ref own.Twin >= 0 ? ref _claims[own.Twin] : ref own;
        }
    }

    /// <summary>The earlier call of the batch with the same identity, or -1.</summary>
    public int TwinOf(int call) => _claims[call].Twin;

    /// <summary>Asks for a batch.</summary>
    /// <param name="store">Where.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="first">The number that the batch's first call will have.</param>
    [MethodImpl(HotPath.Compiled)]
    public void Find(ILedgerFacts store, long tenant, UsageBatch batch, long first)
    {
        var calls = batch.Calls;
        Sort(calls);
        var unique = 0;
        for (var i = 0; i < calls.Length; i++)
        {
            var call = _order[i];
            if (calls[call].Refusal is not null)
                continue;
            if (unique > 0 && _sorted[unique - 1] == _keys[call])
            {
                var twin = _order[unique - 1];
                _claims[call].Twin = twin;
                continue;
            }

            // The first of each identity moves to the front, so that the store gets each once.
            _sorted[unique] = _keys[call];
            _order[unique++] = call;
        }

        store.FindKeys(tenant, _sorted.AsSpan(0, unique), _found.AsSpan(0, unique));
        var records = new List<long>();
        for (var i = 0; i < unique; i++)
        {
            ref var claim = ref _claims[_order[i]];
            claim.Record = _found[i];
            if (Seen.Count > 0 && Seen.TryGetValue(_sorted[i], out var seen))
                claim.Record = seen.Record;
            claim.IsKept = claim.Record != 0;
            if (claim.IsKept)
                records.Add(claim.Record);
            else
                claim.Record = first + _order[i];
        }

        Stored.Reset();
        if (records.Count == 0)
            return;
        records.Sort();
        if (_withCharges)
            store.LoadRecords(tenant, records, Stored);
        else
            store.LoadBillingContents(tenant, records, Stored);
        var places = new Dictionary<long, int>(records.Count);
        for (var i = 0; i < Stored.Count; i++)
            places[Stored.Calls[i].Record] = i;
        for (var i = 0; i < unique; i++)
        {
            ref var claim = ref _claims[_order[i]];
            claim.Known = claim.IsKept ? places.GetValueOrDefault(claim.Record, -1) : -1;
        }
    }

    [MethodImpl(HotPath.Compiled)]
    private void Sort(Span<UsageCall> calls)
    {
        var count = calls.Length;
        if (_keys.Length < count)
        {
            _keys = new UInt128[count];
            _sorted = new UInt128[count];
            _order = new int[count];
            _found = new long[count];
            _claims = new KeyClaim[count];
        }

        for (var i = 0; i < count; i++)
        {
            _keys[i] = calls[i].Refusal is null ? calls[i].Key : UInt128.MaxValue;
            _order[i] = i;
            _claims[i] = new() { Twin = -1, Known = -1 };
        }

        _keys.AsSpan(0, count).CopyTo(_sorted);
        _sorted.AsSpan(0, count).Sort(_order.AsSpan(0, count));
        KeepSourceOrder(count);
    }

    /// <summary>Puts calls of equal keys back in the order of the source, which sorting does not keep.</summary>
    [MethodImpl(HotPath.Compiled)]
    private void KeepSourceOrder(int count)
    {
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && _sorted[end] == _sorted[start];)
                end++;
            if (end - start > 1)
                _order.AsSpan(start, end - start).Sort();
        }
    }
}
