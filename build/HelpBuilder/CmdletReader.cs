using System.Collections;
using System.Reflection;

namespace HelpBuilder;

/// <summary>Reads cmdlets out of the metadata of a built module, without running any of it.</summary>
internal sealed class CmdletReader : IDisposable
{
    private const string Namespace = "System.Management.Automation.";

    /// <summary>The types that a parameter is converted to, and what they are converted from.</summary>
    private static readonly Dictionary<string, string> AsTyped = new(StringComparer.Ordinal)
    {
        ["TenantIdentity"] = "String",
        ["NumberArgument"] = "String",
        ["MonthArgument"] = "String",
        ["AmountArgument"] = "Decimal",
        ["InstantArgument"] = "DateTimeOffset",
        ["DurationArgument"] = "TimeSpan",
    };

    private readonly MetadataLoadContext _context;
    private readonly Assembly _module;

    private CmdletReader(MetadataLoadContext context, Assembly module) => (_context, _module) = (context, module);

    public static CmdletReader Open(string module, IEnumerable<string> references)
    {
        var context = new MetadataLoadContext(new PathAssemblyResolver(references.Append(module)), "System.Runtime");
        return new(context, context.LoadFromAssemblyPath(module));
    }

    public IEnumerable<Cmdlet> Read()
    {
        foreach (var type in _module.GetExportedTypes())
        {
            if (Attribute(type, "CmdletAttribute") is { } cmdlet)
                yield return Read(type, cmdlet);
        }
    }

    public void Dispose() => _context.Dispose();

    private static Cmdlet Read(Type type, CustomAttributeData cmdlet)
    {
        var parameters = new List<CmdletParameter>();
        for (var declaring = type; declaring is not null && declaring.Assembly == type.Assembly; declaring = declaring.BaseType)
        {
            // What a cmdlet itself declares comes first; what it shares with others follows.
            parameters.AddRange(declaring.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => parameters.TrueForAll(other => other.Name != property.Name))
                .Select(Read).OfType<CmdletParameter>().ToList());
        }

        var byDefault = (string?)Named(cmdlet, "DefaultParameterSetName") ?? string.Empty;
        var sets = parameters.SelectMany(parameter => parameter.Uses.Keys).Where(set => set.Length > 0).Distinct()
            .OrderBy(set => set != byDefault).ToList();
        parameters = [.. parameters.OrderBy(parameter => parameter.Uses.Values.Min(use => use.Position) ?? int.MaxValue)];
        if ((bool?)Named(cmdlet, "SupportsPaging") == true)
            parameters.AddRange(StandardParameters.Paging);
        if ((bool?)Named(cmdlet, "SupportsShouldProcess") == true)
            parameters.AddRange(StandardParameters.ShouldProcess);
        return new()
        {
            Verb = (string)cmdlet.ConstructorArguments[0].Value!,
            Noun = (string)cmdlet.ConstructorArguments[1].Value!,
            Parameters = parameters,
            ParameterSets = sets.Count == 0 ? [string.Empty] : sets,
            OutputTypes = [.. Attributes(type, "OutputTypeAttribute").SelectMany(TypesOf)],
        };
    }

    private static CmdletParameter? Read(PropertyInfo property)
    {
        var uses = Attributes(property, "ParameterAttribute").Where(use => (bool?)Named(use, "DontShow") != true).ToDictionary(
            use => Named(use, "ParameterSetName") is string set && set != "__AllParameterSets" ? set : string.Empty,
            use => new ParameterUse(
                (bool?)Named(use, "Mandatory") == true,
                (int?)Named(use, "Position"),
                (bool?)Named(use, "ValueFromPipeline") == true,
                (bool?)Named(use, "ValueFromPipelineByPropertyName") == true));
        if (uses.Count == 0)
            return null;

        var isArray = property.PropertyType.IsArray;
        var type = isArray ? property.PropertyType.GetElementType()! : property.PropertyType;
        if (type.IsGenericType && type.Name == "Nullable`1")
            type = type.GetGenericArguments()[0];
        return new()
        {
            Name = property.Name,
            TypeName = AsTyped.GetValueOrDefault(type.Name, type.Name),
            IsArray = isArray,
            TakesWildcards = Attribute(property, "SupportsWildcardsAttribute") is not null,
            Values = type.IsEnum ? [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(value => value.Name)] : [],
            Aliases = [.. Attributes(property, "AliasAttribute").SelectMany(alias => Texts(alias.ConstructorArguments[0]))],
            Uses = uses,
        };
    }

    private static IEnumerable<string> TypesOf(CustomAttributeData outputType) =>
        outputType.ConstructorArguments.SelectMany(Flat).OfType<Type>().Select(type => type.FullName!);

    private static IEnumerable<string> Texts(CustomAttributeTypedArgument argument) => Flat(argument).Cast<string>();

    private static IEnumerable<object?> Flat(CustomAttributeTypedArgument argument) => argument.Value is IEnumerable list and not string
        ? list.Cast<CustomAttributeTypedArgument>().Select(element => element.Value)
        : [argument.Value];

    private static CustomAttributeData? Attribute(MemberInfo member, string name) => Attributes(member, name).FirstOrDefault();

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.FullName == Namespace + name);

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;
}
