using Mono.Cecil;

namespace CommunicationsCredits.Ledger.Tests.Architecture;

/// <summary>
/// Which folder of the engine uses types of which other one, read from the compiled code: signatures, fields, bodies and
/// attributes. Constants and names are copied where they are used, and are not seen.
/// </summary>
internal static class FolderReferences
{
    private const string Root = "CommunicationsCredits.Ledger";

    /// <summary>Each pair of folders, with one pair of types that makes it so.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Of(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        var pairs = new Dictionary<(string, string), string>();
        foreach (var type in module.GetTypes())
        {
            foreach (var used in References(type).SelectMany(Parts).Where(used => used.Scope == module))
            {
                var (from, to) = (Folder(type), Folder(used));
                if (from is not null && to is not null && from != to)
                    pairs.TryAdd((from, to), $"{Outermost(type).Name} uses {Outermost(used).Name}");
            }
        }

        return pairs;
    }

    /// <summary>The folder of a type, by its namespace; null for what the compiler makes for itself.</summary>
    private static string? Folder(TypeReference type)
    {
        var outermost = Outermost(type);
        return outermost.Namespace == Root ? outermost.Name.Split('`')[0]
            : outermost.Namespace.StartsWith(Root + ".", StringComparison.Ordinal) ? outermost.Namespace[(Root.Length + 1)..]
            : null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    private static IEnumerable<TypeReference?> References(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. Attributes(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(OfMethod),
    ];

    private static IEnumerable<TypeReference?> OfMethod(MethodDefinition method) =>
    [
        .. Attributes(method),
        .. Signature(method),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => Operand(instruction.Operand)) : [],
    ];

    private static IEnumerable<TypeReference?> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference called => [called.DeclaringType, .. Signature(called)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Select(attribute => attribute.AttributeType);

    /// <summary>The types that a type is made of: <c>List&lt;Lot[]&gt;</c> is a list and a lot.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };
}
