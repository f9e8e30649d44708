using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Rates.Operations;

/// <summary>
/// The rates of a session, by currency: they change seldom, and are asked for call by call. A book is kept while the ledger's rates have
/// the version it was made of; any number of threads may ask at once.
/// </summary>
internal sealed class RateBooks
{
    private readonly object _lock = new();
    private readonly Dictionary<string, RateBook> _books = new(StringComparer.Ordinal);

    /// <summary>The rates of a currency as they are now.</summary>
    /// <param name="store">Where they are asked for.</param>
    /// <param name="currency">The currency, ISO 4217.</param>
    public RateBook Book(ILedgerFacts store, string currency)
    {
        var version = store.LedgerHead().RateVersion;
        lock (_lock)
        {
            if (_books.TryGetValue(currency, out var known) && known.Version == version)
                return known;
        }

        var sheets = RateSheet.InForce(store.LoadSheets()).Where(sheet => sheet.Currency == currency).ToList();
        var prefixes = sheets.ToDictionary(sheet => sheet.Number, store.LoadPrefixes);
        var book = new RateBook(version, sheets, sheet => prefixes[sheet.Number]);
        lock (_lock)
            return _books[currency] = book;
    }
}
