using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Binding;

/// <summary>
/// An amount as a parameter takes it: read with a point in every culture (M3), or kept with the reason why it is not one, which the
/// command then reports.
/// </summary>
public sealed class AmountArgument
{
    private readonly decimal _value;
    private readonly string? _problem;

    private AmountArgument(string text)
    {
        IsBlank = string.IsNullOrWhiteSpace(text);
        if (Amount.TryParse(text, out var amount, out _problem))
            _value = amount.ToDecimal();
    }

    /// <summary>Whether nothing was given: an empty cell.</summary>
    internal bool IsBlank { get; }

    /// <summary>The amount.</summary>
    /// <exception cref="CreditException"><c>InvalidAmount</c>.</exception>
    internal decimal Value => _problem is null ? _value : throw new CreditException(CreditErrorId.InvalidAmount, _problem);

    /// <summary>What was typed where PowerShell asked for an amount.</summary>
    public static AmountArgument Parse(string text) => From(text);

    /// <summary>Reads whatever a parameter was given.</summary>
    internal static AmountArgument From(object? value) => value switch
    {
        AmountArgument amount => amount,
        PSObject { BaseObject: AmountArgument amount } => amount,
        _ => new(TextOf(value)),
    };

    private static string TextOf(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => string.Empty,
        // 1,50 without quotes is an array; the message shows what was typed.
        IEnumerable list and not string => string.Join(',', list.Cast<object?>().Select(TextOf)),
        _ => NumberText.Of(value!),
    };
}

/// <summary>Makes an <see cref="AmountArgument"/> of anything; what is no amount is the command's to refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AmountTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => AmountArgument.From(inputData);
}
