using System.Buffers.Binary;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>The writes of which an import makes millions: entries, draws, debts, usage records and their identities.</summary>
internal sealed class SqliteBulk(SqliteStoreConnection connection)
{
    private readonly RawStatement _entry = connection.PrepareRaw(
        "INSERT INTO entry (tenant, sequence, kind, amount, balance_after, effective_at, posted_at, recorded_at, actor, reference, "
        + "description, lot, record, reverses, digests, formula, hash) "
        + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");

    private readonly RawStatement _draw = connection.PrepareRaw(
        "INSERT INTO draw (tenant, entry, part, lot, amount, posted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly RawStatement _debt = connection.PrepareRaw(
        "INSERT INTO debt (tenant, effective_at, entry, unpaid, parts) VALUES (?1, ?2, ?3, ?4, ?5) "
        + "ON CONFLICT (tenant, effective_at, entry) DO UPDATE SET unpaid = excluded.unpaid, parts = excluded.parts");

    private readonly RawStatement _removeDebt = connection.PrepareRaw(
        "DELETE FROM debt WHERE tenant = ?1 AND effective_at = ?2 AND entry = ?3");

    private readonly RawStatement _usage = connection.PrepareRaw(
        "INSERT INTO usage (tenant, record, import, key, record_id, started_at, duration, call_type, service, caller, callee, user_name, "
        + "capability, destination, usage_country, other_country, operator, administrative_units, number_type, domestic, billed_seconds, "
        + "pooled_seconds, void_seconds, charge, recorded_charge, rated_charge, record_currency, sheet, prefix, status, salt, sequence, "
        + "balance_after, posted_at, recorded_at, lot, formula, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
        + "?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38)");

    private readonly RawStatement _key = connection.PrepareRaw(
        "INSERT INTO usage_key (tenant, key, record) VALUES (?1, ?2, ?3) ON CONFLICT (tenant, key) DO NOTHING");

    private UInt128[] _keys = [];
    private long[] _records = [];

    public void AddEntry(long tenant, in LedgerEntry entry, ReadOnlySpan<byte> hash) => _entry
        .Bind(1, tenant).Bind(2, entry.Sequence).Bind(3, (long)entry.Kind).Bind(4, entry.Amount.Micros)
        .Bind(5, entry.BalanceAfter.Micros).Bind(6, entry.EffectiveAt.Ticks).Bind(7, entry.PostedAt.Ticks)
        .Bind(8, entry.RecordedAt == entry.PostedAt ? null : entry.RecordedAt.Ticks).Bind(9, entry.Actor).Bind(10, entry.Reference)
        .Bind(11, entry.Description).Bind(12, entry.Lot).Bind(13, entry.Record).Bind(14, entry.Reverses).Bind(15, entry.Digests)
        .Bind(16, entry.Formula).BindBlob(17, hash).Run();

    public void AddDraw(long tenant, in DrawRow draw) => _draw
        .Bind(1, tenant).Bind(2, draw.Entry).Bind(3, draw.Part).Bind(4, draw.Lot).Bind(5, draw.Amount.Micros).Bind(6, draw.Posted)
        .Run();

    /// <summary>Writes what is unpaid of an entry; nothing unpaid is no debt.</summary>
    public void PutDebt(long tenant, in Debt debt)
    {
        if (debt.Unpaid == Amount.Zero)
            _removeDebt.Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Run();
        else
            _debt.Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Bind(4, debt.Unpaid.Micros).Bind(5, debt.Parts).Run();
    }

    /// <summary>Adds the calls that have a number, and their identities in the order of the index.</summary>
    public void AddCalls(long tenant, UsageBatch batch)
    {
        var calls = batch.Calls;
        if (_keys.Length < calls.Length)
            (_keys, _records) = (new UInt128[calls.Length], new long[calls.Length]);
        var count = 0;
        foreach (ref readonly var call in calls)
        {
            if (call.Record == 0)
                continue;
            AddUsage(tenant, batch, call);
            _keys[count] = call.Key;
            _records[count++] = call.Record;
        }

        _keys.AsSpan(0, count).Sort(_records.AsSpan(0, count));
        for (var i = 0; i < count; i++)
            AddKey(tenant, _keys[i], _records[i]);
    }

    private void AddUsage(long tenant, UsageBatch batch, in UsageCall call)
    {
        Span<byte> key = stackalloc byte[16], salt = stackalloc byte[16], prefix = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(key, call.Key);
        BinaryPrimitives.WriteUInt128BigEndian(salt, call.Salt);
        var hasEntry = call.Sequence != 0;
        var prefixLength = call.Rate is { } rate ? System.Text.Encoding.ASCII.GetBytes(rate.Prefix, prefix) : 0;
        _usage.Bind(1, tenant).Bind(2, call.Record).Bind(3, call.Import).BindBlobInPlace(4, key)
            .BindTextInPlace(5, batch.Bytes(call.RecordId)).Bind(6, call.StartedAt.Ticks).Bind(7, call.Duration)
            .BindTextInPlace(8, batch.Bytes(call.CallType)).Bind(9, (long?)call.Service).BindTextInPlace(10, batch.Bytes(call.Caller))
            .BindTextInPlace(11, batch.Bytes(call.Callee)).BindTextInPlace(12, batch.Bytes(call.User))
            .BindTextInPlace(13, batch.Bytes(call.Capability)).BindTextInPlace(14, batch.Bytes(call.Destination))
            .BindTextInPlace(15, batch.Bytes(call.UsageCountry)).BindTextInPlace(16, batch.Bytes(call.OtherCountry))
            .BindTextInPlace(17, batch.Bytes(call.Operator)).BindTextInPlace(18, batch.Bytes(call.AdministrativeUnits))
            .BindTextInPlace(19, batch.Bytes(call.NumberType)).Bind(20, call.IsDomestic is { } domestic ? (domestic ? 1 : 0) : null)
            .Bind(21, call.BilledSeconds).Bind(22, call.PooledSeconds).Bind(23, call.VoidSeconds).Bind(24, call.Charge.Micros)
            .Bind(25, call.OwnCharge == OwnCharge.Known ? call.RecordedCharge.Micros : null)
            .Bind(26, call.HasRatedCharge ? call.RatedCharge.Micros : null).BindTextInPlace(27, batch.Bytes(call.Currency))
            .Bind(28, call.Sheet).BindTextInPlace(29, prefix[..prefixLength]).Bind(30, (long)call.Status).BindBlobInPlace(31, salt)
            .Bind(32, hasEntry ? call.Sequence : null).Bind(33, hasEntry ? call.BalanceAfter.Micros : null)
            .Bind(34, hasEntry ? call.PostedAt.Ticks : null)
            .Bind(35, hasEntry && call.RecordedAt != call.PostedAt ? call.RecordedAt.Ticks : null).Bind(36, call.Lot)
            .Bind(37, call.Formula);
        if (hasEntry)
            _usage.BindBlobInPlace(38, batch.Bytes(call.Hash));
        else
            _usage.BindNull(38);
        _usage.Run();
    }

    private void AddKey(long tenant, UInt128 key, long record)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        _key.Bind(1, tenant).BindBlobInPlace(2, bytes).Bind(3, record).Run();
    }
}
