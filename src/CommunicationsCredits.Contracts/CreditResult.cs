using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace CommunicationsCredits;

/// <summary>
/// What commands answer with: plain values that are set once. Two results are equal where all that they say is. They are no records, since
/// PowerShell would show the methods that come with one.
/// </summary>
public abstract class CreditResult
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    private protected CreditResult()
    {
    }

    /// <summary>Whether two results say the same.</summary>
    /// <param name="left">A result, or null.</param>
    /// <param name="right">A result, or null.</param>
    public static bool operator ==(CreditResult? left, CreditResult? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two results say different things.</summary>
    /// <param name="left">A result, or null.</param>
    /// <param name="right">A result, or null.</param>
    public static bool operator !=(CreditResult? left, CreditResult? right) => !(left == right);

    /// <summary>Whether another result says the same.</summary>
    /// <param name="obj">The other result.</param>
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj) || (obj is CreditResult other && other.GetType() == GetType()
        && Array.TrueForAll(
            Properties.GetOrAdd(GetType(), type => type.GetProperties()), property => IsSame(property.GetValue(this), property.GetValue(other))));

    /// <inheritdoc/>
    public sealed override int GetHashCode() => (ToString() ?? string.Empty).GetHashCode(StringComparison.Ordinal);

    private static bool IsSame(object? left, object? right) => left is IEnumerable lefts and not string && right is IEnumerable rights
        ? lefts.Cast<object?>().SequenceEqual(rights.Cast<object?>())
        : Equals(left, right);
}
