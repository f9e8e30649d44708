using System.Globalization;
using System.Text.RegularExpressions;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>
/// Warnings about imports: the first of a kind is said as it is, and of the same one about other files and tenants their names, once, at the
/// end. Fifty tenants' calls that wait for a rate are no fifty warnings.
/// </summary>
internal sealed partial class RepeatedWarnings
{
    private const int MostNames = 20;

    private readonly Dictionary<string, (string First, HashSet<string> Others)> _said = new(StringComparer.Ordinal);

    /// <summary>The warning, where it is to be said now; null where it was said before about another one.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="name">The tenant's name.</param>
    /// <param name="message">The warning.</param>
    public string? Say(string tenant, string name, string message)
    {
        // What differs between tenants and files is their names and the numbers.
        var kind = message.Replace($"{name} ({tenant})", string.Empty, StringComparison.Ordinal).Replace(tenant, string.Empty, StringComparison.OrdinalIgnoreCase);
        var source = kind.IndexOf(": ", StringComparison.Ordinal);
        kind = Numbers().Replace(source < 0 ? kind : kind[source..], "#");
        if (!_said.TryGetValue(kind, out var said))
        {
            _said.Add(kind, (message, []));
            return message;
        }

        said.Others.Add(tenant);
        return null;
    }

    /// <summary>What was not said of each tenant.</summary>
    /// <param name="nameOf">A tenant's name.</param>
    public IEnumerable<string> Rest(Func<string, string> nameOf)
    {
        foreach (var (first, others) in _said.Values.Where(said => said.Others.Count > 0))
        {
            var names = string.Join(", ", others.Take(MostNames).Select(nameOf)) + (others.Count > MostNames ? ", …" : string.Empty);
            yield return string.Create(CultureInfo.InvariantCulture, $"The same is true of more imports ({others.Count}: {names}): {first}");
        }
    }

    [GeneratedRegex(@"\d[\d,.]*", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
