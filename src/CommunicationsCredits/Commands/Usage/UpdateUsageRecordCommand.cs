using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;

namespace CommunicationsCredits.Commands;

/// <summary>Charges the calls that wait for a rate and have one by now.</summary>
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

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id =>
    {
        if (!Stopping && Confirm($"Charge the unrated calls of '{id}'", out var preview))
            WriteObject(Ledger.Usage.Rate(id, preview, StopToken));
    });
}
