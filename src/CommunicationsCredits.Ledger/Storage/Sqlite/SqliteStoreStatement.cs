using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>A statement that reads its columns where SQLite keeps them: a record has two dozen, and most are never text here.</summary>
internal sealed class SqliteStoreStatement : StoreStatement
{
    private nint _row;

    public SqliteStoreStatement(SqliteStoreConnection connection, string sql, bool isKept)
        : base(connection, sql, named: true, isKept)
    {
        try
        {
            Command.Prepare();
        }
        catch (DbException failure)
        {
            Command.Dispose();
            throw connection.Translate(failure);
        }
    }

    public override bool IsNull(int column) => NativeSqlite.ColumnType(_row, column) == SQLITE_NULL;

    public override long Int64(int column) => NativeSqlite.ColumnInt64(_row, column);

    public override int Int32(int column) => (int)NativeSqlite.ColumnInt64(_row, column);

    public override string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public override unsafe ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = NativeSqlite.ColumnBlob(_row, column);
        return bytes == null ? default : new(bytes, NativeSqlite.ColumnBytes(_row, column));
    }

    /// <inheritdoc/>
    protected override void Opened(DbDataReader reader) =>
        _row = ((SqliteDataReader)reader).Handle?.DangerousGetHandle() ?? 0;
}
