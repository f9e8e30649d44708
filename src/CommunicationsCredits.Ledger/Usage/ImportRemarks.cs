using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// What an import says of the records it kept, in a warning each (G7, U4): which of them wait for a rate and what would help, and
/// which charges were passed over because they are another operator's or nobody's.
/// </summary>
internal sealed class ImportRemarks
{
    private const int MostNames = 5;

    private readonly SortedSet<string> _types = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _operators = new(StringComparer.OrdinalIgnoreCase);
    private readonly long[] _unrated = new long[Enum.GetValues<UnratedReason>().Length];
    private Instant _rateFrom = Instant.Latest;
    private Instant _earliestStart = Instant.Latest;
    private long _passedOver;
    private decimal _passedOverCharge;

    /// <summary>Notes a record that was kept.</summary>
    [MethodImpl(HotPath.Compiled)]
    public void Add(UsageBatch batch, in UsageCall call)
    {
        if (call.Status == UsageStatus.Unrated)
        {
            _unrated[(int)call.UnratedBecause]++;
            if (call.UnratedBecause == UnratedReason.TypeUnknown && _types.Count <= MostNames)
                _types.Add(batch.String(call.CallType)!);
            if (call.UnratedBecause == UnratedReason.RateLater)
            {
                _rateFrom = call.RateFrom < _rateFrom ? call.RateFrom : _rateFrom;
                _earliestStart = call.StartedAt < _earliestStart ? call.StartedAt : _earliestStart;
            }
        }
        else if (call.Status is UsageStatus.Excluded or UsageStatus.Free && call is { RecordedChargeState: RecordedChargeState.Known, RecordedCharge.Micros: > 0 })
        {
            _passedOver++;
            _passedOverCharge += call.RecordedCharge.ToDecimal();
            if (_operators.Count <= MostNames && batch.String(call.Operator) is { } name)
                _operators.Add(name);
        }
    }

    /// <summary>The warnings.</summary>
    /// <param name="source">The import's source.</param>
    /// <param name="tenantName">The tenant's name.</param>
    /// <param name="tenantId">The tenant's id.</param>
    /// <param name="currency">The tenant's currency.</param>
    public IEnumerable<string> Warnings(string source, string tenantName, string tenantId, string currency)
    {
        var unrated = _unrated.Sum();
        if (unrated > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{source}: {unrated} record(s) of {Display.Tenant(tenantName, tenantId)} wait for a rate and cost nothing yet. 'Get-UsageRecord {tenantId} "
                + $"-Status Unrated' lists them{Helps(tenantId)}");
        }

        if (_passedOver > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{source}: {_passedOver} record(s) of {Display.Tenant(tenantName, tenantId)} are free or on another operator's bill and have charges of their own, "
                + $"{_passedOverCharge:0.00####} {currency} in sum, which were not charged{Listed(" (operator: ", _operators, ")")}.");
        }
    }

    private string Helps(string tenantId)
    {
        var helps = new StringBuilder();
        if (Count(UnratedReason.RateMissing) > 0)
            helps.Append("; after Import-CreditRate, 'Update-UsageRecord ").Append(tenantId).Append("' charges them");
        helps.Append('.');
        if (Count(UnratedReason.RateLater) is > 0 and var later)
        {
            helps.Append(CultureInfo.InvariantCulture, $" For {later} of them a rate sheet has the number, but from {_rateFrom.Date:yyyy-MM-dd} on, and the earliest "
                + $"call starts on {_earliestStart.Date:yyyy-MM-dd}: import the list with -EffectiveFrom {_earliestStart.Date:yyyy-MM-dd}, and "
                + $"'Update-UsageRecord {tenantId}' charges them.");
        }

        if (Count(UnratedReason.TypeUnknown) is > 0 and var unknown)
            helps.Append(CultureInfo.InvariantCulture, $" For {unknown} of them the call type is not known{Listed(" (", _types, ")")}: no rate helps them, only a charge of their own.");
        if (Count(UnratedReason.OwnChargeMissing) is > 0 and var without)
            helps.Append(CultureInfo.InvariantCulture, $" {without} of them have no charge of their own, and only such was asked for (-PricingSource Record): 'Update-UsageRecord {tenantId}' rates them.");
        return helps.ToString();
    }

    private long Count(UnratedReason reason) => _unrated[(int)reason];

    private static string Listed(string before, SortedSet<string> names, string after) => names.Count == 0 ? string.Empty
        : before + string.Join(", ", names.Take(MostNames).Select(name => $"'{name}'")) + (names.Count > MostNames ? " …" : string.Empty) + after;
}
