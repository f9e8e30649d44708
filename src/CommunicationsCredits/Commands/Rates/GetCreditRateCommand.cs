using System.Management.Automation;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the rate that covers a number; nothing without one.</summary>
[Cmdlet(VerbsCommon.Get, "CreditRate",
    HelpUri = HelpPages.Folder + "Get-CreditRate.md")]
[OutputType(typeof(CreditRate))]
public sealed class GetCreditRateCommand : RateQuestionCommandBase
{
    private protected override void Answer(string number)
    {
        if (Ledger.Rates.FindRate(number, Service, Currency, Instant) is { } rate)
        {
            WriteVerbose(Why(number, rate.Prefix, rate.Sheet, rate.EffectiveFrom));
            WriteObject(rate);
        }
        else
        {
            WriteVerbose($"No {Currency} rate of service {Service} covers '{number}'. Get-CreditRateSheet lists the sheets.");
        }
    }
}
