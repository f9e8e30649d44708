namespace CommunicationsCredits;

/// <summary>What a rate sheet prices.</summary>
public enum CreditRateService : long
{
    /// <summary>Calls out, by their destination.</summary>
    Outbound = 0,

    /// <summary>Calls in to a toll-free number, by the number dialled.</summary>
    TollFreeInbound = 1,
}

/// <summary>How a cost between two steps is rounded (G5).</summary>
public enum CreditRounding : long
{
    /// <summary>To the nearest step; half goes up.</summary>
    HalfUp = 0,

    /// <summary>To the nearest step; half goes to the even one.</summary>
    HalfEven = 1,

    /// <summary>To the next step up.</summary>
    Up = 2,

    /// <summary>To the next step down.</summary>
    Down = 3,
}

/// <summary>A rate sheet: one version of a named rate list (G2).</summary>
public sealed class CreditRateSheet : CreditResult
{
    /// <summary>The name; sheets of one name, service and currency are versions of one another.</summary>
    public required string Name { get; init; }

    /// <summary>What it prices.</summary>
    public required CreditRateService Service { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>From when it replaces the older version, whole.</summary>
    public required DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>How many prefixes it has.</summary>
    public required int RateCount { get; init; }

    /// <summary>The seconds that any connected call is billed at least (G3).</summary>
    public required int InitialIncrement { get; init; }

    /// <summary>The seconds by which a longer call is billed (G3).</summary>
    public required int Increment { get; init; }

    /// <summary>The fee for connecting a call (G4).</summary>
    public required decimal ConnectionFee { get; init; }

    /// <summary>The decimals a cost is rounded to, 0–6 (G5).</summary>
    public required int Decimals { get; init; }

    /// <summary>How a cost is rounded (G5).</summary>
    public required CreditRounding Rounding { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => Name;
}

/// <summary>The rate that covers a number at an instant.</summary>
public sealed class CreditRate : CreditResult
{
    /// <summary>The digits that matched.</summary>
    public required string Prefix { get; init; }

    /// <summary>The destination's name on the rate list, where it has one.</summary>
    public required string? Destination { get; init; }

    /// <summary>The destination's country on the rate list, where it has one.</summary>
    public required string? Country { get; init; }

    /// <summary>The price of a minute.</summary>
    public required decimal PricePerMinute { get; init; }

    /// <summary>The fee for connecting a call.</summary>
    public required decimal ConnectionFee { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The rate sheet's name.</summary>
    public required string Sheet { get; init; }

    /// <summary>From when that version of the sheet is in force.</summary>
    public required DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{Prefix}: {Currency} {PricePerMinute}");
}

/// <summary>What a call would cost.</summary>
public sealed class CreditCallCost : CreditResult
{
    /// <summary>The number, as it was given.</summary>
    public required string Number { get; init; }

    /// <summary>The digits that matched.</summary>
    public required string Prefix { get; init; }

    /// <summary>The destination's name on the rate list, where it has one.</summary>
    public required string? Destination { get; init; }

    /// <summary>How long the call is.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The seconds that are billed (G3).</summary>
    public required int BilledSeconds { get; init; }

    /// <summary>The fee for connecting it, which the cost includes.</summary>
    public required decimal ConnectionFee { get; init; }

    /// <summary>What it costs (G4, G5).</summary>
    public required decimal Cost { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{Number}: {Currency} {Cost}");
}
