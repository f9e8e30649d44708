using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>A prepared statement: bind by position from 1, step, read columns from 0. Disposing hands it back for reuse.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _handle;
    private readonly nint _native;

    public SqliteStatement(SqliteConnection connection, sqlite3_stmt handle)
    {
        _connection = connection;
        _handle = handle;
        _native = handle.DangerousGetHandle();
    }

    /// <summary>Whether somebody reads from it.</summary>
    public bool IsInUse { get; set; }

    public SqliteStatement Bind(int index, long value)
    {
        Check(NativeSqlite.BindInt64(_native, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
            return BindNull(index);
        Span<byte> utf8 = stackalloc byte[512];
        return BindValue(index, Encoding.UTF8.TryGetBytes(value, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Binds text that is in UTF-8 already; an empty one as null.</summary>
    public SqliteStatement BindText(int index, ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? BindNull(index) : BindValue(index, utf8);

    /// <summary>
    /// Binds text in UTF-8 without copying it: only for memory that does not move until the statement has run, that is pinned or
    /// on the stack. An empty one is null.
    /// </summary>
    public unsafe SqliteStatement BindTextInPlace(int index, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return BindNull(index);
        Check(NativeSqlite.BindTextInPlace(_native, index, AddressOf(utf8), utf8.Length, NativeSqlite.Static));
        return this;
    }

    /// <summary>Binds bytes without copying them, as <see cref="BindTextInPlace"/> does with text.</summary>
    public unsafe SqliteStatement BindBlobInPlace(int index, ReadOnlySpan<byte> value)
    {
        Check(NativeSqlite.BindBlobInPlace(_native, index, AddressOf(value), value.Length, NativeSqlite.Static));
        return this;
    }

    public unsafe SqliteStatement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
            Check(NativeSqlite.BindBlob(_native, index, bytes, value.Length, NativeSqlite.Transient));
        return this;
    }

    public SqliteStatement BindNull(int index)
    {
        Check(NativeSqlite.BindNull(_native, index));
        return this;
    }

    /// <summary>Goes to the next row; false where there is none.</summary>
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

    public bool IsNull(int column) => sqlite3_column_type(_handle, column) == SQLITE_NULL;

    public long Int64(int column) => sqlite3_column_int64(_handle, column);

    public int Int32(int column) => sqlite3_column_int(_handle, column);

    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    public string Text(int column) => sqlite3_column_text(_handle, column).utf8_to_string() ?? string.Empty;

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a blob or of text, until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(_handle, column);

    public void Dispose()
    {
        sqlite3_reset(_handle);
        sqlite3_clear_bindings(_handle);
        IsInUse = false;
    }

    /// <summary>Frees it for good.</summary>
    public void Finish() => sqlite3_finalize(_handle);

    private unsafe SqliteStatement BindValue(int index, ReadOnlySpan<byte> utf8)
    {
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
