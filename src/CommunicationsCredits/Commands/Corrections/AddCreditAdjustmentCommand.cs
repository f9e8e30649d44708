using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Corrections;

namespace CommunicationsCredits.Commands;

/// <summary>Posts money that was neither bought nor used: above 0 it is given, below 0 it is taken like a call made now.</summary>
[Cmdlet(VerbsCommon.Add, "CreditAdjustment", SupportsShouldProcess = true)]
[OutputType(typeof(CreditTransaction))]
public sealed class AddCreditAdjustmentCommand : PassThruCommand<CreditTransaction>
{
    /// <summary>The tenants, by their ids. Each gets the whole amount.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    /// <summary>The amount in the tenant's currency, signed, not 0, of at most six decimals.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument Amount { get; set; } = AmountArgument.From(null);

    /// <summary>Why; it stands in the record.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Reason { get; set; }

    /// <summary>When an amount above 0 expires, ISO 8601. By default twelve months from now.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InstantTransformation]
    public InstantArgument? ExpiresAt { get; set; }

    /// <summary>A key under which a tenant gets this adjustment only once, however often the command is run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyKey { get; set; }

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id =>
    {
        var amount = Amount.Value;
        Submit(id, string.Create(CultureInfo.InvariantCulture, $"Adjust '{id}' by {amount:0.00####}"), new AddAdjustment(id, amount)
        {
            Reason = Cell(Reason, nameof(Reason)),
            ExpiresAt = Cell(ExpiresAt, nameof(ExpiresAt)),
            IdempotencyKey = Cell(IdempotencyKey, nameof(IdempotencyKey)),
        });
    });
}
