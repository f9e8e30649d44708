using System.Diagnostics;
using System.Management.Automation;

namespace CommunicationsCredits.Commands;

/// <summary>Shows how far a command has come with its tenants, at most five times a second.</summary>
internal sealed class RunProgress(Cmdlet command, string activity)
{
    private const int ActivityId = 1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ProgressRecord _record = new(ActivityId, activity, "Reading");
    private long _shownAt = Stopwatch.GetTimestamp();
    private bool _isShown;

    /// <summary>Shows it, unless it was shown a moment ago.</summary>
    /// <param name="tenantId">The tenant at hand.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="all">How many there are.</param>
    public void Show(string tenantId, int done, int all)
    {
        if (Stopwatch.GetElapsedTime(_shownAt) < Pause)
            return;
        _shownAt = Stopwatch.GetTimestamp();
        _isShown = true;
        _record.StatusDescription = tenantId;
        _record.PercentComplete = all < 2 ? -1 : (int)(100L * done / all);
        command.WriteProgress(_record);
    }

    /// <summary>Takes it away.</summary>
    public void Done()
    {
        if (!_isShown)
            return;
        _record.RecordType = ProgressRecordType.Completed;
        command.WriteProgress(_record);
    }
}
