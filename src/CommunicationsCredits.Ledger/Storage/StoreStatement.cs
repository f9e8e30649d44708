using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// A prepared statement of a store: bind by position from 1, step, read columns from 0. Disposing it closes what it reads and
/// hands it back for the next use.
/// </summary>
internal class StoreStatement : IDisposable
{
    private const int KeyLength = 16;

    private readonly StoreConnection _connection;
    private readonly DbCommand _command;
    private readonly bool _isKept;
    private DbDataReader? _reader;

    /// <summary>Prepares a statement.</summary>
    /// <param name="connection">The connection it belongs to.</param>
    /// <param name="sql">One statement, with parameters <c>$1</c>, <c>$2</c> ….</param>
    /// <param name="named">Whether the provider takes <c>$1</c> for a name; else for a position.</param>
    /// <param name="isKept">Whether it is used again after it was disposed.</param>
    public StoreStatement(StoreConnection connection, string sql, bool named, bool isKept)
    {
        _connection = connection;
        _isKept = isKept;
        _command = connection.Connection.CreateCommand();
        _command.CommandText = sql;
        for (var number = 1; number <= Parameters(sql); number++)
        {
            var parameter = _command.CreateParameter();
            if (named)
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"${number}");
            parameter.Value = DBNull.Value;
            _command.Parameters.Add(parameter);
        }
    }

    /// <summary>Whether somebody uses it.</summary>
    public bool IsInUse { get; set; }

    protected DbCommand Command => _command;

    protected DbDataReader Reader => _reader ?? throw new InvalidOperationException("The statement is at no row.");

    public StoreStatement Bind(int index, long value) => BindValue(index, value);

    public StoreStatement Bind(int index, long? value) => BindValue(index, value is { } known ? known : DBNull.Value);

    public virtual StoreStatement Bind(int index, string? value) => BindValue(index, (object?)value ?? DBNull.Value);

    public StoreStatement BindBlob(int index, ReadOnlySpan<byte> value) => BindValue(index, value.ToArray());

    public StoreStatement BindBlobOrNull(int index, byte[]? value) => BindValue(index, (object?)value ?? DBNull.Value);

    /// <summary>Binds an identity of a usage record.</summary>
    public virtual StoreStatement BindKey(int index, UInt128 key)
    {
        var bytes = new byte[KeyLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return BindValue(index, bytes);
    }

    /// <summary>Reads an identity or a salt: 16 bytes.</summary>
    /// <exception cref="CreditException"><c>LedgerCorrupt</c>: it has another length.</exception>
    public UInt128 Key(int column)
    {
        var bytes = Bytes(column);
        return bytes.Length == KeyLength
            ? BinaryPrimitives.ReadUInt128BigEndian(bytes)
            : throw LedgerErrors.LedgerCorrupt(_connection.Location, "an identity or a salt of a usage record has a wrong length");
    }

    /// <summary>Binds numbers that a column may be among.</summary>
    public virtual StoreStatement BindAll(int index, IReadOnlyList<long> values) => BindValue(index, JsonArray.Of(values));

    /// <summary>Binds texts that a column may be among.</summary>
    public virtual StoreStatement BindAll(int index, IReadOnlyList<string> values) => BindValue(index, JsonArray.Of(values));

    /// <summary>Goes to the next row; false at the end.</summary>
    public virtual bool Step()
    {
        try
        {
            if (_reader is null)
            {
                _reader = _command.ExecuteReader();
                Opened(_reader);
            }

            return _reader.Read();
        }
        catch (DbException failure)
        {
            Close();
            throw _connection.Translate(failure);
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>How many rows it changed.</returns>
    public virtual int Run()
    {
        try
        {
            return _command.ExecuteNonQuery();
        }
        catch (DbException failure)
        {
            throw _connection.Translate(failure);
        }
    }

    /// <summary>A number, text or bytes, whatever the column has; or null.</summary>
    public virtual object? Value(int column) => Reader.GetValue(column) is var value and not DBNull ? value : null;

    public virtual bool IsNull(int column) => Reader.IsDBNull(column);

    public virtual long Int64(int column) => Reader.GetInt64(column);

    public virtual int Int32(int column) => checked((int)Reader.GetInt64(column));

    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    public virtual string Text(int column) => Reader.GetString(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a blob or of text in UTF-8, until the next step; none where it is null.</summary>
    public virtual ReadOnlySpan<byte> Bytes(int column) => IsNull(column) ? default : Reader.GetFieldValue<byte[]>(column);

    public void Dispose()
    {
        Close();
        if (!_isKept)
        {
            Finish();
            return;
        }

        foreach (DbParameter parameter in _command.Parameters)
            parameter.Value = DBNull.Value;
        IsInUse = false;
    }

    /// <summary>Frees it for good.</summary>
    public void Finish()
    {
        Close();
        _command.Dispose();
    }

    /// <summary>What the provider reads the rows with is there now.</summary>
    protected virtual void Opened(DbDataReader reader)
    {
    }

    /// <summary>Ends what it reads.</summary>
    protected virtual void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }

    protected StoreStatement BindValue(int index, object value)
    {
        _command.Parameters[index - 1].Value = value;
        return this;
    }

    /// <summary>The highest number of a parameter.</summary>
    private static int Parameters(string sql)
    {
        var highest = 0;
        for (var at = sql.IndexOf('$', StringComparison.Ordinal); at >= 0; at = sql.IndexOf('$', at + 1))
        {
            var end = at + 1;
            while (end < sql.Length && char.IsAsciiDigit(sql[end]))
                end++;
            if (int.TryParse(sql.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                highest = Math.Max(highest, number);
        }

        return highest;
    }
}
