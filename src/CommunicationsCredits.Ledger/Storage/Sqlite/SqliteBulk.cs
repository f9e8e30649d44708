using System.Buffers.Binary;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>The writes of which an import makes millions: entries, draws, debts, usage records and their identities.</summary>
internal sealed class SqliteBulk(SqliteStoreConnection connection)
{
    private readonly RawStatement _entry = connection.PrepareRaw(
        "INSERT INTO entry (tenant, sequence, kind, amount, balance_after, effective_at, posted_at, actor, reference, description, "
        + "lot, record, reverses, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");

    private readonly RawStatement _draw = connection.PrepareRaw(
        "INSERT INTO draw (tenant, entry, part, lot, amount, posted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly RawStatement _debt = connection.PrepareRaw(
        "INSERT INTO debt (tenant, effective_at, entry, unpaid) VALUES (?1, ?2, ?3, ?4)");

    private readonly RawStatement _updateDebt = connection.PrepareRaw(
        "UPDATE debt SET unpaid = ?4 WHERE tenant = ?1 AND effective_at = ?2 AND entry = ?3");

    private readonly RawStatement _removeDebt = connection.PrepareRaw(
        "DELETE FROM debt WHERE tenant = ?1 AND effective_at = ?2 AND entry = ?3");

    private readonly RawStatement _usage = connection.PrepareRaw(
        "INSERT INTO usage (tenant, record, import, entry, key, record_id, started_at, duration, call_type, service, caller, callee, "
        + "user, capability, destination, country, domestic, billed_seconds, pooled_seconds, charge, recorded_charge, rated_charge, "
        + "record_currency, sheet, status, salt, void_seconds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
        + "?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)");

    private readonly RawStatement _key = connection.PrepareRaw(
        "INSERT INTO usage_key (tenant, key, record) VALUES (?1, ?2, ?3) ON CONFLICT (tenant, key) DO NOTHING");

    private readonly RawStatement _findKey = connection.PrepareRaw("SELECT record FROM usage_key WHERE tenant = ?1 AND key = ?2");

    public void AddEntry(long tenant, in LedgerEntry entry, ReadOnlySpan<byte> hash) => _entry
        .Bind(1, tenant).Bind(2, entry.Sequence).Bind(3, (long)entry.Kind).Bind(4, entry.Amount.Micros)
        .Bind(5, entry.BalanceAfter.Micros).Bind(6, entry.EffectiveAt.Ticks).Bind(7, entry.PostedAt.Ticks).Bind(8, entry.Actor)
        .Bind(9, entry.Reference).Bind(10, entry.Description).Bind(11, entry.Lot).Bind(12, entry.Record).Bind(13, entry.Reverses)
        .BindBlob(14, hash).Run();

    public void AddDraw(long tenant, in DrawRow draw) => _draw
        .Bind(1, tenant).Bind(2, draw.Entry).Bind(3, draw.Part).Bind(4, draw.Lot).Bind(5, draw.Amount.Micros).Bind(6, draw.Posted)
        .Run();

    public void AddDebt(long tenant, in Debt debt) => _debt
        .Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Bind(4, debt.Unpaid.Micros).Run();

    /// <summary>Writes what is unpaid of an entry; nothing unpaid is no debt.</summary>
    public void UpdateDebt(long tenant, in Debt debt)
    {
        if (debt.Unpaid == Amount.Zero)
            _removeDebt.Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Run();
        else
            _updateDebt.Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Bind(4, debt.Unpaid.Micros).Run();
    }

    public void AddUsage(long tenant, UsageBatch batch, in UsageCall call, long record, long import, long? entry)
    {
        Span<byte> key = stackalloc byte[16], salt = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(key, call.Key);
        BinaryPrimitives.WriteUInt128BigEndian(salt, call.Salt);
        _usage.Bind(1, tenant).Bind(2, record).Bind(3, import).Bind(4, entry).BindBlobInPlace(5, key)
            .BindTextInPlace(6, batch.Bytes(call.RecordId)).Bind(7, call.StartedAt.Ticks).Bind(8, call.Duration)
            .BindTextInPlace(9, batch.Bytes(call.CallType)).Bind(10, (long?)call.Service).BindTextInPlace(11, batch.Bytes(call.Caller))
            .BindTextInPlace(12, batch.Bytes(call.Callee)).BindTextInPlace(13, batch.Bytes(call.User))
            .BindTextInPlace(14, batch.Bytes(call.Capability)).BindTextInPlace(15, batch.Bytes(call.Destination))
            .BindTextInPlace(16, batch.Bytes(call.Country)).Bind(17, call.IsDomestic is { } domestic ? (domestic ? 1 : 0) : null)
            .Bind(18, call.BilledSeconds).Bind(19, call.PooledSeconds).Bind(20, call.Charge.Micros)
            .Bind(21, call.OwnCharge == OwnCharge.Known ? call.RecordedCharge.Micros : null)
            .Bind(22, call.HasRatedCharge ? call.RatedCharge.Micros : null).BindTextInPlace(23, batch.Bytes(call.Currency))
            .Bind(24, call.Sheet).Bind(25, (long)call.Status).BindBlobInPlace(26, salt).Bind(27, call.VoidSeconds).Run();
    }

    /// <summary>The number of the record that an identity stands for; where it is new, it stands for the one given from now on.</summary>
    public long FindOrAddKey(long tenant, UInt128 key, long record)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        _key.Bind(1, tenant).BindBlobInPlace(2, bytes).Bind(3, record).Run();
        if (connection.Changes > 0)
            return record;
        var known = _findKey.Bind(1, tenant).BindBlobInPlace(2, bytes).Step() ? _findKey.Int64(0) : 0;
        _findKey.Reset();
        return known;
    }
}
