using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Rates.Operations;

/// <summary>What the rates of a ledger say.</summary>
public sealed class RateService
{
    private readonly ILedgerReader _reader;
    private readonly ILedgerStore _store;
    private readonly RateBooks _books;
    private readonly TimeProvider _clock;

    internal RateService(ILedgerReader reader, ILedgerStore store, RateBooks books, TimeProvider clock)
    {
        _reader = reader;
        _store = store;
        _books = books;
        _clock = clock;
    }

    /// <summary>The rate sheets, by name, service and date.</summary>
    /// <param name="includeReplaced">Whether revisions are wanted too that a newer one replaced (G2).</param>
    public IReadOnlyList<CreditRateSheet> GetRateSheets(bool includeReplaced = false)
    {
        using var snapshot = _reader.BeginRead();
        var sheets = snapshot.Rates.Sheets();
        return [.. (includeReplaced ? sheets : RateSheet.InForce(sheets)).Select(sheet => sheet.ToContract())];
    }

    /// <summary>The rate that covers a number at an instant, or null.</summary>
    /// <param name="number">The number.</param>
    /// <param name="service">Which sheets to look on.</param>
    /// <param name="currency">The currency, ISO 4217.</param>
    /// <param name="at">The instant; now where nothing is given.</param>
    /// <exception cref="CreditException"><c>InvalidNumber</c>, <c>InvalidCurrency</c>.</exception>
    public CreditRate? FindRate(string number, CreditRateService service, string currency, DateTimeOffset? at) =>
        FindPrefix(number, service, Currency.Parse(currency), Instant.From(at) ?? Instant.Now(_clock))?.ToContract();

    /// <summary>What a call would cost.</summary>
    /// <param name="number">The number.</param>
    /// <param name="duration">How long it is; parts of a second count as a second.</param>
    /// <param name="service">Which sheets to look on.</param>
    /// <param name="currency">The currency, ISO 4217.</param>
    /// <param name="at">The instant; now where nothing is given.</param>
    /// <exception cref="CreditException"><c>NoRate</c>, <c>InvalidNumber</c>, <c>InvalidCurrency</c>.</exception>
    public CreditCallCost MeasureCall(
        string number, TimeSpan duration, CreditRateService service, string currency, DateTimeOffset? at)
    {
        var code = Currency.Parse(currency);
        var instant = Instant.From(at) ?? Instant.Now(_clock);
        var rate = FindPrefix(number, service, code, instant) ?? throw LedgerErrors.NoRate(number, service, code, instant);
        if (duration < TimeSpan.Zero || duration.TotalSeconds > UsageFieldParser.MaximumDuration)
            throw LedgerErrors.InvalidAmount($"A call of {duration} cannot be measured: it lasts 0 to 99,999,999 seconds.", number);
        var seconds = Rater.BilledSeconds((int)Math.Ceiling(duration.TotalSeconds), rate);
        return new()
        {
            Number = number,
            Prefix = rate.Prefix,
            Destination = rate.Destination,
            Duration = duration,
            BilledSeconds = seconds,
            ConnectionFee = seconds == 0 ? 0 : rate.ConnectionFee.ToDecimal(),
            Cost = Rater.Cost(rate, seconds).ToDecimal(),
            Currency = code,
        };
    }

    /// <summary>The rates of a currency as they are now.</summary>
    internal RateBook BookOf(string currency)
    {
        using var facts = _store.BeginFacts();
        return _books.Book(facts, currency);
    }

    private RatedPrefix? FindPrefix(string number, CreditRateService service, string currency, Instant at)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var digits = NumberDigits.Read(Encoding.UTF8.GetBytes(number), buffer);
        if (digits.Kind is NumberKind.NoNumber or NumberKind.None)
            throw RateErrors.InvalidNumber(number);
        return BookOf(currency).Find(service, digits, at);
    }
}
