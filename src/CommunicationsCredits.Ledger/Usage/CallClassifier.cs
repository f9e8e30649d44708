using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Decides which calls are paid from what: the table of U4, its rows in their order.</summary>
internal static class CallClassifier
{
    /// <summary>
    /// Sets the call's service, what it is paid from, and the rate that covers the number rated. Refuses a call that needs its
    /// number, or its own charge, and has none that can be read (U5).
    /// </summary>
    public static void Classify(UsageBatch batch, ref UsageCall call, RateBook rates)
    {
        if (call.Type == CallType.OtherOperator)
        {
            call.PaidFrom = PaidFrom.Excluded;
            return;
        }

        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(batch.Bytes(call.Callee), buffer);
        var capability = batch.Bytes(call.Capability);
        if (LicenceCapability.Is(capability, "FREECALL"u8))
        {
            call.PaidFrom = PaidFrom.Free;
            Serve(batch, ref call, rates, number);
            return;
        }

        // From here on a charge that cannot be read may decide the row.
        if (call.OwnCharge == OwnCharge.Unusable)
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

        Serve(batch, ref call, rates, number);
        if (call.Service == UsageService.Inbound && number.IsEmpty)
        {
            RefuseNumber(batch, ref call);
            return;
        }

        call.PaidFrom = call.Service switch
        {
            UsageService.TollFreeInbound => PaidFrom.Credits,
            UsageService.Inbound => PaidFrom.Free,
            UsageService.ConferenceDialOut => IsZoneA(batch, call) ? PaidFrom.DialOutPool : PaidFrom.Credits,
            UsageService.Domestic when LicenceCapability.MayCoverDomestic(capability) => PaidFrom.CapabilityPool,
            UsageService.International when LicenceCapability.MayCoverInternational(capability) => PaidFrom.CapabilityPool,
            UsageService.Domestic or UsageService.International => PaidFrom.Credits,
            _ => PaidFrom.OwnCharge,
        };
    }

    /// <summary>The service by call type, and the rate of the number.</summary>
    private static void Serve(UsageBatch batch, ref UsageCall call, RateBook rates, in NumberDigits number)
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

    /// <summary>Refuses a call whose number is needed and is not there.</summary>
    public static void RefuseNumber(UsageBatch batch, ref UsageCall call) => call.Refuse(
        CreditErrorId.UsageRejected,
        UsageFields.NameOf(UsageField.Callee, batch.Format),
        batch.String(call.Callee) is { } text ? $"'{text}' is not a telephone number." : "it is missing.");

    private static bool HasCharge(in UsageCall call) => call.OwnCharge == OwnCharge.Known && call.RecordedCharge.Micros > 0;

    private static bool IsPayPerMinute(ReadOnlySpan<byte> capability) =>
        capability.Length >= 12 && LicenceCapability.Is(capability[..12], "MCOMEETACPEA"u8);

    private static bool IsDomestic(UsageBatch batch, in UsageCall call)
    {
        if (call.IsDomestic is { } known)
            return known;
        if (call.UsageCountry.IsEmpty)
            return false;
        return call.Rate?.Country is { } country
            ? string.Equals(country, batch.String(call.UsageCountry), StringComparison.OrdinalIgnoreCase)
            : batch.Bytes(call.UsageCountry).SequenceEqual(batch.Bytes(call.Destination));
    }

    private static bool IsZoneA(UsageBatch batch, in UsageCall call) =>
        ZoneA.Holds(call.Rate?.Country, batch.String(call.Destination));
}
