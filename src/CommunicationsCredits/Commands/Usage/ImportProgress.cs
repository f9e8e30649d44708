using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Shows how far an import has come, at most five times a second.</summary>
internal sealed class ImportProgress(LedgerCommandBase command, string tenantId, string source)
{
    private const int ActivityId = 1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private ProgressRecord? _record;
    private long _shownAt = Stopwatch.GetTimestamp();

    /// <summary>Shows it, unless it was shown a moment ago.</summary>
    /// <param name="records">The records so far.</param>
    /// <param name="fraction">How much of the source they are, 0 to 1, or null where that is not known.</param>
    public void Show(long records, double? fraction)
    {
        if (Stopwatch.GetElapsedTime(_shownAt) < Pause)
            return;
        _shownAt = Stopwatch.GetTimestamp();
        _record ??= new(ActivityId, $"Importing usage of '{command.NameOf(tenantId)}'", "Reading");
        _record.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{source}: {records:N0} records");
        _record.PercentComplete = fraction is { } share ? (int)(share * 100) : -1;
        command.WriteProgress(_record);
    }

    /// <summary>Takes it away.</summary>
    public void Done()
    {
        if (_record is null)
            return;
        _record.RecordType = ProgressRecordType.Completed;
        command.WriteProgress(_record);
    }
}
