using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Writes what the import of a file finds, as it finds it.</summary>
internal sealed class UsageFileObserver(LedgerCommandBase command, ImportProgress progress) : IUsageImportObserver
{
    /// <inheritdoc/>
    public void Refused(CreditException refusal) => command.Report(refusal);

    /// <inheritdoc/>
    public void Warn(string message) => command.WriteWarning(message);

    /// <inheritdoc/>
    public void Progress(long records, double? fraction) => progress.Show(records, fraction);
}
