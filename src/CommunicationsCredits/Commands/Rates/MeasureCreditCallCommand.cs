using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;

namespace CommunicationsCredits.Commands;

/// <summary>Measures what a call would cost.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CreditCall",
    HelpUri = HelpPages.Folder + "Measure-CreditCall.md")]
[OutputType(typeof(CreditCallCost))]
public sealed class MeasureCreditCallCommand : RateQuestionCommandBase
{
    /// <summary>How long the call is: seconds, a TimeSpan, or text as in 00:01:30.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public DurationArgument Duration { get; set; } = DurationArgument.From(null);

    private protected override void Answer(string number)
    {
        var cost = Ledger.Rates.MeasureCall(number, Duration.Value, Service, Currency, Instant);
        if (IsShown && Ledger.Rates.FindRate(number, Service, Currency, Instant) is { } rate)
        {
            WriteVerbose(Why(number, rate.Prefix, rate.Sheet, rate.EffectiveFrom));
            WriteVerbose(string.Create(
                CultureInfo.InvariantCulture,
                $"{cost.BilledSeconds} billed seconds at {Display.InWords(rate.PricePerMinute, rate.Currency)} a minute, {Display.InWords(cost.ConnectionFee, cost.Currency)} for the connection: {Display.InWords(cost.Cost, cost.Currency)}."));
        }

        WriteObject(cost);
    }
}
