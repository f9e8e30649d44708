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

    private protected override void Answer(string number) =>
        WriteObject(Ledger.Rates.MeasureCall(number, Duration.Value, Service, Currency, Instant));
}
