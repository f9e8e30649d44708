using System.Runtime.CompilerServices;
using System.Text;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Decides which calls are paid from what: the table of U4, its rows in their order.</summary>
internal static class CallClassifier
{
    /// <summary>
    /// Sets the call's service, what it is paid from, and the rate that covers the number rated. Refuses a call that needs its
    /// number, or its own charge, and has none that can be read (U5).
    /// </summary>
    [MethodImpl(HotPath.Compiled)]
    public static void Classify(UsageBatch batch, ref UsageCall call, RateBook rates)
    {
        if (call.Type == CallType.OtherOperator || IsOtherOperator(batch.Bytes(call.Operator)))
        {
            call.PaidFrom = PaidFrom.Excluded;
            return;
        }

        if (call.Type == CallType.Emergency)
        {
            call.PaidFrom = PaidFrom.Free;
            return;
        }

        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(batch.Bytes(call.Callee), buffer);
        var capability = batch.Bytes(call.Capability);
        if (LicenseCapability.Is(capability, "FREECALL"u8))
        {
            call.PaidFrom = PaidFrom.Free;
            SetServiceAndRate(batch, ref call, rates, number);
            return;
        }

        // From here on a charge that cannot be read may decide the row.
        if (call.RecordedChargeState == RecordedChargeState.Unusable)
        {
            call.Refuse(CreditErrorId.UsageRejected, call.RefusedField, call.OwnChargeProblem!);
            return;
        }

        if (number.IsShortCode && !HasCharge(call))
        {
            call.PaidFrom = PaidFrom.Free;
            return;
        }

        if (call.Type is CallType.ConferenceIn or CallType.ConferenceOut && IsPayPerMinute(capability))
        {
            call.Service = UsageService.ConferencePayPerMinute;
            call.PaidFrom = PaidFrom.Credits;
            call.Rate = rates.Find(
                call.Type == CallType.ConferenceIn ? CreditRateService.TollFreeInbound : CreditRateService.Outbound,
                number, call.StartedAt);
            return;
        }

        SetServiceAndRate(batch, ref call, rates, number);
        if (call.Service == UsageService.Inbound && !number.IsNumber && !number.IsShortCode)
        {
            RefuseNumber(batch, ref call);
            return;
        }

        var isPoolable = call.Rate is not { Terms.NoPool: true };
        call.PaidFrom = call.Service switch
        {
            UsageService.TollFreeInbound => PaidFrom.Credits,
            UsageService.Inbound => PaidFrom.Free,
            UsageService.ConferenceDialOut when isPoolable && IsDialOutCovered(batch, call, capability) => PaidFrom.DialOutPool,
            UsageService.Domestic when isPoolable && LicenseCapability.MayCoverDomestic(capability) => PaidFrom.CapabilityPool,
            UsageService.International when isPoolable && LicenseCapability.MayCoverInternational(capability) => PaidFrom.CapabilityPool,
            UsageService.ConferenceDialOut or UsageService.Domestic or UsageService.International => PaidFrom.Credits,
            _ => PaidFrom.RecordedChargeState,
        };
    }

    /// <summary>Refuses a call whose number is needed and is not there.</summary>
    public static void RefuseNumber(UsageBatch batch, ref UsageCall call) => call.Refuse(
        CreditErrorId.UsageRejected,
        batch.NameOf(UsageField.Callee),
        batch.String(call.Callee) is { } text ? NumberDigits.WhyRefused(text) : "it is missing.");

    /// <summary>The service by call type, and the rate of the number.</summary>
    [MethodImpl(HotPath.Compiled)]
    private static void SetServiceAndRate(UsageBatch batch, ref UsageCall call, RateBook rates, in NumberDigits number)
    {
        switch (call.Type)
        {
            case CallType.In or CallType.ConferenceIn:
                call.Rate = rates.Find(CreditRateService.TollFreeInbound, number, call.StartedAt);
                call.Service = call.Rate is not null || HasCharge(call) ? UsageService.TollFreeInbound : UsageService.Inbound;
                break;
            case CallType.ConferenceOut:
                call.Rate = rates.Find(CreditRateService.Outbound, number, call.StartedAt);
                call.Service = UsageService.ConferenceDialOut;
                break;
            case CallType.Out:
                call.Rate = rates.Find(CreditRateService.Outbound, number, call.StartedAt);
                call.Service = IsDomestic(batch, call) ? UsageService.Domestic : UsageService.International;
                break;
            default:
                call.Service = UsageService.Other;
                break;
        }
    }

    private static bool HasCharge(in UsageCall call) => call.RecordedChargeState == RecordedChargeState.Known && call.RecordedCharge.Micros > 0;

    /// <summary>Whether the record names an operator, and it is not Microsoft, or a company of its.</summary>
    private static bool IsOtherOperator(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && !(name.Length >= 9 && Ascii.EqualsIgnoreCase(name[..9], "Microsoft"u8));

    private static bool IsPayPerMinute(ReadOnlySpan<byte> capability) =>
        capability.Length >= 12 && LicenseCapability.Is(capability[..12], "MCOMEETACPEA"u8);

    /// <summary>
    /// The record's own context, else its usage country against the other party's, else against that of the rate, else against the
    /// destination where that is a code.
    /// </summary>
    private static bool IsDomestic(UsageBatch batch, in UsageCall call)
    {
        if (call.IsDomestic is { } known)
            return known;
        if (call.UsageCountry.IsEmpty)
            return false;
        var usage = batch.Bytes(call.UsageCountry);
        return (OtherCountry(batch, call) ?? call.Rate?.Country) is { } other
            ? Ascii.EqualsIgnoreCase(usage, other)
            : usage.SequenceEqual(batch.Bytes(call.Destination));
    }

    private static bool IsDialOutCovered(UsageBatch batch, in UsageCall call, ReadOnlySpan<byte> capability)
    {
        var country = OtherCountry(batch, call) ?? call.Rate?.Country;
        if (!LicenseCapability.IsDialOutUs(capability))
            return ZoneA.Contains(country, batch.String(call.Destination));
        return (country ?? Country.Find(batch.String(call.Destination))) is "US" or "CA";
    }

    /// <summary>The other party's country as a code, or null where the record has none that is known.</summary>
    private static string? OtherCountry(UsageBatch batch, in UsageCall call) =>
        call.OtherCountry.IsEmpty ? null : Country.Find(batch.Bytes(call.OtherCountry));
}
