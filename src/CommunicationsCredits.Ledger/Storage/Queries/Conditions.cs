using System.Globalization;
using System.Text;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The conditions of a query that depend on what is asked for, with their values, joined by AND.</summary>
internal sealed class Conditions
{
    private readonly StringBuilder _sql = new();
    private readonly List<object> _values = [];

    /// <summary>Adds a condition without a value.</summary>
    public Conditions Add(string condition)
    {
        _sql.Append(_sql.Length == 0 ? " WHERE " : " AND ").Append(condition);
        return this;
    }

    /// <summary>Adds a condition that ends with a value.</summary>
    public Conditions Add(string condition, long value) => AddValue(condition, value, string.Empty);

    /// <summary>Adds a condition with a text.</summary>
    /// <param name="condition">What comes before the text.</param>
    /// <param name="value">The text.</param>
    /// <param name="end">What comes after it.</param>
    public Conditions Add(string condition, string value, string end = "") => AddValue(condition, value, end);

    /// <summary>The statement, bound.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="select">The query without conditions.</param>
    /// <param name="end">What follows the conditions.</param>
    public StoreStatement Prepare(StoreConnection connection, string select, string end)
    {
        var statement = connection.Prepare(select + _sql + end);
        for (var i = 0; i < _values.Count; i++)
            _ = _values[i] is long number ? statement.Bind(i + 1, number) : statement.Bind(i + 1, (string)_values[i]);
        return statement;
    }

    private Conditions AddValue(string condition, object value, string end)
    {
        _values.Add(value);
        return Add(string.Create(CultureInfo.InvariantCulture, $"{condition}${_values.Count}{end}"));
    }
}
