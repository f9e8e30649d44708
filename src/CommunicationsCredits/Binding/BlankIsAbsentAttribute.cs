using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>
/// Takes an empty cell of a CSV as if it were not there: PowerShell would make 0, or the first value of an enum, of it. Another
/// noun's status is not there either: a call's is never a tenant's.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlankIsAbsentAttribute : ArgumentTransformationAttribute
{
    /// <summary>The enum that is meant, where it is one.</summary>
    public Type? Enum { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text when string.IsNullOrWhiteSpace(text) => null,
            Enum value when Enum is not null && value.GetType() != Enum => null,
            _ => inputData,
        };
}
