using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Writes the ledger as CSV (RFC 4180, UTF-8): one line an entry, tenant by tenant, in order of sequence.</summary>
internal static class CsvExport
{
    private const string Header =
        "TransactionId,TenantId,Sequence,Kind,Amount,BalanceAfter,Currency,EffectiveAt,PostedAt,Actor,Reference,Description,"
        + "FundsId,Reverses,Hash";

    private const char Quote = '"';

    /// <summary>What makes a spreadsheet take a cell for a formula, full-width forms included, or breaks out of the cell.</summary>
    private const string Dangerous = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    public static void Write(LedgerSnapshot snapshot, IEnumerable<Tenant> tenants, Stream stream, CancellationToken cancellation)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine(Header);
        var line = new StringBuilder();
        foreach (var tenant in tenants)
        {
            foreach (var read in snapshot.Entries.Query(tenant.Number))
            {
                cancellation.ThrowIfCancellationRequested();
                var stored = read.Entry;
                var entry = EntryText.Describe(tenant, read);
                line.Clear();
                Add(line, entry.TransactionId);
                Add(line, entry.TenantId);
                AddOwn(line, entry.Sequence.ToString(CultureInfo.InvariantCulture));
                AddOwn(line, entry.Kind.ToString());
                AddOwn(line, stored.Amount.ToString());
                AddOwn(line, stored.BalanceAfter.ToString());
                AddOwn(line, entry.Currency);
                AddOwn(line, stored.EffectiveAt.ToString());
                AddOwn(line, stored.PostedAt.ToString());
                Add(line, entry.Actor);
                Add(line, entry.Reference);
                Add(line, entry.Description);
                Add(line, stored.Lot is { } lot ? Lot.IdOf(tenant.Id, lot) : null);
                AddOwn(line, stored.Reverses?.ToString(CultureInfo.InvariantCulture));
                AddOwn(line, Convert.ToHexString(read.Hash));
                line.Length--;
                writer.WriteLine(line);
            }
        }
    }

    /// <summary>A text as a cell that no spreadsheet runs.</summary>
    public static string Cell(string text)
    {
        // An apostrophe makes it text; blanks before it would hide what it begins with.
        var begins = text.AsSpan().TrimStart(' ');
        if (!begins.IsEmpty && Dangerous.Contains(begins[0], StringComparison.Ordinal))
            text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"{Quote}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}{Quote}";
    }

    private static void Add(StringBuilder line, string? text) => AddOwn(line, text is null ? null : Cell(text));

    private static void AddOwn(StringBuilder line, string? text) => line.Append(text).Append(',');
}
