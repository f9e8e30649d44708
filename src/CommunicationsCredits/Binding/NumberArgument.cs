using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>
/// A telephone number as a parameter takes it: text or a number, or a call, whose number that was dialled it is. PowerShell finds no way from
/// any other object to it, and so goes on to the object's properties.
/// </summary>
public sealed class NumberArgument
{
    private NumberArgument(string text, TypedObject? source = null) => (Text, Source) = (text, source);

    /// <summary>The number.</summary>
    internal string Text { get; }

    /// <summary>The result whose number it is, or null.</summary>
    internal TypedObject? Source { get; }

    /// <summary>What was typed where PowerShell asked for a number.</summary>
    public static NumberArgument Parse(string text) => TryFrom(text)!;

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The number that a value is, or null where it is not one.</summary>
    internal static NumberArgument? TryFrom(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => new(string.Empty),
        NumberArgument number => number,
        string text => new(text),
        byte or short or ushort or int or uint or long or ulong or decimal or float or double => new(NumberText.Of(value!)),
        _ => TypedObject.From(value) is { } source ? new(source.TextOf("Callee") ?? string.Empty, source) : null,
    };
}

/// <summary>Converts what can be a number, and leaves everything else for the binder to look for properties.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumberTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (NumberArgument.TryFrom(inputData) is { } number)
            return new[] { number };
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not System.Collections.IList list)
            return inputData;
        var numbers = new NumberArgument[list.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (NumberArgument.TryFrom(list[i]) is not { } element)
                return inputData;
            numbers[i] = element;
        }

        return numbers;
    }
}
