namespace CommunicationsCredits.Ledger.Storage;

/// <summary>What an INSERT ends with that replaces the row of the same key.</summary>
internal static class Upsert
{
    private const string Separator = ", ";

    /// <summary>The end of such a statement.</summary>
    /// <param name="key">The columns of the primary key.</param>
    /// <param name="columns">The columns to replace; those of the key are left as they are.</param>
    public static string Of(string key, string columns)
    {
        var keys = key.Split(Separator);
        return $"ON CONFLICT ({key}) DO UPDATE SET "
            + string.Join(Separator, columns.Split(Separator).Except(keys).Select(column => $"{column} = excluded.{column}"));
    }
}
