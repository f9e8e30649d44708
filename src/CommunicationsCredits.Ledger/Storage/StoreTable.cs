namespace CommunicationsCredits.Ledger.Storage;

/// <summary>A table of a store, as its catalogue has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, by name.</param>
/// <param name="Key">The columns of its primary key, in their order.</param>
internal sealed record StoreTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<string> Key)
{
    /// <summary>Makes tables out of rows of table, column and place in the primary key, or null where the column is not in it.</summary>
    public static IReadOnlyList<StoreTable> Of(IEnumerable<(string Table, string Column, long? KeyPlace)> columns) =>
    [
        .. from column in columns
           group column by column.Table into table
           orderby table.Key
           select new StoreTable(
               table.Key,
               [.. table.Select(column => column.Column).Order(StringComparer.Ordinal)],
               [.. table.Where(column => column.KeyPlace > 0).OrderBy(column => column.KeyPlace).Select(column => column.Column)]),
    ];
}
