using System.Buffers.Binary;
using System.Data.Common;
using System.Text;
using Npgsql;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>
/// A statement on PostgreSQL. Its rows come from the server as they are stepped to; where another statement has to run meanwhile, which
/// the protocol does not allow, those that are left are kept in memory first.
/// </summary>
internal sealed class PgStoreStatement(PgStoreConnection connection, string sql, bool isKept)
    : StoreStatement(connection, sql, named: false, isKept)
{
    private readonly Queue<object[]> _kept = [];
    private DbDataReader? _rows;
    private object[] _row = [];
    private bool _isOpen;

    /// <summary>Text as UTF-8 has it, and as hashes have it: half a surrogate pair is U+FFFD.</summary>
    public static string Whole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }

    public override StoreStatement Bind(int index, string? value) => base.Bind(index, value is null ? null : Whole(value));

    public override StoreStatement BindAll(int index, IReadOnlyList<long> values) => BindValue(index, values.ToArray());

    public override StoreStatement BindAll(int index, IReadOnlyList<string> values) => BindValue(index, values.Select(Whole).ToArray());

    /// <summary>Binds identities that a column may be among.</summary>
    public StoreStatement BindKeys(int index, ReadOnlySpan<UInt128> keys)
    {
        var values = new byte[keys.Length][];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt128BigEndian(values[i] = new byte[16], keys[i]);
        return BindValue(index, values);
    }

    /// <summary>The statement with what is bound, to be sent together with others.</summary>
    public NpgsqlBatchCommand ToBatchCommand()
    {
        var command = new NpgsqlBatchCommand(Command.CommandText);
        foreach (DbParameter parameter in Command.Parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter.Value });
        return command;
    }

    /// <summary>Takes the rows of the reader's result as its own, which then are stepped through.</summary>
    public void Take(DbDataReader result)
    {
        while (result.Read())
            _kept.Enqueue(Values(result));
        _isOpen = true;
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        try
        {
            if (!_isOpen)
            {
                connection.Interrupt();
                _rows = Command.ExecuteReader();
                _isOpen = true;
                connection.Reading = this;
            }

            if (_rows is null)
                return _kept.TryDequeue(out _row!);
            if (_rows.Read())
            {
                _row = Values(_rows);
                return true;
            }

            EndReading();
            return false;
        }
        catch (DbException failure)
        {
            Close();
            throw connection.Translate(failure);
        }
    }

    /// <inheritdoc/>
    public override int Run()
    {
        connection.Interrupt();
        return base.Run();
    }

    /// <summary>Keeps the rows that are left in memory, so that another statement can run.</summary>
    public void KeepRest()
    {
        while (_rows?.Read() == true)
            _kept.Enqueue(Values(_rows));
        EndReading();
    }

    public override object? Value(int column) => _row[column] is var value and not DBNull ? value : null;

    public override bool IsNull(int column) => _row[column] is DBNull;

    public override long Int64(int column) => _row[column] switch
    {
        long number => number,
        int number => number,
        short number => number,
        bool flag => flag ? 1 : 0,

        // A sum of bigint is numeric.
        decimal sum => decimal.ToInt64(sum),
        var other => throw new InvalidOperationException($"Column {column} is no number but {other.GetType().Name}."),
    };

    public override int Int32(int column) => checked((int)Int64(column));

    public override string Text(int column) => (string)_row[column];

    public override ReadOnlySpan<byte> Bytes(int column) => _row[column] switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => default,
    };

    protected override void Close()
    {
        EndReading();
        _kept.Clear();
        _row = [];
        _isOpen = false;
        base.Close();
    }

    private static object[] Values(DbDataReader rows)
    {
        var values = new object[rows.FieldCount];
        rows.GetValues(values);
        return values;
    }

    private void EndReading()
    {
        _rows?.Dispose();
        _rows = null;
        if (connection.Reading == this)
            connection.Reading = null;
    }
}
