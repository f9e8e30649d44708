namespace HelpBuilder;

/// <summary>The parameters that PowerShell itself gives a cmdlet.</summary>
internal static class StandardParameters
{
    public static readonly IReadOnlyList<CmdletParameter> Paging =
    [
        Of("First", "UInt64", "Gets so many at most."),
        Of("Skip", "UInt64", "Passes over so many before the first one it gets."),
        Of("IncludeTotalCount", "SwitchParameter", "Writes first how many there are in all, whatever -First and -Skip take of them; of tenants "
            + "that come on the pipeline, at the end."),
    ];

    public static readonly IReadOnlyList<CmdletParameter> ShouldProcess =
    [
        Of("WhatIf", "SwitchParameter", "Says what the command would do, and keeps nothing of it.", "wi"),
        Of("Confirm", "SwitchParameter", "Asks before each change.", "cf"),
    ];

    private static CmdletParameter Of(string name, string type, string text, params string[] aliases) => new()
    {
        Name = name,
        TypeName = type,
        IsArray = false,
        TakesWildcards = false,
        Values = [],
        Aliases = aliases,
        Uses = new Dictionary<string, ParameterUse> { [string.Empty] = new(false, null, false, false) },
        StandardText = text,
    };
}
