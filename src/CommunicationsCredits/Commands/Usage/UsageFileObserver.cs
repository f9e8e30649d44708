using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Writes what the import of a file finds, as it finds it.</summary>
internal sealed class UsageFileObserver(ImportUsageRecordCommand command, string tenant, ImportProgress progress, bool isPreview) : IUsageImportObserver
{
    /// <inheritdoc/>
    public void Refused(CreditException refusal) => command.ReportRefused(tenant, refusal);

    /// <inheritdoc/>
    public void Warn(string message) => command.Warn(tenant, message);

    /// <inheritdoc/>
    public void PageEnded(string source, bool hasNextLink) => command.NotePage(tenant, source, hasNextLink);

    /// <inheritdoc/>
    public void Progress(long records, double? fraction) => progress.Show(records, fraction);

    /// <inheritdoc/>
    public void Foresee(LedgerForesight foresight)
    {
        if (isPreview)
            command.ShowForeseen(foresight);
    }
}
