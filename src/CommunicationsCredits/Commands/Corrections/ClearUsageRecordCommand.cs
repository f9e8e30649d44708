using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Corrections;

namespace CommunicationsCredits.Commands;

/// <summary>Blanks the numbers and names of old usage. Amounts stay, and the chain verifies as before.</summary>
[Cmdlet(VerbsCommon.Clear, "UsageRecord",
    HelpUri = HelpPages.Folder + "Clear-UsageRecord.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(long))]
public sealed class ClearUsageRecordCommand : LedgerCommandBase
{
    /// <summary>The tenants, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    /// <summary>The start before which calls are blanked, ISO 8601.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [InstantTransformation]
    public InstantArgument? Before { get; set; }

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id =>
    {
        var before = Before!.Value;
        var what = string.Create(CultureInfo.InvariantCulture, $"Blank numbers and names of usage of {Called(id)} before {before:yyyy-MM-ddTHH:mm:ssK}");
        if (!Stopping && Confirm(what, out var preview))
            WriteObject(Ledger.Execute(new ClearUsage(id, before), preview));
    });
}
