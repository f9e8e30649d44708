using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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

    /// <summary>The records that one statement adds: each has its own parameters, and running a statement costs as much as a row.</summary>
    private const int RowsPerStatement = 16;

    /// <summary>The digits of a prefix at most.</summary>
    private const int LongestPrefix = 32;

    private const string UsageColumns =
        "tenant, record, import, key, record_id, started_at, duration, call_type, service, caller, callee, user_name, "
        + "capability, destination, usage_country, other_country, operator, administrative_units, number_type, domestic, billed_seconds, "
        + "pooled_seconds, void_seconds, charge, recorded_charge, rated_charge, record_currency, sheet, prefix, status, salt, sequence, "
        + "balance_after, posted_at, recorded_at, lot, formula, hash";

    private static readonly int UsageWidth = UsageColumns.Count(letter => letter == ',') + 1;

    private readonly RawStatement _usage = connection.PrepareRaw(Insert("usage", UsageColumns, 1));
    private readonly RawStatement _usages = connection.PrepareRaw(Insert("usage", UsageColumns, RowsPerStatement));

    private readonly RawStatement _dayUse = connection.PrepareRaw(
        "INSERT INTO usage_day (tenant, day, country, calls, charge, short_abroad, off_hours, forwarded_abroad) "
        + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (tenant, day, country) DO UPDATE SET calls = excluded.calls, "
        + "charge = excluded.charge, short_abroad = excluded.short_abroad, off_hours = excluded.off_hours, forwarded_abroad = excluded.forwarded_abroad");

    private readonly RawStatement _userMonth = connection.PrepareRaw(
        "INSERT INTO usage_month (tenant, month, user_key, charge) VALUES (?1, ?2, ?3, ?4) "
        + "ON CONFLICT (tenant, month, user_key) DO UPDATE SET charge = excluded.charge");

    private readonly RawStatement _removeUserMonth = connection.PrepareRaw(
        "DELETE FROM usage_month WHERE tenant = ?1 AND month = ?2 AND user_key = ?3");

    public void AddEntry(long tenant, in LedgerEntry entry, ReadOnlySpan<byte> hash) => _entry
        .Bind(1, tenant).Bind(2, entry.Sequence).Bind(3, (long)entry.Kind).Bind(4, entry.Amount.Micros)
        .Bind(5, entry.BalanceAfter.Micros).Bind(6, entry.EffectiveAt.Ticks).Bind(7, entry.PostedAt.Ticks)
        .Bind(8, entry.RecordedAt == entry.PostedAt ? null : entry.RecordedAt.Ticks).Bind(9, entry.Actor).Bind(10, entry.Reference)
        .Bind(11, entry.Description).Bind(12, entry.Lot).Bind(13, entry.Record).Bind(14, entry.Reverses).Bind(15, entry.Digests)
        .Bind(16, entry.Formula).BindBlob(17, hash).Run();

    public void AddDraw(long tenant, in DrawRow draw) => _draw
        .Bind(1, tenant).Bind(2, draw.Entry).Bind(3, draw.Part).Bind(4, draw.Lot).Bind(5, draw.Amount.Micros).Bind(6, draw.Posted)
        .Run();

    public void PutDayUse(long tenant, in DayUseKey key, in DayUse use) => _dayUse
        .Bind(1, tenant).Bind(2, key.Day).Bind(3, key.Country).Bind(4, use.Calls).Bind(5, use.Charge.Micros).Bind(6, use.ShortAbroad)
        .Bind(7, use.OffHours.Micros).Bind(8, use.ForwardedAbroad.Micros).Run();

    /// <summary>Writes what a user's calls cost; of one who has none any more, not even the name is left (C4).</summary>
    public void PutUserMonth(long tenant, in UserMonthKey key, Amount charge)
    {
        if (charge == Amount.Zero)
            _removeUserMonth.Bind(1, tenant).Bind(2, key.Month.Index).Bind(3, key.User).Run();
        else
            _userMonth.Bind(1, tenant).Bind(2, key.Month.Index).Bind(3, key.User).Bind(4, charge.Micros).Run();
    }

    /// <summary>Writes what is unpaid of an entry; nothing unpaid is no debt.</summary>
    public void PutDebt(long tenant, in Debt debt)
    {
        if (debt.Unpaid == Amount.Zero)
            _removeDebt.Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Run();
        else
            _debt.Bind(1, tenant).Bind(2, debt.EffectiveAt.Ticks).Bind(3, debt.Entry).Bind(4, debt.Unpaid.Micros).Bind(5, debt.Parts).Run();
    }

    /// <summary>Adds the calls that have a number; their identities are found in them until they are in the index.</summary>
    public void AddCalls(long tenant, UsageBatch batch)
    {
        var calls = batch.Calls;
        var count = 0;
        Span<int> rows = stackalloc int[RowsPerStatement];
        for (var i = 0; i < calls.Length; i++)
        {
            if (calls[i].Record == 0)
                continue;
            rows[count++ % RowsPerStatement] = i;
            if (count % RowsPerStatement == 0)
                AddUsage(_usages, tenant, batch, rows);
        }

        for (var i = 0; i < count % RowsPerStatement; i++)
            AddUsage(_usage, tenant, batch, rows.Slice(i, 1));
    }

    /// <summary>
    /// Adds so many rows. Where one is there already, the whole transaction is undone and not the statement alone: to be able to undo a
    /// statement SQLite would first copy each page that it changes.
    /// </summary>
    private static string Insert(string table, string columns, int rows)
    {
        var width = columns.Count(letter => letter == ',') + 1;
        return $"INSERT OR ROLLBACK INTO {table} ({columns}) VALUES " + string.Join(
            ", ", Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", Enumerable.Range(1, width).Select(column => $"?{(row * width) + column}"))})"));
    }

    private static void AddUsage(RawStatement statement, long tenant, UsageBatch batch, ReadOnlySpan<int> rows)
    {
        Span<byte> keys = stackalloc byte[16 * RowsPerStatement], salts = stackalloc byte[16 * RowsPerStatement];
        Span<byte> prefixes = stackalloc byte[LongestPrefix * RowsPerStatement];
        for (var row = 0; row < rows.Length; row++)
        {
            BindUsage(
                statement, row * UsageWidth, tenant, batch, batch.Calls[rows[row]], keys.Slice(row * 16, 16), salts.Slice(row * 16, 16),
                prefixes.Slice(row * LongestPrefix, LongestPrefix));
        }

        statement.Run();
    }

    /// <summary>Binds a record from a parameter on.</summary>
    [MethodImpl(HotPath.Compiled)]
    private static void BindUsage(
        RawStatement statement, int at, long tenant, UsageBatch batch, in UsageCall call, Span<byte> key, Span<byte> salt, Span<byte> prefix)
    {
        BinaryPrimitives.WriteUInt128BigEndian(key, call.Key);
        BinaryPrimitives.WriteUInt128BigEndian(salt, call.Salt);
        var hasEntry = call.Sequence != 0;
        var prefixLength = call.Rate is { } rate ? System.Text.Encoding.ASCII.GetBytes(rate.Prefix, prefix) : 0;
        statement.Bind(at + 1, tenant).Bind(at + 2, call.Record).Bind(at + 3, call.Import).BindBlobInPlace(at + 4, key)
            .BindTextInPlace(at + 5, batch.Bytes(call.RecordId)).Bind(at + 6, call.StartedAt.Ticks).Bind(at + 7, call.Duration)
            .BindTextInPlace(at + 8, batch.Bytes(call.CallType)).Bind(at + 9, (long?)call.Service)
            .BindTextInPlace(at + 10, batch.Bytes(call.Caller)).BindTextInPlace(at + 11, batch.Bytes(call.Callee))
            .BindTextInPlace(at + 12, batch.Bytes(call.User)).BindTextInPlace(at + 13, batch.Bytes(call.Capability))
            .BindTextInPlace(at + 14, batch.Bytes(call.Destination)).BindTextInPlace(at + 15, batch.Bytes(call.UsageCountry))
            .BindTextInPlace(at + 16, batch.Bytes(call.OtherCountry)).BindTextInPlace(at + 17, batch.Bytes(call.Operator))
            .BindTextInPlace(at + 18, batch.Bytes(call.AdministrativeUnits)).BindTextInPlace(at + 19, batch.Bytes(call.NumberType))
            .Bind(at + 20, call.IsDomestic is { } domestic ? (domestic ? 1 : 0) : null).Bind(at + 21, call.BilledSeconds)
            .Bind(at + 22, call.PooledSeconds).Bind(at + 23, call.UnusableSeconds).Bind(at + 24, call.Charge.Micros)
            .Bind(at + 25, call.RecordedChargeState == RecordedChargeState.Known ? call.RecordedCharge.Micros : null)
            .Bind(at + 26, call.HasRatedCharge ? call.RatedCharge.Micros : null).BindTextInPlace(at + 27, batch.Bytes(call.Currency))
            .Bind(at + 28, call.Sheet).BindTextInPlace(at + 29, prefixLength == 0 ? batch.Bytes(call.Prefix) : prefix[..prefixLength]).Bind(at + 30, (long)call.Status)
            .BindBlobInPlace(at + 31, salt).Bind(at + 32, hasEntry ? call.Sequence : null)
            .Bind(at + 33, hasEntry ? call.BalanceAfter.Micros : null).Bind(at + 34, hasEntry ? call.PostedAt.Ticks : null)
            .Bind(at + 35, hasEntry && call.RecordedAt != call.PostedAt ? call.RecordedAt.Ticks : null).Bind(at + 36, call.Lot)
            .Bind(at + 37, call.Formula);
        if (hasEntry)
            statement.BindBlobInPlace(at + 38, batch.Bytes(call.Hash));
        else
            statement.BindNull(at + 38);
    }
}
