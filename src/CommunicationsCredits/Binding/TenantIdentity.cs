using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>
/// A tenant's id or name as a parameter takes it. It can be made of text, a GUID, a number, or a result of the module's own: PowerShell
/// finds no way from any other object to it, and so goes on to the object's properties.
/// </summary>
public sealed class TenantIdentity
{
    private TenantIdentity(string text, object? pipedNumber = null, TypedObject? source = null) =>
        (Text, PipedNumber, Source) = (text, pipedNumber, source);

    /// <summary>The id or the name; empty where a cell or a property had none.</summary>
    public string Text { get; }

    /// <summary>The number that came wrapped as pipeline objects are; on the pipeline itself, it is no id.</summary>
    internal object? PipedNumber { get; }

    /// <summary>The result whose tenant it is, or null.</summary>
    internal TypedObject? Source { get; }

    /// <summary>The id that was typed where PowerShell asked for one.</summary>
    public static TenantIdentity Parse(string text) => TryFrom(text)!;

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The id that a value is, or null where it is not one.</summary>
    internal static TenantIdentity? TryFrom(object? value)
    {
        var wrapped = value as PSObject;
        return (wrapped is null ? value : wrapped.BaseObject) switch
        {
            null => new(string.Empty),
            TenantIdentity identity => identity,
            string text => new(text.Trim()),
            Guid guid => new(guid.ToString("D")),
            char or byte or sbyte or short or ushort or int or uint or long or ulong or decimal or float or double =>
                new(NumberText.Of(value!), wrapped?.BaseObject),
            _ => TypedObject.From(value) is { } source ? new(source.TenantId, source: source) : null,
        };
    }
}

/// <summary>Converts what can be a tenant's id, and leaves everything else for the binder to look for properties.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TenantIdentityTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter takes one tenant only.</summary>
    public bool IsSingle { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (TenantIdentity.TryFrom(inputData) is { } identity)
            return IsSingle ? identity : new[] { identity };
        if (IsSingle)
            return inputData;
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not System.Collections.IList list)
            return inputData;

        var identities = new TenantIdentity[list.Count];
        for (var i = 0; i < identities.Length; i++)
        {
            if (TenantIdentity.TryFrom(list[i]) is not { } element)
                return inputData;
            identities[i] = element;
        }

        return identities;
    }
}
