using System.Management.Automation;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Binding;

/// <summary>
/// An instant as a parameter takes it: ISO 8601 in every culture, or a date of .NET's (I1); or kept with its text, which the
/// command then refuses.
/// </summary>
public sealed class InstantArgument
{
    private readonly DateTimeOffset? _value;
    private readonly string _text;

    private InstantArgument(DateTimeOffset? value, string text) => (_value, _text) = (value, text);

    /// <summary>Whether nothing was given: an empty cell.</summary>
    internal bool IsBlank => _value is null && string.IsNullOrWhiteSpace(_text);

    /// <summary>The instant.</summary>
    /// <exception cref="CreditException"><c>InvalidInstant</c>.</exception>
    internal DateTimeOffset Value => _value ?? Instant.Parse(_text).ToDateTimeOffset();

    /// <summary>What was typed where PowerShell asked for an instant.</summary>
    public static InstantArgument Parse(string text) => From(text);

    /// <summary>Reads whatever a parameter was given.</summary>
    internal static InstantArgument From(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        InstantArgument instant => instant,
        null => new(null, string.Empty),
        DateTimeOffset instant => new(instant.ToUniversalTime(), string.Empty),
        DateTime instant => new(ToUtc(instant), string.Empty),
        DateOnly date => new(ToUtc(date.ToDateTime(TimeOnly.MinValue)), string.Empty),
        string text => Read(text),
        _ => new(null, NumberText.Of(value!)),
    };

    private static InstantArgument Read(string text) =>
        new(Instant.TryParse(text, out var instant) ? instant.ToDateTimeOffset() : null, text);

    private static DateTimeOffset ToUtc(DateTime value) => value.Kind == DateTimeKind.Local
        ? new(value.ToUniversalTime())
        : new(DateTime.SpecifyKind(value, DateTimeKind.Utc));
}

/// <summary>Makes an <see cref="InstantArgument"/> of anything; what is no instant is the command's to refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstantTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => InstantArgument.From(inputData);
}
