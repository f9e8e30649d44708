using System.Globalization;
using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>Copies all that is in a ledger to another one, of whatever kind: row by row as it is, so that every hash stays what it was.</summary>
internal static class LedgerCopy
{
    /// <summary>Puts the rows of a ledger in the place of all that is in another one. The caller ends the transaction.</summary>
    /// <param name="from">The state that is copied.</param>
    /// <param name="to">The connection that writes, in a transaction that nobody else writes beside.</param>
    /// <exception cref="CreditException">An error of either ledger.</exception>
    public static void Replace(LedgerSnapshot from, StoreConnection to)
    {
        var tables = from.Connection.Tables();
        var targets = to.Tables();
        foreach (var target in targets)
            to.Execute($"DELETE FROM {target.Name}");
        foreach (var table in tables)
        {
            var target = targets.FirstOrDefault(target => target.Name == table.Name);
            if (target is null || !target.Columns.SequenceEqual(table.Columns, StringComparer.Ordinal))
                throw new InvalidOperationException($"The two stores have different tables '{table.Name}'.");
            using var rows = from.Connection.Prepare(from.Connection.RowsOf(table));
            to.Insert(table, rows);
        }

        // It is the target's own, whatever the other store counts.
        to.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE ledger SET schema_version = {LedgerStore.NewestSchema}"));
        to.Replaced();
    }
}
