using System.Globalization;
using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>The text of an object's property, the same in every culture and time zone.</summary>
internal static class PropertyText
{
    private const string InstantFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    /// <summary>The text of a value; null without one.</summary>
    public static string? Of(object? value) => value switch
    {
        null => null,
        string text => text,
        PSObject wrapped => Of(wrapped.BaseObject),
        DateTimeOffset instant => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture),
        DateTime instant => (instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : instant)
            .ToString(InstantFormat, CultureInfo.InvariantCulture),
        TimeSpan duration => (duration.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture),
        DBNull => null,
        _ => NumberText.Of(value),
    };

    /// <summary>The text of a property, or null where it has no value or cannot be read.</summary>
    public static string? Of(PSPropertyInfo? property)
    {
        try
        {
            return Of(property?.Value);
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
