using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Commands;

/// <summary>A question to the rate sheets about numbers.</summary>
public abstract class RateQuestionCommandBase : LedgerCommandBase
{
    /// <summary>The numbers, as in +442071838750.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NumberTransformation]
    public NumberArgument[] Number { get; set; } = [];

    /// <summary>Which sheets to look on. By default those of calls out.</summary>
    [Parameter]
    public CreditRateService Service { get; set; } = CreditRateService.Outbound;

    /// <summary>The currency, an ISO 4217 code. By default USD.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CurrencyCompleter))]
    public string Currency { get; set; } = "USD";

    /// <summary>The instant of the call, ISO 8601. By default now.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("StartedAt")]
    [InstantTransformation]
    public InstantArgument? At { get; set; }

    /// <summary>The instant of the call, or null for now.</summary>
    private protected DateTimeOffset? Instant => ValueOrNull(At, nameof(At));

    // A call is asked for by the number that was dialled, its start and its currency.
    private protected override bool Takes(TypedObject thing) => thing.TextOf("Callee") is not null;

    /// <summary>Why a number has the rate that it has.</summary>
    private protected string Why(string number, string prefix, string sheet, DateTimeOffset from) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number}: {prefix} is the longest prefix of it that a {Currency} sheet of service {Service} has at that time; it is on '{sheet}', in force from {from:yyyy-MM-dd} on.");

    /// <summary>Answers for one number.</summary>
    private protected abstract void Answer(string number);

    private protected sealed override void Process()
    {
        foreach (var number in Number)
        {
            try
            {
                Require(number.Source);
                if (TrunkZero.Warning(number.Text) is { } warning)
                    WriteWarning(warning);
                Answer(number.Text);
            }
            catch (CreditException error)
            {
                Report(error, number.Text);
            }
        }
    }
}
