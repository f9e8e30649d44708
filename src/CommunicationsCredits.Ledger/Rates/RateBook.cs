using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>
/// The rates of one currency in memory, to find the longest prefix in force at a call's start (G2). Immutable once loaded; which
/// sheets are in force changes only at their dates, so each stretch between two dates has one digit tree, built when first asked.
/// Any number of threads may ask at once.
/// </summary>
internal sealed class RateBook
{
    private readonly ServiceRates _outbound;
    private readonly ServiceRates _tollFree;

    /// <summary>Creates a book.</summary>
    /// <param name="version">The ledger's rate version it was loaded at.</param>
    /// <param name="sheets">The sheets of the currency.</param>
    /// <param name="load">Loads the prefixes of a sheet.</param>
    public RateBook(long version, IReadOnlyList<RateSheet> sheets, Func<RateSheet, IReadOnlyList<RatedPrefix>> load)
    {
        Version = version;
        _outbound = new(sheets, CreditRateService.Outbound, load);
        _tollFree = new(sheets, CreditRateService.TollFreeInbound, load);
    }

    /// <summary>The ledger's rate version the book was loaded at; with another version it is out of date.</summary>
    public long Version { get; }

    /// <summary>From when on there are toll-free rates, or null where there are none.</summary>
    public Instant? TollFreeFrom => _tollFree.Starts.Count == 0 ? null : _tollFree.Starts[0];

    /// <summary>The rate of the longest prefix in force, or null.</summary>
    /// <param name="service">Which sheets to look on.</param>
    /// <param name="number">The number; a short code, and what is no number, matches nothing (G1).</param>
    /// <param name="at">The call's start.</param>
    public RatedPrefix? Find(CreditRateService service, in NumberDigits number, Instant at)
    {
        return number.IsNumber ? Of(service).At(at)?.Find(number.Digits) : null;
    }

    /// <summary>The first instant after another from which a rate covers a number, or null: what helps a call without one (G7).</summary>
    /// <param name="service">Which sheets to look on.</param>
    /// <param name="number">The number.</param>
    /// <param name="after">The call's start.</param>
    public Instant? NextFrom(CreditRateService service, in NumberDigits number, Instant after)
    {
        if (!number.IsNumber)
            return null;
        var rates = Of(service);
        foreach (var start in rates.Starts)
        {
            if (start > after && rates.At(start)!.Find(number.Digits) is not null)
                return start;
        }

        return null;
    }

    private ServiceRates Of(CreditRateService service) => service == CreditRateService.Outbound ? _outbound : _tollFree;

    private sealed class ServiceRates
    {
        private readonly IReadOnlyList<RateSheet> _sheets;
        private readonly Func<RateSheet, IReadOnlyList<RatedPrefix>> _load;
        private readonly Dictionary<long, IReadOnlyList<RatedPrefix>> _loaded = [];
        private readonly Instant[] _starts;
        private readonly PrefixTree?[] _trees;

        public ServiceRates(
            IReadOnlyList<RateSheet> sheets, CreditRateService service, Func<RateSheet, IReadOnlyList<RatedPrefix>> load)
        {
            _sheets = [.. sheets.Where(sheet => sheet.Service == service)];
            _load = load;
            _starts = [.. _sheets.Select(sheet => sheet.EffectiveFrom).Distinct().Order()];
            _trees = new PrefixTree?[_starts.Length];
        }

        /// <summary>The instants at which what is in force changes, in their order.</summary>
        public IReadOnlyList<Instant> Starts => _starts;

        public PrefixTree? At(Instant at)
        {
            var stretch = Array.BinarySearch(_starts, at);
            if (stretch < 0)
                stretch = ~stretch - 1;
            if (stretch < 0)
                return null;
            if (Volatile.Read(ref _trees[stretch]) is { } built)
                return built;
            lock (_loaded)
            {
                if (_trees[stretch] is null)
                    Volatile.Write(ref _trees[stretch], Build(_starts[stretch]));
                return _trees[stretch];
            }
        }

        private PrefixTree Build(Instant at)
        {
            var tree = new PrefixTree();
            foreach (var versions in _sheets.Where(sheet => sheet.EffectiveFrom <= at).GroupBy(sheet => sheet.NameKey))
            {
                var sheet = versions.MaxBy(version => version.EffectiveFrom)!;
                if (!_loaded.TryGetValue(sheet.Number, out var prefixes))
                    _loaded.Add(sheet.Number, prefixes = _load(sheet));
                foreach (var prefix in prefixes)
                    tree.Add(prefix);
            }

            return tree;
        }
    }

    /// <summary>A digit tree: ten children a node, in one array.</summary>
    private sealed class PrefixTree
    {
        private readonly List<RatedPrefix?> _rates = [null];
        private int[] _children = new int[10 * 256];

        public void Add(RatedPrefix rate)
        {
            var node = 0;
            foreach (var digit in rate.Prefix)
            {
                var slot = (node * 10) + (digit - '0');
                if (_children[slot] == 0)
                {
                    _children[slot] = _rates.Count;
                    _rates.Add(null);
                    if (_rates.Count * 10 > _children.Length)
                        Array.Resize(ref _children, _children.Length * 2);
                }

                node = _children[slot];
            }

            _rates[node] = rate;
        }

        public RatedPrefix? Find(ReadOnlySpan<byte> digits)
        {
            RatedPrefix? found = null;
            var node = 0;
            foreach (var digit in digits)
            {
                node = _children[(node * 10) + digit];
                if (node == 0)
                    break;
                found = _rates[node] ?? found;
            }

            return found;
        }
    }
}
