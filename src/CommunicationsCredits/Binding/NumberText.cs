using System.Globalization;
using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>The text of a number: as it was typed where PowerShell remembers that, else its shortest exact one.</summary>
internal static class NumberText
{
    /// <summary>The text of a value of any kind, the same in every culture.</summary>
    public static string Of(object value)
    {
        if (value is not PSObject wrapped)
            return Plain(value);

        // PowerShell keeps the text of a literal such as 1.10 or 1kb beside its value, and shows it by ToString alone.
        var number = wrapped.BaseObject;
        if (number is not IFormattable formattable || number is DateTime or DateTimeOffset or TimeSpan)
            return Plain(number);
        var shown = wrapped.ToString();
        if (shown == formattable.ToString(null, CultureInfo.CurrentCulture))
            return Plain(number);

        // 1.10d is 1.10 said to be a decimal.
        return number is decimal ? shown.TrimEnd('d', 'D') : shown;
    }

    private static string Plain(object value) => value switch
    {
        string text => text,
        double number => Shortest(number, number.ToString("R", CultureInfo.InvariantCulture)),
        float number => Shortest(number, number.ToString("R", CultureInfo.InvariantCulture)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    /// <summary>The shortest text without an exponent, where there is one: 1E-05 is 0.00001.</summary>
    private static string Shortest(double number, string text) =>
        text.Contains('E') && Math.Abs(number) < 1e15
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            ? exact.ToString(CultureInfo.InvariantCulture)
            : text;
}
