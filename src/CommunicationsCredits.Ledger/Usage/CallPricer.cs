using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>What pricing a tenant's calls needs to know.</summary>
/// <param name="Currency">The tenant's currency, ISO 4217.</param>
/// <param name="AccountFrom">The instant from which the tenant's money is kept here (T2), or null.</param>
/// <param name="Source">Which figure a call is charged by.</param>
/// <param name="Rates">The rates of the currency.</param>
/// <param name="Country">The tenant's country: that of a call which has none of its own; or null, where it stays so.</param>
internal sealed record CallPricing(
    string Currency, Instant? AccountFrom, PricingSource Source, RateBook Rates, string? Country = null)
{
    /// <summary>The latest start of a call that is taken (U5), or null where none is too late.</summary>
    public Instant? LatestStart { get; init; }

    /// <summary>The latest start of a call that is imported at an instant: a day later, for clocks and time zones differ.</summary>
    public static Instant LatestStartAt(Instant now) =>
        now.Ticks > Instant.Latest.Ticks - TimeSpan.TicksPerDay ? Instant.Latest : now.Add(TimeSpan.FromDays(1));
}

/// <summary>Classifies a call and finds both its figures: its own charge and the rate sheet's (G3–G7).</summary>
internal static class CallPricer
{
    /// <summary>The increments of a call that no sheet covers: Microsoft bills by the minute (G5).</summary>
    private const int UsualIncrement = 60;

    /// <summary>
    /// Sets what the call is paid from and what it costs without included minutes, or refuses it (U5). Leaves it
    /// <see cref="UsageStatus.Unrated"/> where it needs a rate and none covers it (G7).
    /// </summary>
    [MethodImpl(HotPath.Compiled)]
    public static void Price(UsageBatch batch, ref UsageCall call, CallPricing pricing)
    {
        // A batch is priced again when the rates have changed before it was posted.
        call.Service = null;
        call.Rate = null;
        call.Sheet = null;
        call.IsRatedBySheet = call.HasRatedCharge = false;
        call.RatedCharge = call.Charge = Amount.Zero;
        call.BilledSeconds = call.PooledSeconds = call.UnusableSeconds = 0;

        call.UnratedBecause = UnratedReason.None;
        if (call.StartedAt > pricing.LatestStart)
        {
            call.Refuse(
                CreditErrorId.UsageRejected,
                batch.NameOf(UsageField.StartedAt),
                $"'{call.StartedAt}' is in the future: day and month were swapped on the way, or the year is wrong.");
            return;
        }

        // Kept with the call, so that its pool is found again after the tenant has moved. Where the record does not say what is
        // domestic, its country would, and is not made up.
        if (call.UsageCountry.IsEmpty && call.IsDomestic is not null)
            call.UsageCountry = batch.Append(pricing.Country);

        if (call.RecordedChargeState == RecordedChargeState.Unusable && pricing.Source == PricingSource.RateSheet)
            call.RecordedChargeState = RecordedChargeState.Absent;

        if (call.StartedAt < pricing.AccountFrom)
        {
            if (call.RecordedChargeState == RecordedChargeState.Unusable)
                call.RecordedChargeState = RecordedChargeState.Absent;
            CallClassifier.Classify(batch, ref call, pricing.Rates);
            call.Refusal = null;
            call.IsPoolable = call.PaidFrom is PaidFrom.CapabilityPool or PaidFrom.DialOutPool;
            call.PaidFrom = PaidFrom.Excluded;
        }
        else
        {
            CallClassifier.Classify(batch, ref call, pricing.Rates);
            call.IsPoolable = call.PaidFrom is PaidFrom.CapabilityPool or PaidFrom.DialOutPool;
        }

        if (call.Refusal is not null)
            return;

        if (call.PaidFrom is PaidFrom.Excluded or PaidFrom.Free)
        {
            call.Status = call.PaidFrom == PaidFrom.Free ? UsageStatus.Free : UsageStatus.Excluded;

            // From before the account is kept here: it counts in pools, and nowhere else (T2).
            if (call.IsPoolable)
                Count(ref call, pricing.Source);
            return;
        }

        var hasOwn = call.RecordedChargeState == RecordedChargeState.Known;
        if (hasOwn && call.RecordedCharge.Micros > 0 && !call.Currency.IsEmpty && !IsCurrency(batch.Bytes(call.Currency), pricing.Currency))
        {
            call.Refuse(
                CreditErrorId.CurrencyMismatch,
                batch.NameOf(UsageField.Currency),
                $"it is '{batch.String(call.Currency)}', and the tenant's account is in {pricing.Currency}.");
            return;
        }

        if (call.Rate is { } rate)
        {
            call.BilledSeconds = Rater.BilledSeconds(call.Duration, rate);
            call.RatedCharge = Rater.Cost(rate, call.BilledSeconds);
            call.HasRatedCharge = true;
            call.Sheet = rate.Sheet.Number;
        }
        else if (hasOwn)
        {
            call.BilledSeconds = Rater.BilledSeconds(call.Duration, UsualIncrement, UsualIncrement);
        }

        if (hasOwn && pricing.Source != PricingSource.RateSheet)
        {
            call.Charge = call.RecordedCharge;
            call.Status = UsageStatus.Charged;
        }
        else if (call.Rate is not null && pricing.Source != PricingSource.Record)
        {
            call.IsRatedBySheet = true;
            call.Charge = call.RatedCharge;
            call.Status = UsageStatus.Charged;
        }
        else
        {
            call.BilledSeconds = 0;
            call.Status = UsageStatus.Unrated;
            ExplainUnrated(batch, ref call, pricing);
        }
    }

    /// <summary>Finds what would help a call without a rate (G7), or refuses it where its number is not one (G1).</summary>
    private static void ExplainUnrated(UsageBatch batch, ref UsageCall call, CallPricing pricing)
    {
        if (pricing.Source == PricingSource.Record)
        {
            call.UnratedBecause = UnratedReason.OwnChargeMissing;
            return;
        }

        if (call.PaidFrom == PaidFrom.RecordedChargeState)
        {
            call.UnratedBecause = UnratedReason.TypeUnknown;
            return;
        }

        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(batch.Bytes(call.Callee), buffer);
        if (!number.IsNumber && !number.IsShortCode)
        {
            CallClassifier.RefuseNumber(batch, ref call);
            return;
        }

        var service = call.Type is CallType.In or CallType.ConferenceIn ? CreditRateService.TollFreeInbound : CreditRateService.Outbound;
        call.RateFrom = pricing.Rates.NextFrom(service, number, call.StartedAt) ?? default;
        call.UnratedBecause = call.RateFrom == default ? UnratedReason.RateMissing : UnratedReason.RateLater;
    }

    /// <summary>Sets what a call takes of a pool though it costs nothing here: the same as if it did.</summary>
    private static void Count(ref UsageCall call, PricingSource source)
    {
        var usesOwn = call.RecordedChargeState == RecordedChargeState.Known && source != PricingSource.RateSheet;
        if ((usesOwn && call.RecordedCharge.Micros > 0) || (!usesOwn && (call.Rate is null || source == PricingSource.Record)))
            return;
        call.IsRatedBySheet = !usesOwn;
        call.BilledSeconds = call.Rate is { } rate
            ? Rater.BilledSeconds(call.Duration, rate)
            : Rater.BilledSeconds(call.Duration, UsualIncrement, UsualIncrement);
    }

    private static bool IsCurrency(ReadOnlySpan<byte> text, string code) => System.Text.Ascii.EqualsIgnoreCase(text, code);
}
