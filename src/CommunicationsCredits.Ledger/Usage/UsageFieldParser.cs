using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Turns the fields of a record, in whatever format they came, into a call (U1, U5).</summary>
internal static class UsageFieldParser
{
    /// <summary>The longest record id that is kept, in bytes.</summary>
    public const int MaximumIdLength = 128;

    /// <summary>The longest descriptive text that is kept, in bytes; the rest is cut (U5).</summary>
    public const int MaximumTextLength = 256;

    /// <summary>The longest call, in seconds: over three years.</summary>
    public const int MaximumDuration = 99_999_999;

    /// <summary>Reads the fields into the call, or refuses it.</summary>
    /// <param name="batch">The batch whose text the fields are slices of.</param>
    /// <param name="call">The call to fill; <see cref="UsageCall.Line"/> and <see cref="UsageCall.Raw"/> are the reader's.</param>
    /// <param name="fields">One slice a field, by <see cref="UsageField"/>; empty where the source has none.</param>
    public static void Parse(UsageBatch batch, ref UsageCall call, ReadOnlySpan<TextSlice> fields)
    {
        var id = Present(batch, fields[(int)UsageField.RecordId]);
        if (!ReadId(batch, ref call, id))
            return;

        var start = Present(batch, fields[(int)UsageField.StartedAt]);
        if (!Instant.TryParse(batch.Bytes(start), out call.StartedAt))
        {
            Refuse(batch, ref call, UsageField.StartedAt, start, "is not an ISO 8601 instant, as in 2026-01-31T09:30:00Z");
            return;
        }

        var duration = Present(batch, fields[(int)UsageField.Duration]);
        if (!ReadDuration(batch.Bytes(duration), out call.Duration))
        {
            Refuse(batch, ref call, UsageField.Duration, duration, "is not a number of seconds from 0 to 99,999,999");
            return;
        }

        call.CallType = Descriptive(batch, fields[(int)UsageField.CallType]);
        if (call.CallType.IsEmpty)
        {
            Refuse(batch, ref call, UsageField.CallType, default, string.Empty);
            return;
        }

        if (batch.Bytes(call.CallType).Contains((byte)0))
        {
            Refuse(batch, ref call, UsageField.CallType, call.CallType, "is not a call type: there is a NUL in it");
            return;
        }

        call.Type = CallTypes.Parse(batch.Bytes(call.CallType));
        call.Caller = Descriptive(batch, fields[(int)UsageField.Caller]);
        call.Callee = Descriptive(batch, fields[(int)UsageField.Callee]);
        call.Capability = Descriptive(batch, fields[(int)UsageField.Capability]);
        call.Destination = Descriptive(batch, fields[(int)UsageField.Destination]);
        call.UsageCountry = Descriptive(batch, fields[(int)UsageField.Country]);
        call.OtherCountry = Descriptive(batch, fields[(int)UsageField.OtherCountry]);
        call.Operator = Descriptive(batch, fields[(int)UsageField.Operator]);
        call.AdministrativeUnits = Descriptive(batch, fields[(int)UsageField.AdministrativeUnits]);
        call.NumberType = Descriptive(batch, fields[(int)UsageField.NumberType]);
        call.Currency = Descriptive(batch, fields[(int)UsageField.Currency]);
        call.User = Descriptive(batch, fields[(int)UsageField.UserPrincipalName]);
        if (call.User.IsEmpty)
            call.User = Descriptive(batch, fields[(int)UsageField.UserDisplayName]);
        if (call.User.IsEmpty)
            call.User = Descriptive(batch, fields[(int)UsageField.UserId]);
        call.IsDomestic = ReadContext(batch.Bytes(Present(batch, fields[(int)UsageField.Context])));
        ReadOwnCharge(batch, ref call, fields);
    }

    private static bool ReadId(UsageBatch batch, ref UsageCall call, TextSlice id)
    {
        var text = batch.Bytes(id);
        if (Utf8Parser.TryParse(text, out Guid guid, out var read, 'D') && read == text.Length)
        {
            Span<byte> bytes = stackalloc byte[16];
            guid.TryWriteBytes(bytes, bigEndian: true, out _);
            call.Key = BinaryPrimitives.ReadUInt128BigEndian(bytes);
            return true;
        }

        if (text.IsEmpty || text.Length > MaximumIdLength || text.Contains((byte)0))
        {
            Refuse(batch, ref call, UsageField.RecordId, id, "is not a record id of 1 to 128 characters");
            return false;
        }

        if (Guid.TryParse(batch.String(id), out guid))
        {
            var canonical = batch.Append(guid.ToString("D"));
            return ReadId(batch, ref call, canonical);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        call.Key = BinaryPrimitives.ReadUInt128BigEndian(digest);
        call.RecordId = id;
        return true;
    }

    private static bool ReadDuration(ReadOnlySpan<byte> text, out int seconds)
    {
        if (Utf8Parser.TryParse(text, out seconds, out var read) && read == text.Length)
            return seconds is >= 0 and <= MaximumDuration;
        if (!Amount.TryParseExact(text, out var value) || value < 0 || value > MaximumDuration || value != decimal.Truncate(value))
            return false;
        seconds = (int)value;
        return true;
    }

    private static bool? ReadContext(ReadOnlySpan<byte> text) =>
        Is(text, "domestic"u8) ? true : Is(text, "international"u8) ? false : null;

    private static void ReadOwnCharge(UsageBatch batch, ref UsageCall call, ReadOnlySpan<TextSlice> fields)
    {
        // A connection charge without a charge is no charge of the call: the rate sheet has a connection fee of its own.
        var charge = Present(batch, fields[(int)UsageField.Charge]);
        if (charge.IsEmpty)
            return;

        var connection = Present(batch, fields[(int)UsageField.ConnectionCharge]);
        decimal fee = 0;
        if (!Amount.TryParseExact(batch.Bytes(charge), out var value) || value is < 0 or > Amount.MaximumUnits)
            Unusable(batch, ref call, UsageField.Charge, charge);
        else if (!connection.IsEmpty
            && (!Amount.TryParseExact(batch.Bytes(connection), out fee) || fee is < 0 or > Amount.MaximumUnits))
            Unusable(batch, ref call, UsageField.ConnectionCharge, connection);
        else if (!Amount.TryRound(value + fee, out call.RecordedCharge))
            Unusable(batch, ref call, UsageField.Charge, charge);
        else
            call.OwnCharge = OwnCharge.Known;
    }

    private static void Unusable(UsageBatch batch, ref UsageCall call, UsageField field, TextSlice text)
    {
        call.OwnCharge = OwnCharge.Unusable;
        call.RefusedField = UsageFields.NameOf(field, batch.Format);
        var shown = Shown(batch, text);
        call.OwnChargeProblem = shown.StartsWith('-') ? $"'{shown}' is negative." : $"'{shown}' is not an amount.";
    }

    private static void Refuse(UsageBatch batch, ref UsageCall call, UsageField field, TextSlice text, string problem) => call.Refuse(
        CreditErrorId.UsageRejected,
        UsageFields.NameOf(field, batch.Format),
        text.IsEmpty ? "it is missing." : $"'{Shown(batch, text)}' {problem}.");

    private static string Shown(UsageBatch batch, TextSlice text)
    {
        const int most = 40;
        var shown = batch.String(text)!;
        return shown.Length <= most ? shown : string.Concat(shown.AsSpan(0, most), "…");
    }

    /// <summary>The slice without blanks around it; empty where it says that there is nothing (U1).</summary>
    private static TextSlice Present(UsageBatch batch, TextSlice slice)
    {
        var text = batch.Text;
        int start = slice.Start, end = slice.Start + slice.Length;
        while (start < end && text[start] <= ' ')
            start++;
        while (start < end && text[end - 1] <= ' ')
            end--;
        var length = end - start;
        return length == 4 && (Is(text.AsSpan(start, 4), "null"u8) || Is(text.AsSpan(start, 4), "none"u8))
            ? default
            : new(start, length);
    }

    private static TextSlice Descriptive(UsageBatch batch, TextSlice slice)
    {
        slice = Present(batch, slice);
        if (slice.Length > MaximumTextLength)
        {
            // Cut before a character, not within one; what is no UTF-8 has none to look for.
            var end = MaximumTextLength;
            while (end > MaximumTextLength - 3 && (batch.Text[slice.Start + end] & 0xC0) == 0x80)
                end--;
            slice = new(slice.Start, end);
        }

        return slice;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length != lower.Length)
            return false;
        for (var i = 0; i < lower.Length; i++)
        {
            if ((text[i] | 0x20) != lower[i])
                return false;
        }

        return true;
    }
}
