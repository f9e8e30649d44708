using System.Globalization;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>Contracts are plain classes, so that PowerShell shows nothing of them but what they say: tests copy and compare them here.</summary>
internal static class ContractValues
{
    /// <summary>A copy with other values.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="changes">An object whose properties are the changes.</param>
    public static T With<T>(this T source, object changes)
        where T : class
    {
        var copy = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            var change = changes.GetType().GetProperty(property.Name);
            property.SetValue(copy, change is null ? property.GetValue(source) : change.GetValue(changes));
        }

        return copy;
    }

    /// <summary>All that it says, in one line.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="except">The properties that are left out.</param>
    public static string Values(this object contract, params string[] except) => string.Join(
        "; ",
        contract.GetType().GetProperties().Where(property => !except.Contains(property.Name))
            .Select(property => string.Create(CultureInfo.InvariantCulture, $"{property.Name} {Text(property.GetValue(contract))}")));

    private static object? Text(object? value) => value is System.Collections.IEnumerable list and not string
        ? string.Join(", ", list.Cast<object>().Select(one => one.GetType().Namespace == nameof(CommunicationsCredits) ? one.Values() : one))
        : value;
}
