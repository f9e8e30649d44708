using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>A page of Graph as an object: what Invoke-MgGraphRequest or Invoke-RestMethod returns.</summary>
internal static class GraphPage
{
    /// <summary>Whether it has records in <c>value</c>, or is the answer of a <c>$batch</c>.</summary>
    public static bool IsPage(PSObject source) => ListOf(source, "value") is not null || ListOf(source, "responses") is not null;

    /// <summary>The records of a page, and those of each page of a batch.</summary>
    /// <param name="source">The page.</param>
    /// <param name="failures">Receives what Graph answered instead of a page.</param>
    public static IEnumerable<PSObject> Records(PSObject source, List<string> failures)
    {
        foreach (var element in ListOf(source, "value") ?? Array.Empty<object>())
        {
            if (element is not null)
                yield return PSObject.AsPSObject(element);
        }

        foreach (var response in Responses(source))
        {
            if (Get(response, "body") is { } body && IsPage(PSObject.AsPSObject(body)))
            {
                foreach (var record in Records(PSObject.AsPSObject(body), failures))
                    yield return record;
            }
            else
            {
                failures.Add($"Graph answered request '{Text(response, "id")}' of the batch with status {Text(response, "status")}"
                    + (Get(response, "body") is { } failed && Get(PSObject.AsPSObject(failed), "error") is { } error
                        ? $" ({Text(PSObject.AsPSObject(error), "code")})" : string.Empty)
                    + ": its calls are missing. Get them again.");
            }
        }
    }

    /// <summary>Whether it says that another page follows.</summary>
    public static bool HasNextLink(PSObject source) =>
        !string.IsNullOrEmpty(Text(source, "@odata.nextLink")) || !string.IsNullOrEmpty(Text(source, "nextLink"))
        || Responses(source).Any(response => Get(response, "body") is { } body && HasNextLink(PSObject.AsPSObject(body)));

    /// <summary>A property's text, or null.</summary>
    public static string? Text(PSObject source, string name) => PropertyText.Of(Get(source, name));

    private static IEnumerable<PSObject> Responses(PSObject source) =>
        (ListOf(source, "responses") ?? Array.Empty<object>()).Cast<object?>().OfType<object>().Select(PSObject.AsPSObject);

    private static IEnumerable? ListOf(PSObject source, string name) => Get(source, name) switch
    {
        PSObject { BaseObject: IEnumerable list and not (string or IDictionary) } => list,
        IEnumerable list and not (string or IDictionary or PSObject) => list,
        _ => null,
    };

    private static object? Get(PSObject source, string name)
    {
        if (source.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return entry.Value;
            }

            return null;
        }

        try
        {
            return source.Properties[name]?.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
