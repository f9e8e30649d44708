using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Writes what the import of a file finds, as it finds it.</summary>
internal sealed class UsageFileObserver(LedgerCommandBase command, string tenantId, string file) : IUsageImportObserver
{
    private const int ActivityId = 1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ProgressRecord _progress = new(ActivityId, $"Importing usage of '{tenantId}'", "Reading");
    private long _shownAt = Stopwatch.GetTimestamp();
    private bool _isShown;

    /// <inheritdoc/>
    public void Refused(CreditException refusal) => command.Report(refusal);

    /// <inheritdoc/>
    public void Warn(string message) => command.WriteWarning(message);

    /// <inheritdoc/>
    public void Progress(long records, double? fraction)
    {
        if (Stopwatch.GetElapsedTime(_shownAt) < Pause)
            return;
        _shownAt = Stopwatch.GetTimestamp();
        _isShown = true;
        _progress.StatusDescription = string.Create(
            CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}: {records:N0} records");
        _progress.PercentComplete = fraction is { } share ? (int)(share * 100) : -1;
        command.WriteProgress(_progress);
    }

    /// <summary>Takes the progress away.</summary>
    public void Done()
    {
        if (!_isShown)
            return;
        _progress.RecordType = ProgressRecordType.Completed;
        command.WriteProgress(_progress);
    }
}
