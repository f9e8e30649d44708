using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// A prepared statement of the bulk write, straight on SQLite: it binds what lies in memory without a copy. Bind by position from
/// 1, step, read columns from 0.
/// </summary>
internal sealed class RawStatement : IDisposable
{
    private readonly SqliteStoreConnection _connection;
    private readonly sqlite3_stmt _handle;
    private readonly nint _native;

    /// <summary>Which parameters have a value: of those that are often null, most are so again.</summary>
    private readonly bool[] _isBound;

    public RawStatement(SqliteStoreConnection connection, sqlite3_stmt handle)
    {
        _connection = connection;
        _handle = handle;
        _native = handle.DangerousGetHandle();
        _isBound = new bool[sqlite3_bind_parameter_count(handle) + 1];
    }

    public RawStatement Bind(int index, long value)
    {
        _isBound[index] = true;
        Check(NativeSqlite.BindInt64(_native, index, value));
        return this;
    }

    public RawStatement Bind(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public RawStatement Bind(int index, string? value)
    {
        if (value is null)
            return BindNull(index);
        Span<byte> utf8 = stackalloc byte[512];
        return BindValue(index, Encoding.UTF8.TryGetBytes(value, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Binds text that is in UTF-8 already; an empty one as null.</summary>
    public RawStatement BindText(int index, ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? BindNull(index) : BindValue(index, utf8);

    /// <summary>
    /// Binds text in UTF-8 without copying it: only for memory that does not move until the statement has run, that is pinned or
    /// on the stack. An empty one is null.
    /// </summary>
    public unsafe RawStatement BindTextInPlace(int index, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return BindNull(index);
        _isBound[index] = true;
        Check(NativeSqlite.BindTextInPlace(_native, index, AddressOf(utf8), utf8.Length, NativeSqlite.Static));
        return this;
    }

    /// <summary>Binds bytes without copying them, as <see cref="BindTextInPlace"/> does with text.</summary>
    public unsafe RawStatement BindBlobInPlace(int index, ReadOnlySpan<byte> value)
    {
        _isBound[index] = true;
        Check(NativeSqlite.BindBlobInPlace(_native, index, AddressOf(value), value.Length, NativeSqlite.Static));
        return this;
    }

    public unsafe RawStatement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        _isBound[index] = true;
        fixed (byte* bytes = value)
            Check(NativeSqlite.BindBlob(_native, index, bytes, value.Length, NativeSqlite.Transient));
        return this;
    }

    public RawStatement BindNull(int index)
    {
        if (_isBound[index])
            Check(NativeSqlite.BindNull(_native, index));
        _isBound[index] = false;
        return this;
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Step()
    {
        var code = NativeSqlite.Step(_native);
        if (code == SQLITE_ROW)
            return true;
        if (code == SQLITE_DONE)
            return false;

        // A kept statement that failed would refuse to be bound again.
        Reset();
        _connection.Check(code);
        return false;
    }

    /// <summary>Runs it to its end and makes it ready to be bound again.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Makes it ready to be bound again; what was bound stays until it is bound anew.</summary>
    public void Reset() => _ = NativeSqlite.Reset(_native);

    public long Int64(int column) => NativeSqlite.ColumnInt64(_native, column);

    /// <summary>A column of 16 bytes, an identity or a salt; 0 where it is null or has another length.</summary>
    public unsafe UInt128 Key(int column)
    {
        const int Length = 16;
        var bytes = NativeSqlite.ColumnBlob(_native, column);
        return bytes == null || NativeSqlite.ColumnBytes(_native, column) != Length
            ? 0
            : BinaryPrimitives.ReadUInt128BigEndian(new ReadOnlySpan<byte>(bytes, Length));
    }

    public void Dispose() => _handle.Dispose();

    private unsafe RawStatement BindValue(int index, ReadOnlySpan<byte> utf8)
    {
        _isBound[index] = true;

        // An empty span has no address, and SQLite takes that for null.
        byte empty = 0;
        fixed (byte* bytes = utf8)
            Check(NativeSqlite.BindText(_native, index, bytes == null ? &empty : bytes, utf8.Length, NativeSqlite.Transient));
        return this;
    }

    private static unsafe byte* AddressOf(ReadOnlySpan<byte> bytes) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));

    private void Check(int code)
    {
        if (code != SQLITE_OK)
            _connection.Check(code);
    }
}
