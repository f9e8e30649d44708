using System.Globalization;

namespace CommunicationsCredits.Commands;

/// <summary>A warning about tenants that is said once, with the names of all that it is about.</summary>
internal sealed class TenantWarning
{
    private const int MostNames = 20;

    private readonly List<string> _names = [];
    private string? _first;

    /// <summary>Notes a tenant.</summary>
    /// <param name="name">The tenant's name.</param>
    /// <param name="message">The warning, where it is about this tenant alone.</param>
    public void Add(string name, string message)
    {
        _first ??= message;
        _names.Add(name);
    }

    /// <summary>What is to be said, or null where there is nothing.</summary>
    /// <param name="many">The warning about several, which their names follow.</param>
    public string? Text(string many) => _names.Count switch
    {
        0 => null,
        1 => _first,
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{many} ({_names.Count}): {string.Join(", ", _names.Take(MostNames))}{(_names.Count > MostNames ? ", …" : string.Empty)}."),
    };
}
