using System.Globalization;

namespace CommunicationsCredits.Ledger.Time;

/// <summary>A calendar month UTC.</summary>
/// <param name="Index">The months since January of the year 0.</param>
internal readonly record struct Month(int Index) : IComparable<Month>
{
    /// <summary>The month of an instant.</summary>
    public static Month Of(Instant instant)
    {
        var date = new DateTime(instant.Ticks, DateTimeKind.Utc);
        return new((date.Year * 12) + date.Month - 1);
    }

    /// <summary>The first month that instants can be in.</summary>
    public static Month First => new(12);

    /// <summary>The last month that instants can be in.</summary>
    public static Month Last => new((9999 * 12) + 11);

    /// <summary>Where the month begins.</summary>
    public Instant Start => new(new DateTime(Index / 12, (Index % 12) + 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);

    /// <summary>The month after it.</summary>
    public Month Next => new(Index + 1);

    /// <summary>The month before it.</summary>
    public Month Previous => new(Index - 1);

    public static bool operator <(Month left, Month right) => left.Index < right.Index;

    public static bool operator >(Month left, Month right) => left.Index > right.Index;

    public static bool operator <=(Month left, Month right) => left.Index <= right.Index;

    public static bool operator >=(Month left, Month right) => left.Index >= right.Index;

    /// <summary>Reads yyyy-MM.</summary>
    /// <exception cref="CreditException"><c>InvalidInstant</c>.</exception>
    public static Month Parse(string? text) =>
        DateTime.TryParseExact(text?.Trim(), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year < 9999
            ? new((date.Year * 12) + date.Month - 1)
            : throw LedgerErrors.InvalidMonth(text);

    /// <inheritdoc/>
    public int CompareTo(Month other) => Index.CompareTo(other.Index);

    /// <summary>The month as yyyy-MM.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index / 12:0000}-{(Index % 12) + 1:00}");
}
