using System.Management.Automation;
using CommunicationsCredits.Binding;

namespace CommunicationsCredits.Commands;

/// <summary>The things of tenants that are asked for by one parameter: by their ids, by wildcards, or by an object that is one.</summary>
/// <param name="ids">The ids, each of which may have wildcards; null or blank for all.</param>
/// <param name="thing">The object that asked; it goes before the ids.</param>
internal sealed class AskedIds(string[]? ids, TypedObject? thing)
{
    private readonly string[]? _ids = thing is not null
        ? [thing.TextOf(thing.Key!) ?? string.Empty]
        : ids is null || ids.All(string.IsNullOrWhiteSpace) ? null : ids;

    // An object's id is what it is; a text may be a pattern.
    private readonly bool _isLiteral = thing is not null;

    /// <summary>The ids, where each is one, to be looked up; null where all are asked for, or by wildcards.</summary>
    public IReadOnlyCollection<string>? Exact => HasWildcards ? null : _ids;

    /// <summary>The ids, taken as they stand; null where all are asked for.</summary>
    public IReadOnlyCollection<string>? Literal => _ids;

    /// <summary>Whether what is read has to be looked through.</summary>
    public bool HasWildcards => !_isLiteral && _ids?.Any(NamePattern.IsPattern) == true;

    /// <summary>Whether a thing is asked for; for wildcards.</summary>
    public bool Has(string id) => !HasWildcards || NamePattern.Matches(_ids, id);
}
