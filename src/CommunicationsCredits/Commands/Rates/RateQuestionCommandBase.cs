using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;

namespace CommunicationsCredits.Commands;

/// <summary>A question to the rate sheets about numbers.</summary>
public abstract class RateQuestionCommandBase : LedgerCommandBase
{
    /// <summary>The numbers, as in +442071838750.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Number { get; set; } = [];

    /// <summary>Which sheets to look on. By default those of calls out.</summary>
    [Parameter]
    public CreditRateService Service { get; set; } = CreditRateService.Outbound;

    /// <summary>The currency, an ISO 4217 code. By default USD.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CurrencyCompleter))]
    public string Currency { get; set; } = "USD";

    /// <summary>The instant of the call, ISO 8601. By default now.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? At { get; set; }

    /// <summary>Answers for one number.</summary>
    private protected abstract void Answer(string number);

    private protected sealed override void Process()
    {
        foreach (var number in Number)
        {
            try
            {
                Answer(number);
            }
            catch (CreditException error)
            {
                Report(error, number);
            }
        }
    }
}
