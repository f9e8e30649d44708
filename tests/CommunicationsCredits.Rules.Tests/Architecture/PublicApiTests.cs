using System.Reflection;
using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Architecture;

/// <summary>
/// What scripts and other programs can see of the contracts, as PublicApi.txt beside this file has it: a name, a type or a number that changes is seen
/// where it is reviewed. With PUBLIC_API_UPDATE=1 the test writes the file instead.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Golden = Path.Combine(
        Shared.Repository, "tests", "CommunicationsCredits.Rules.Tests", "Architecture", "PublicApi.txt");

    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void The_contracts_are_those_of_the_golden_file()
    {
        var api = string.Join('\n', Lines(typeof(CreditException).Assembly)) + "\n";
        if (Environment.GetEnvironmentVariable("PUBLIC_API_UPDATE") == "1")
            File.WriteAllText(Golden, api);
        Assert.Equal(File.ReadAllLines(Golden), api.TrimEnd('\n').Split('\n'));
    }

    private static IEnumerable<string> Lines(Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{Kind(type)} {type.FullName}{Bases(type)}";
            if (type.IsEnum)
            {
                foreach (var value in Enum.GetValues(type))
                    yield return $"  {value} = {Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)}";
                continue;
            }

            foreach (var line in Members(type).Order(StringComparer.Ordinal))
                yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var isRecord = type.GetMethod("<Clone>$") is not null;
        foreach (var constructor in type.GetConstructors(Declared))
            yield return $"new({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared))
            yield return $"{(field.IsLiteral ? "const" : field.IsStatic ? "static field" : "field")} {Text(Nullability.Create(field))} {field.Name}";
        foreach (var property in type.GetProperties(Declared))
        {
            var isRequired = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
            var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
            var setter = property.SetMethod is not { IsPublic: true } ? "" : isInit ? " init;" : " set;";
            yield return $"{isRequired}{Static(property.GetMethod!)}{Text(Nullability.Create(property))} {property.Name} {{ get;{setter} }}";
        }

        foreach (var method in type.GetMethods(Declared))
        {
            // What the compiler writes for a record or a property says nothing of its own.
            if (method.IsDefined(typeof(CompilerGeneratedAttribute)) || (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
                || (isRecord && method.Name is "<Clone>$" or "Deconstruct"))
            {
                continue;
            }

            yield return $"{Static(method)}{Text(Nullability.Create(method.ReturnParameter))} {method.Name}({Parameters(method)})";
        }
    }

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
        : type.GetMethod("<Clone>$") is not null ? "record" : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsValueType || type.BaseType is null || type.BaseType == typeof(object))
            return "";
        return $" : {Name(type.BaseType)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Text(Nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? " = …" : "")}"));

    private static string Text(NullabilityInfo info)
    {
        var name = info.ElementType is { } element ? $"{Text(element)}[]"
            : info.Type.IsGenericType && info.GenericTypeArguments.Length > 0 && Nullable.GetUnderlyingType(info.Type) is null
                ? $"{Name(info.Type).Split('<')[0]}<{string.Join(", ", info.GenericTypeArguments.Select(Text))}>"
                : Name(info.Type);
        return !info.Type.IsValueType && info.ReadState == NullabilityState.Nullable ? $"{name}?" : name;
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Name(underlying)}?";
        if (type.IsGenericType)
            return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
        return type.Name;
    }
}
