using System.Globalization;
using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>A month as a parameter takes it: yyyy-MM, or any date in it.</summary>
public sealed class MonthArgument
{
    private const int MonthLength = 7;

    private MonthArgument(string text) => Text = text;

    /// <summary>The month, yyyy-MM; what is not a month is kept for the command to refuse.</summary>
    internal string Text { get; }

    /// <summary>What was typed where PowerShell asked for a month.</summary>
    public static MonthArgument Parse(string text) => From(text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads whatever a parameter was given.</summary>
    internal static MonthArgument From(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        MonthArgument month => month,
        null => new(string.Empty),
        DateTimeOffset or DateTime or DateOnly => OfDate(value!),
        string text when text.Trim().Length > MonthLength => OfDate(text),
        var other => new(NumberText.Of(other).Trim()),
    };

    private static MonthArgument OfDate(object value)
    {
        try
        {
            return new(InstantArgument.From(value).Value.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        }
        catch (CreditException)
        {
            return new(NumberText.Of(value));
        }
    }
}

/// <summary>Makes <see cref="MonthArgument"/>s of anything; what is not a month is the command's to refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MonthTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is System.Collections.IList list
            ? list.Cast<object?>().Select(MonthArgument.From).ToArray()
            : new[] { MonthArgument.From(inputData) };
}
