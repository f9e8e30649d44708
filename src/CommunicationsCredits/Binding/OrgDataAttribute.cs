using System.Collections;
using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>Takes the cost centre out of what <c>Get-MgUser</c> has in EmployeeOrgData; a text is one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OrgDataAttribute : ArgumentTransformationAttribute
{
    private const string CostCenter = "CostCenter";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => null,
            string text => string.IsNullOrWhiteSpace(text) ? null : text,
            IDictionary pairs => PropertyText.Of(pairs.Keys.Cast<object>()
                .Where(key => CostCenter.Equals(key as string, StringComparison.OrdinalIgnoreCase)).Select(key => pairs[key]).FirstOrDefault()),
            ValueType number => PropertyText.Of(number),
            _ => PropertyText.Of(PSObject.AsPSObject(inputData).Properties[CostCenter]),
        };
}
