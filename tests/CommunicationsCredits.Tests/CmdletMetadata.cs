using System.Management.Automation;
using System.Reflection;
using CommunicationsCredits.Commands;

namespace CommunicationsCredits.Tests;

/// <summary>
/// What the assembly says of its cmdlets. The attributes are read as data: the reference assembly's own bodies do nothing.
/// </summary>
internal sealed class CmdletMetadata
{
    private CmdletMetadata(Type type)
    {
        var cmdlet = Data<CmdletAttribute>(type).Single();
        Verb = (string)cmdlet.ConstructorArguments[0].Value!;
        Name = $"{Verb}-{cmdlet.ConstructorArguments[1].Value}";
        HasHighImpact = Named(cmdlet, nameof(CmdletAttribute.ConfirmImpact)) is (int)ConfirmImpact.High;
        SupportsShouldProcess = Named(cmdlet, nameof(CmdletAttribute.SupportsShouldProcess)) is true;
        Parameters = [.. type.GetProperties().Where(property => Data<ParameterAttribute>(property).Any())];
        Outputs =
        [
            .. Data<OutputTypeAttribute>(type).SelectMany(output => output.ConstructorArguments)
                .SelectMany(argument => argument.Value as IEnumerable<CustomAttributeTypedArgument> ?? [argument])
                .Select(argument => argument.Value).OfType<Type>(),
        ];
    }

    /// <summary>The cmdlets of the assembly, by name.</summary>
    public static IReadOnlyList<CmdletMetadata> All { get; } =
    [
        .. typeof(LedgerCommandBase).Assembly.GetExportedTypes().Where(type => Data<CmdletAttribute>(type).Any())
            .Select(type => new CmdletMetadata(type)).OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    public string Verb { get; }

    public string Name { get; }

    public bool HasHighImpact { get; }

    public bool SupportsShouldProcess { get; }

    public IReadOnlyList<PropertyInfo> Parameters { get; }

    public IReadOnlyList<Type> Outputs { get; }

    /// <summary>The other names of a parameter.</summary>
    public static IEnumerable<string> Aliases(PropertyInfo parameter) => Data<AliasAttribute>(parameter)
        .SelectMany(alias => alias.ConstructorArguments)
        .SelectMany(argument => (IEnumerable<CustomAttributeTypedArgument>)argument.Value!)
        .Select(argument => (string)argument.Value!);

    /// <summary>Whether a parameter is bound by a property of what is on the pipeline.</summary>
    public static bool BindsByPropertyName(PropertyInfo parameter) => Data<ParameterAttribute>(parameter)
        .Any(attribute => Named(attribute, nameof(ParameterAttribute.ValueFromPipelineByPropertyName)) is true);

    private static IEnumerable<CustomAttributeData> Data<T>(MemberInfo member) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(T));

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;
}
