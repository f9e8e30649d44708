using System.Management.Automation;
using System.Net;
using System.Security;

namespace CommunicationsCredits.Binding;

/// <summary>Makes a <see cref="SecureString"/> of text, as many commands that get tokens write them; anything else stays as it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is string text ? new NetworkCredential(string.Empty, text).SecurePassword : value;
    }
}
