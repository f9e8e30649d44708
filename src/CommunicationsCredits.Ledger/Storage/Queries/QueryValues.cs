using System.Globalization;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The values of a query that depends on what is asked for, in the order of its parameters.</summary>
internal sealed class QueryValues
{
    private readonly List<Action<StoreStatement, int>> _values = [];

    /// <summary>Adds a number.</summary>
    /// <returns>Its parameter, as in <c>$3</c>.</returns>
    public string Add(long value) => Text(AddValue((statement, at) => statement.Bind(at, value)));

    /// <inheritdoc cref="Add(long)"/>
    public string Add(string value) => Text(AddValue((statement, at) => statement.Bind(at, value)));

    /// <summary>Adds identities of usage records.</summary>
    /// <returns>The condition that a column is one of them.</returns>
    public string AddKeys(IEnumerable<UInt128> keys) =>
        $"IN ({string.Join(", ", keys.Select(key => Text(AddValue((statement, at) => statement.BindKey(at, key)))))})";

    /// <summary>Adds numbers.</summary>
    /// <returns>The condition that a column is one of them.</returns>
    public string AddAll(StoreConnection connection, IReadOnlyList<long> values) =>
        connection.Among(AddValue((statement, at) => statement.BindAll(at, values)));

    /// <summary>Adds texts.</summary>
    /// <inheritdoc cref="AddAll(StoreConnection, IReadOnlyList{long})"/>
    public string AddAll(StoreConnection connection, IReadOnlyList<string> values) =>
        connection.Among(AddValue((statement, at) => statement.BindAll(at, values)));

    /// <summary>The statement, bound.</summary>
    public StoreStatement Bind(StoreStatement statement)
    {
        for (var i = 0; i < _values.Count; i++)
            _values[i](statement, i + 1);
        return statement;
    }

    private static string Text(int parameter) => string.Create(CultureInfo.InvariantCulture, $"${parameter}");

    private int AddValue(Action<StoreStatement, int> bind)
    {
        _values.Add(bind);
        return _values.Count;
    }
}
