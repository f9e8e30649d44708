using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>Takes a switch from a property or a cell of a CSV: <c>True</c>, <c>False</c>; an empty one is not set.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FlagTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text when bool.TryParse(text, out var flag) => new SwitchParameter(flag),
            string text when string.IsNullOrWhiteSpace(text) => new SwitchParameter(false),
            bool flag => new SwitchParameter(flag),
            _ => inputData,
        };
}

/// <summary>Takes countries from a list, or from one text with semicolons as Export-Csv writes a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CountryListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text
            ? text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : inputData;
}
