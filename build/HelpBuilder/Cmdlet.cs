namespace HelpBuilder;

/// <summary>What the built module says of a cmdlet.</summary>
internal sealed record Cmdlet
{
    public required string Verb { get; init; }

    public required string Noun { get; init; }

    public string Name => $"{Verb}-{Noun}";

    /// <summary>The parameters, as they are declared, those that PowerShell adds at the end.</summary>
    public required IReadOnlyList<CmdletParameter> Parameters { get; init; }

    /// <summary>The parameter sets, the default one first; one without a name where there are none.</summary>
    public required IReadOnlyList<string> ParameterSets { get; init; }

    /// <summary>The full names of the types it writes.</summary>
    public required IReadOnlyList<string> OutputTypes { get; init; }
}

/// <summary>A parameter of a cmdlet.</summary>
internal sealed record CmdletParameter
{
    public required string Name { get; init; }

    /// <summary>The type as a user has it: what a parameter is read from, not what the module makes of it.</summary>
    public required string TypeName { get; init; }

    public bool IsSwitch => TypeName == "SwitchParameter";

    public required bool IsArray { get; init; }

    public required bool TakesWildcards { get; init; }

    /// <summary>The values of an enum; empty of any other type.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>What it is in each parameter set; under the empty name, in all of them.</summary>
    public required IReadOnlyDictionary<string, ParameterUse> Uses { get; init; }

    /// <summary>What to say of a parameter that PowerShell itself adds; else the page says it.</summary>
    public string? StandardText { get; init; }

    /// <summary>What it is in a parameter set, or null where it does not belong to it.</summary>
    public ParameterUse? In(string set) => Uses.GetValueOrDefault(set) ?? Uses.GetValueOrDefault(string.Empty);
}

/// <summary>What a parameter is in a parameter set.</summary>
/// <param name="IsMandatory">Whether it has to be given.</param>
/// <param name="Position">Its position, or null where it is named.</param>
/// <param name="ByValue">Whether it takes what comes on the pipeline.</param>
/// <param name="ByName">Whether it takes the property of its name of what comes on the pipeline.</param>
internal sealed record ParameterUse(bool IsMandatory, int? Position, bool ByValue, bool ByName)
{
    /// <summary>As Get-Help says it.</summary>
    public string Pipeline => (ByValue, ByName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}
