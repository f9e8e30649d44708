using System.Text;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A usage record in memory: the call as it was imported, with a text of its own, and what happened to it since.</summary>
internal sealed record MemoryRecord
{
    private readonly UsageCall _call;
    private readonly byte[] _text;

    private MemoryRecord(UsageCall call, byte[] text) => (_call, _text) = (call, text);

    /// <summary>What rating made of it (G7), or null.</summary>
    public RatedRecord? Rated { get; init; }

    public bool IsReversed { get; init; }

    /// <summary>The digest that stays of blanked personal data (C4), or null.</summary>
    public byte[]? Blanked { get; init; }

    public long Import => _call.Import;

    /// <summary>Its identity.</summary>
    public UInt128 Key => _call.Key;

    /// <summary>The entry that is its own row; 0 where there is none.</summary>
    public long Sequence => _call.Sequence;

    /// <summary>The hash of that entry.</summary>
    public byte[] Hash => _text[_call.Hash.Start..(_call.Hash.Start + _call.Hash.Length)];

    /// <summary>Whether it waits for a rate.</summary>
    public bool IsUnrated => _call.Status == UsageStatus.Unrated && Rated is null && !IsReversed;

    /// <summary>When it started and what it costs, or null where it costs nothing or was reversed.</summary>
    public (Instant StartedAt, Amount Charge)? Use => IsReversed || (Sequence == 0 && Rated?.Entry is null) ? null
        : (_call.StartedAt, Rated?.Call.Charge ?? _call.Charge);

    /// <summary>The entry that is its own row.</summary>
    public LedgerEntry Entry => new()
    {
        Sequence = _call.Sequence,
        Kind = CreditTransactionKind.Usage,
        Amount = -_call.Charge,
        BalanceAfter = _call.BalanceAfter,
        EffectiveAt = _call.StartedAt,
        PostedAt = _call.PostedAt,
        RecordedAt = _call.RecordedAt,
        Actor = _call.Actor!,
        Lot = _call.Lot,
        Record = _call.Record,
        Formula = _call.Formula,
    };

    /// <summary>A call of a batch, to be kept when the batch is not.</summary>
    public static MemoryRecord Of(UsageBatch batch, in UsageCall call)
    {
        using var text = new MemoryStream();
        var own = call;
        own.Raw = own.Content = own.Personal = own.Prefix = default;
        Move(ref own, slice =>
        {
            var start = (int)text.Length;
            text.Write(batch.Bytes(slice));
            return new(start, slice.Length);
        });
        if (call.Rate is null && !call.Prefix.IsEmpty)
        {
            own.Prefix = new((int)text.Length, call.Prefix.Length);
            text.Write(batch.Bytes(call.Prefix));
        }
        else if (call.Rate is { } rate)
        {
            own.Prefix = new((int)text.Length, rate.Prefix.Length);
            text.Write(Encoding.ASCII.GetBytes(rate.Prefix));
        }

        // The rate is the sheet's, and the line the file's: neither is kept.
        own.Rate = null;
        own.Line = 0;
        if (own.RecordedChargeState != RecordedChargeState.Known)
            own.RecordedChargeState = RecordedChargeState.Absent;
        return new(own, text.ToArray());
    }

    /// <summary>Whether its personal data is there and it started before an instant.</summary>
    public bool MayBeBlankedBefore(Instant before) => Blanked is null && _call.StartedAt < before;

    /// <summary>Whether it is a call in that costs nothing, from an instant on.</summary>
    public bool IsFreeInboundFrom(Instant from) => Rated is null && !IsReversed && _call.StartedAt >= from
        && _call is { Status: UsageStatus.Free, Service: UsageService.Inbound };

    /// <summary>Whether it stands and a rate sheet charged it, in a period.</summary>
    public bool IsChargedBySheet(Instant? from, Instant? to) => !IsReversed && !(_call.StartedAt < from) && !(_call.StartedAt >= to)
        && (Rated?.Call.Status ?? _call.Status) is UsageStatus.Charged or UsageStatus.Pooled
        && (Rated is null ? _call.Sheet : Rated.Call.Sheet) is not null
        && (_call.RecordedChargeState != RecordedChargeState.Known || _call.RecordedCharge != (Rated?.Call.Charge ?? _call.Charge));

    /// <summary>Appends the record to a batch, as it stands.</summary>
    public void AppendTo(UsageBatch batch)
    {
        ref var call = ref batch.Add();
        call = _call;
        Move(ref call, slice => batch.Append(_text.AsSpan(slice.Start, slice.Length)));
        call.Prefix = batch.Append(_text.AsSpan(_call.Prefix.Start, _call.Prefix.Length));
        call.IsReversed = IsReversed;
        if (Blanked is not null)
        {
            call.Caller = call.Callee = call.User = default;
            call.Salt = 0;
            call.Personal = batch.Append(Blanked);
        }

        if (Rated is null)
            return;
        call.Sequence = Rated.Entry ?? 0;
        call.Service = Rated.Call.Service;
        call.BilledSeconds = Rated.Call.BilledSeconds;
        call.PooledSeconds = Rated.Call.PooledSeconds;
        call.UnusableSeconds = Rated.Call.UnusableSeconds;
        call.Charge = Rated.Call.Charge;
        call.HasRatedCharge = Rated.Call.HasRatedCharge;
        call.RatedCharge = Rated.Call.RatedCharge;
        call.Sheet = Rated.Call.Sheet;
        call.Prefix = batch.Append(Rated.Prefix);
        call.Status = Rated.Call.Status;
    }

    private static void Move(ref UsageCall call, Func<TextSlice, TextSlice> move)
    {
        call.RecordId = move(call.RecordId);
        call.CallType = move(call.CallType);
        call.Caller = move(call.Caller);
        call.Callee = move(call.Callee);
        call.User = move(call.User);
        call.Capability = move(call.Capability);
        call.Destination = move(call.Destination);
        call.UsageCountry = move(call.UsageCountry);
        call.OtherCountry = move(call.OtherCountry);
        call.Operator = move(call.Operator);
        call.AdministrativeUnits = move(call.AdministrativeUnits);
        call.NumberType = move(call.NumberType);
        call.Currency = move(call.Currency);
        call.Hash = move(call.Hash);
    }
}
