using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>A version of a rate list, and how its calls are billed (G2–G5).</summary>
internal sealed record RateSheet
{
    /// <summary>The sheet's number in the ledger.</summary>
    public long Number { get; init; }

    public required string Name { get; init; }

    public required CreditRateService Service { get; init; }

    public required string Currency { get; init; }

    public required Instant EffectiveFrom { get; init; }

    /// <summary>Seconds, above 0.</summary>
    public required int InitialIncrement { get; init; }

    /// <summary>Seconds, above 0.</summary>
    public required int Increment { get; init; }

    public required Amount ConnectionFee { get; init; }

    /// <summary>0 to 6.</summary>
    public required int Decimals { get; init; }

    public required CreditRounding Rounding { get; init; }

    public required int RateCount { get; init; }

    /// <summary>The revision of this version: 1 for the first; only the newest is in force (G2).</summary>
    public int Revision { get; init; } = 1;

    /// <summary>The digest of how its calls are billed and of all its rows (H1b).</summary>
    public byte[] Digest { get; init; } = [];

    /// <summary>Whether another sheet is a revision of the same version.</summary>
    public bool IsSameVersion(RateSheet other) => IsSameSheet(other) && EffectiveFrom == other.EffectiveFrom;

    /// <summary>Whether another is a version of the same sheet.</summary>
    public bool IsSameSheet(RateSheet other) => NameKey == other.NameKey && Service == other.Service && Currency == other.Currency;

    /// <summary>The sheets that are in force at some time: of each version the newest revision (G2).</summary>
    public static IReadOnlyList<RateSheet> InForce(IEnumerable<RateSheet> sheets) =>
    [
        .. sheets.GroupBy(sheet => (sheet.NameKey, sheet.Service, sheet.Currency, sheet.EffectiveFrom))
            .Select(version => version.MaxBy(sheet => sheet.Revision)!),
    ];

    /// <summary>What a name is compared by: case does not tell sheets apart.</summary>
    public string NameKey => Name.ToUpperInvariant();

    /// <summary>The sheet as the border shows it.</summary>
    public CreditRateSheet ToContract() => new()
    {
        Name = Name,
        Service = Service,
        Currency = Currency,
        EffectiveFrom = EffectiveFrom.ToDateTimeOffset(),
        RateCount = RateCount,
        InitialIncrement = InitialIncrement,
        Increment = Increment,
        ConnectionFee = ConnectionFee.ToDecimal(),
        Decimals = Decimals,
        Rounding = Rounding,
    };
}

/// <summary>One prefix of a sheet, and its price.</summary>
/// <param name="Sheet">The sheet it stands on.</param>
/// <param name="Prefix">The digits.</param>
/// <param name="PricePerMinute">The price of a minute.</param>
/// <param name="Destination">The destination's name, where the list has one.</param>
/// <param name="Country">The destination's country, ISO 3166-1 alpha-2, where the list has one.</param>
internal sealed record RatedPrefix(RateSheet Sheet, string Prefix, Amount PricePerMinute, string? Destination, string? Country)
{
    /// <summary>What its row says of its own billing.</summary>
    public RateTerms Terms { get; init; } = RateTerms.None;

    /// <summary>The fee for connecting a call: the row's, else the sheet's.</summary>
    public Amount ConnectionFee => Terms.ConnectionFee ?? Sheet.ConnectionFee;

    /// <summary>The seconds billed at least: the row's, else the sheet's.</summary>
    public int InitialIncrement => Terms.InitialIncrement ?? Sheet.InitialIncrement;

    /// <summary>The seconds by which more is billed: the row's, else the sheet's.</summary>
    public int Increment => Terms.Increment ?? Sheet.Increment;

    /// <summary>The rate as the border shows it.</summary>
    public CreditRate ToContract() => new()
    {
        Prefix = Prefix,
        Destination = Destination,
        Country = Country,
        PricePerMinute = PricePerMinute.ToDecimal(),
        ConnectionFee = ConnectionFee.ToDecimal(),
        Currency = Sheet.Currency,
        Sheet = Sheet.Name,
        EffectiveFrom = Sheet.EffectiveFrom.ToDateTimeOffset(),
    };
}
