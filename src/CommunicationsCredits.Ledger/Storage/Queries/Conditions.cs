using System.Globalization;
using System.Text;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The conditions of a query that depend on what is asked for, with their values, joined by AND.</summary>
/// <param name="values">The values of the whole query; by default of these conditions alone.</param>
internal sealed class Conditions(QueryValues? values = null)
{
    private readonly StringBuilder _sql = new();

    /// <summary>The values.</summary>
    public QueryValues Values { get; } = values ?? new();

    /// <summary>Adds a condition without a value.</summary>
    public Conditions Add(string condition)
    {
        _sql.Append(_sql.Length == 0 ? " WHERE " : " AND ").Append(condition);
        return this;
    }

    /// <summary>Adds a condition that ends with a value.</summary>
    public Conditions Add(string condition, long value) => Add(condition + Values.Add(value));

    /// <summary>Adds a condition with a text.</summary>
    /// <param name="condition">What comes before the text.</param>
    /// <param name="value">The text.</param>
    /// <param name="end">What comes after it.</param>
    public Conditions Add(string condition, string value, string end = "") => Add(condition + Values.Add(value) + end);

    /// <summary>The statement, bound.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="select">The query without conditions.</param>
    /// <param name="end">What follows the conditions.</param>
    public StoreStatement Prepare(StoreConnection connection, string select, string end) =>
        Values.Bind(connection.Prepare(select + _sql + end));

    /// <summary>
    /// The end of a query that gives so many rows at most. The number is part of the text, since SQLite prepares a statement anew each time that a
    /// limit is bound.
    /// </summary>
    public static string AtMost(int rows) => string.Create(CultureInfo.InvariantCulture, $" LIMIT {rows}");

    /// <inheritdoc/>
    public override string ToString() => _sql.ToString();
}
