using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Commands.Usage;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands;

/// <summary>Charges the calls that wait for a rate and have one by now, or prices again what a rate sheet charged.</summary>
[Cmdlet(VerbsData.Update, "UsageRecord",
    HelpUri = HelpPages.Folder + "Update-UsageRecord.md", SupportsShouldProcess = true)]
[OutputType(typeof(UsageImport))]
public sealed class UpdateUsageRecordCommand : LedgerCommandBase
{
    /// <summary>The tenants, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    /// <summary>
    /// Prices what a rate sheet charged by the sheets in force now; what differs is reversed and posted anew, as one import.
    /// </summary>
    [Parameter]
    public SwitchParameter Rerate { get; set; }

    /// <summary>With -Rerate: the earliest start of the calls. By default the first call's.</summary>
    [Parameter]
    public InstantArgument? From { get; set; }

    /// <summary>With -Rerate: the start before which the calls are. By default there is no end.</summary>
    [Parameter]
    public InstantArgument? To { get; set; }

    private protected override void Process()
    {
        if (!Rerate && (From is not null || To is not null))
        {
            ThrowTerminatingError(CreditErrors.ToRecord(new CreditException(
                CreditErrorId.InvalidInstant, "-From and -To say which calls -Rerate prices again; what waits for a rate is charged whenever it was.", From ?? To)));
        }

        TenantIdentities.ForEach(this, TenantId, Update);
    }

    private void Update(string id)
    {
        if (Stopping)
            return;
        var messages = new Messages();
        var what = Rerate ? "Price again" : "Charge";
        try
        {
            if (IsShown)
            {
                // What it would come to is what is asked about.
                var foreseen = new Messages();
                what = InWords(Carry(id, preview: true, foreseen));
                messages.Foresight = foreseen.Foresight;
            }

            if (!Confirm(IsShown ? what : $"{what} the calls of '{id}'", out var preview, messages.Foresight))
                return;
            var import = Carry(id, preview, messages);
            if (preview && messages.Foresight is { } foresight)
                ShowForeseen(foresight);
            messages.Warnings.ForEach(WriteWarning);
            if (!preview && messages.Foresight is { } brought)
                TellBrought(brought);
            WriteObject(import);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            // Stopped: nothing was changed.
        }
    }

    private UsageImport Carry(string id, bool preview, Messages messages) => Rerate
        ? Ledger.Usage.PriceAgain(id, From?.Value, To?.Value, preview, StopToken, messages)
        : Ledger.Usage.Rate(id, preview, StopToken, messages);

    /// <summary>As in "Price 12 calls of Contoso again: USD +3.20, USD 100.00 → USD 96.80".</summary>
    private string InWords(UsageImport import)
    {
        var calls = Rerate ? import.Imported : import.Imported - import.Unrated;
        var before = import.BalanceAfter - import.Recharged + import.Charged;
        var after = import.BalanceAfter - import.Recharged;
        var tenant = Display.Tenant(import.TenantName, import.TenantId);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(Rerate ? "Price" : "Charge")} {calls:N0} {(calls == 1 ? "call" : "calls")} of {tenant}{(Rerate ? " again" : string.Empty)}, "
            + $"{Display.InWords(import.Charged, import.Currency)}: {Display.InWords(before, import.Currency)} → {Display.InWords(after, import.Currency)}");
    }

    private sealed class Messages : IUsageImportObserver
    {
        public List<string> Warnings { get; } = [];

        public LedgerForesight? Foresight { get; set; }

        public void Refused(CreditException refusal) => Warnings.Add(refusal.Message);

        public void Warn(string message) => Warnings.Add(message);

        public void Progress(long records, double? fraction)
        {
        }

        public void Foresee(LedgerForesight foresight) => Foresight = foresight;
    }
}
