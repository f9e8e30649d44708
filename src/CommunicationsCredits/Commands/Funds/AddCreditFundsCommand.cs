using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Funds;

namespace CommunicationsCredits.Commands;

/// <summary>Posts purchases of funds.</summary>
[Cmdlet(VerbsCommon.Add, "CreditFunds",
    HelpUri = HelpPages.Folder + "Add-CreditFunds.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditFunds))]
public sealed class AddCreditFundsCommand : PassThruTenantChangeCommandBase<CreditFunds>
{
    /// <summary>The amount for each tenant in its currency, above 0, with a point in every culture, of at most six decimals.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument Amount { get; set; } = AmountArgument.From(null);

    /// <summary>When they were bought, ISO 8601, UTC where no offset is given. By default now.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InstantTransformation]
    public InstantArgument? PurchasedAt { get; set; }

    /// <summary>When they expire, ISO 8601, UTC where no offset is given. By default twelve months after the purchase.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InstantTransformation]
    public InstantArgument? ExpiresAt { get; set; }

    /// <summary>The draw order, 0 to 1,000,000: lower is drawn first. By default 0.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsAbsent]
    public int? Priority { get; set; }

    /// <summary>The buyer's own reference, such as an invoice number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Reference { get; set; }

    /// <summary>A key under which a tenant gets these funds only once, however often the command is run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyKey { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditFunds);

    private protected override void Process(string id)
    {
        var amount = Amount.Value;
        Submit(id, InWords("Add {0} to {1}", id, amount), new AddFunds(id, amount)
        {
            PurchasedAt = ValueOrNull(PurchasedAt, nameof(PurchasedAt)),
            ExpiresAt = ValueOrNull(ExpiresAt, nameof(ExpiresAt)),
            Priority = Priority,
            Reference = ValueOrNull(Reference, nameof(Reference)),
            IdempotencyKey = ValueOrNull(IdempotencyKey, nameof(IdempotencyKey)),
        });
    }
}
