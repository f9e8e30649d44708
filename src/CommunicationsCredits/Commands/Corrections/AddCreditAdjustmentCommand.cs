using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Corrections;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Posts money that was neither bought nor used: above 0 it is given, below 0 it is taken like a call made now.</summary>
[Cmdlet(VerbsCommon.Add, "CreditAdjustment",
    HelpUri = HelpPages.Folder + "Add-CreditAdjustment.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditTransaction))]
public sealed class AddCreditAdjustmentCommand : PassThruTenantChangeCommandBase<CreditTransaction>
{
    /// <summary>The amount for each tenant in its currency, signed, not 0, of at most six decimals.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument Amount { get; set; } = AmountArgument.From(null);

    /// <summary>Why; kept in the record.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Reason { get; set; }

    /// <summary>When an amount above 0 expires, ISO 8601. By default twelve months from now.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InstantTransformation]
    public InstantArgument? ExpiresAt { get; set; }

    /// <summary>A key under which a tenant gets this adjustment only once, however often the command is run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyKey { get; set; }

    private protected override void Process(string id)
    {
        var amount = Amount.Value;
        Submit(id, InWords("Adjust {1} by {0}", id, amount), new AddAdjustment(id, amount)
        {
            Reason = ValueOrNull(Reason, nameof(Reason)),
            ExpiresAt = ValueOrNull(ExpiresAt, nameof(ExpiresAt)),
            IdempotencyKey = ValueOrNull(IdempotencyKey, nameof(IdempotencyKey)),
        });
    }

    /// <summary>Says which funds paid, where somebody reads it.</summary>
    private protected override void WarnAbout(CreditTransaction result)
    {
        if (!IsShown || result.Amount >= 0)
            return;
        var funds = Ledger.Funds.GetFunds(TenantSelection.One(result.TenantId), includeSpent: true).ToDictionary(lot => lot.FundsId);
        var paid = Ledger.Funds.GetTransactions(TenantSelection.One(result.TenantId), new() { TransactionIds = [result.TransactionId], IncludesDraw = true });
        var unpaid = -result.Amount;
        foreach (var draw in paid.SelectMany(entry => entry.Draw))
        {
            unpaid -= draw.Amount;
            var lot = funds[draw.FundsId];
            WriteVerbose($"{draw.FundsId} pays {Display.InWords(draw.Amount, draw.Currency)}: of the funds with something left it is drawn first (priority {lot.Priority}, expires {Display.Day(lot.ExpiresAt)}).");
        }

        if (unpaid > 0)
            WriteVerbose($"No funds pay the remaining {Display.InWords(unpaid, result.Currency)}; the next ones will.");
    }
}
