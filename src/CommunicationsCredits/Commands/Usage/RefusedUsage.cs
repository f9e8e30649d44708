using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>
/// What was refused of the usage of one command, and when it is said (U5). A refused record never stops the rest: under Stop and
/// Inquire the first error is kept and raised at the end, with the count of all. Lines that a quarantine file keeps are one warning an
/// import with their count.
/// </summary>
internal sealed class RefusedUsage
{
    private readonly bool _isDeferred;
    private readonly string? _quarantine;
    private readonly Dictionary<string, (long Count, CreditException First)> _keptByTenant = new(StringComparer.OrdinalIgnoreCase);
    private CreditException? _first;
    private object? _firstTarget;
    private long _count;

    /// <summary>Begins.</summary>
    /// <param name="command">The command, whose error action decides.</param>
    /// <param name="quarantine">The quarantine file, or null.</param>
    public RefusedUsage(PSCmdlet command, string? quarantine)
    {
        _quarantine = quarantine;
        _isDeferred = EffectiveAction(command) is ActionPreference.Stop or ActionPreference.Inquire;
    }

    /// <summary>Takes an error of a record, or of a file.</summary>
    /// <param name="tenant">Whose usage it is.</param>
    /// <param name="error">The error.</param>
    /// <param name="target">What it is about; where nothing is given, what the error itself names.</param>
    /// <returns>The error to write now, or null where it is said later.</returns>
    public ErrorRecord? Take(string tenant, CreditException error, object? target = null)
    {
        if (_quarantine is not null && error is { ErrorId: not CreditErrorId.UsageConflict, Target: UsageRejection })
        {
            var (count, first) = _keptByTenant.GetValueOrDefault(tenant, (0, error));
            _keptByTenant[tenant] = (count + 1, first);
            return null;
        }

        if (!_isDeferred)
            return CreditErrors.ToRecord(error, target);
        _count++;
        if (_first is null)
            (_first, _firstTarget) = (error, target);
        return null;
    }

    /// <summary>The warning of what the quarantine file keeps of a tenant's last import, or null.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="called">What the tenant is called.</param>
    public string? TakeWarning(string tenant, Func<string> called)
    {
        if (!_keptByTenant.Remove(tenant, out var kept))
            return null;
        return kept.Count == 1
            ? $"1 record of {called()} was refused: {kept.First.Message}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{kept.Count:N0} records of {called()} were refused and added to '{_quarantine}'. The first: {kept.First.Message}");
    }

    /// <summary>The error to raise at the end, or null.</summary>
    public ErrorRecord? TakeDeferred()
    {
        if (_first is null)
            return null;
        var error = _count == 1 ? _first : new CreditException(
            _first.ErrorId,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_first.Message} ({_count - 1:N0} more error(s) followed; everything else was imported. Run it with -ErrorAction Continue to see "
                + $"each of them.)"),
            _first.Target, _first);
        _first = null;
        return CreditErrors.ToRecord(error, _firstTarget);
    }

    private static ActionPreference EffectiveAction(PSCmdlet command)
    {
        var set = command.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var bound)
            ? bound
            : command.GetVariableValue("ErrorActionPreference");
        return LanguagePrimitives.TryConvertTo(set, out ActionPreference action) ? action : ActionPreference.Continue;
    }
}
