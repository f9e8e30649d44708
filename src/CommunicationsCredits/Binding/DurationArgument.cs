using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Binding;

/// <summary>A duration as a parameter takes it: seconds, a TimeSpan, or text of either; or kept with its text to be refused.</summary>
public sealed class DurationArgument
{
    private static readonly string[] Formats = ["c", @"h\:mm\:ss", @"h\:mm\:ss\.FFFFFFF"];

    private readonly TimeSpan? _value;
    private readonly string _text;

    private DurationArgument(TimeSpan? value, string text) => (_value, _text) = (value, text);

    /// <summary>The duration.</summary>
    /// <exception cref="CreditException"><c>InvalidAmount</c>.</exception>
    internal TimeSpan Value => _value ?? throw CreditErrors.InvalidDuration(_text);

    /// <summary>What was typed where PowerShell asked for a duration.</summary>
    public static DurationArgument Parse(string text) => From(text);

    /// <summary>Reads whatever a parameter was given.</summary>
    internal static DurationArgument From(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        DurationArgument duration => duration,
        TimeSpan duration => new(duration, string.Empty),
        null => new(null, string.Empty),
        _ => Read(NumberText.Of(value!)),
    };

    private static DurationArgument Read(string text)
    {
        if (Amount.TryParse(text, out var seconds, out _))
            return new(TimeSpan.FromTicks((long)(seconds.ToDecimal() * TimeSpan.TicksPerSecond)), text);

        // 1:30 might be hours or minutes; with all three parts there is no doubt.
        return text.Count(c => c == ':') == 2 && TimeSpan.TryParseExact(text.Trim(), Formats, CultureInfo.InvariantCulture, out var duration)
            ? new(duration, text)
            : new(null, text);
    }
}

/// <summary>Makes a <see cref="DurationArgument"/> of anything; what is no duration is the command's to refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => DurationArgument.From(inputData);
}
