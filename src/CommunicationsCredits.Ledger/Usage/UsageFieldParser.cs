using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage.Formats;

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

    /// <summary>Before this no call can have started (U5): a lost date reads as the year 1 or 1970.</summary>
    private static readonly Instant Earliest = new(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);

    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Whether a record is plain ASCII without control characters, so that no field of it needs a closer look.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> record) => record.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0;

    /// <summary>Reads the fields into the call, or refuses it.</summary>
    /// <param name="batch">The batch whose text the fields are slices of.</param>
    /// <param name="call">The call to fill; <see cref="UsageCall.Line"/> and <see cref="UsageCall.Raw"/> are the reader's.</param>
    /// <param name="fields">One slice a field, by <see cref="UsageField"/>; empty where the source has none.</param>
    /// <param name="isPlain">Whether all fields are plain ASCII (<see cref="IsPlain"/>).</param>
    /// <param name="remarks">Counts the fields that are no UTF-8.</param>
    [MethodImpl(HotPath.Compiled)]
    public static void Parse(
        UsageBatch batch, ref UsageCall call, Span<TextSlice> fields, bool isPlain, FieldRemarks remarks)
    {
        if (!isPlain)
            Clean(batch, fields, remarks);

        var id = Present(batch, fields[(int)UsageField.RecordId]);
        if (!ReadId(batch, ref call, id))
            return;

        var start = Present(batch, fields[(int)UsageField.StartedAt]);
        if (!Instant.TryParse(batch.Bytes(start), out call.StartedAt))
        {
            Refuse(batch, ref call, UsageField.StartedAt, start, Instant.WhyRefused(batch.String(start)));
            return;
        }

        if (call.StartedAt < Earliest)
        {
            Refuse(batch, ref call, UsageField.StartedAt, start, "is before 2000: the date was lost on the way");
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

    /// <summary>
    /// Makes UTF-8 of fields that are not, and pictures of control characters: a user's name must not clear the screen of whoever
    /// lists it. What stood in the source is kept for the quarantine file.
    /// </summary>
    private static void Clean(UsageBatch batch, Span<TextSlice> fields, FieldRemarks remarks)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            ref var field = ref fields[i];
            var text = batch.Bytes(field);
            if (IsPlain(text))
                continue;
            if (!Utf8.IsValid(text))
            {
                field = batch.Append(Windows1252.GetString(text));
                text = batch.Bytes(field);
                remarks.Windows1252++;
            }

            // With a NUL an id and a type are refused; in all other text it is a picture too, for a database keeps none.
            var keepsNul = i is (int)UsageField.RecordId or (int)UsageField.CallType;
            if (HasControls(text) || (!keepsNul && text.Contains((byte)0)))
                field = batch.Append(Pictured(batch.String(field)!, keepsNul));
        }
    }

    /// <summary>Whether there are control characters, other than NUL, which no field of billing may have, and blanks around the text.</summary>
    private static bool HasControls(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[0] <= ' ')
            text = text[1..];
        while (!text.IsEmpty && text[^1] <= ' ')
            text = text[..^1];
        if (text.IndexOfAnyInRange((byte)1, (byte)0x1F) >= 0 || text.Contains((byte)0x7F))
            return true;

        // The controls of ISO 8859-1, one of which begins an escape sequence, and those that turn text around.
        for (int at; (at = text.IndexOfAny((byte)0xC2, (byte)0xE2)) >= 0 && at + 1 < text.Length; text = text[(at + 1)..])
        {
            if ((text[at] == 0xC2 && text[at + 1] < 0xA0)
                || (text[at] == 0xE2 && at + 2 < text.Length && text[at + 1] == 0x80 && text[at + 2] is >= 0xAA and <= 0xAE)
                || (text[at] == 0xE2 && at + 2 < text.Length && text[at + 1] == 0x81 && text[at + 2] is >= 0xA6 and <= 0xA9))
                return true;
        }

        return false;
    }

    /// <summary>What <see cref="Present"/> takes away too.</summary>
    private static readonly string Blanks = string.Concat(Enumerable.Range(0, ' ' + 1).Select(c => (char)c));

    private static string Pictured(string text, bool keepsNul)
    {
        var pictured = new StringBuilder(text.Length);
        foreach (var c in text.AsSpan().Trim(Blanks))
        {
            // What turns text around is invisible, and is left out.
            if (c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
                continue;
            pictured.Append(c switch
            {
                '\0' when keepsNul => c,
                < ' ' => (char)('\u2400' + c),
                '\u007F' => '\u2421',
                >= '\u0080' and <= '\u009F' => '\uFFFD',
                _ => c,
            });
        }

        return pictured.ToString();
    }

    private static bool HasDecimalComma(string text) =>
        text.Contains(',', StringComparison.Ordinal) && text.All(c => char.IsAsciiDigit(c) || c is ',' or '.' or ' ' or '-' or '+');

    [MethodImpl(HotPath.Compiled)]
    private static bool ReadId(UsageBatch batch, ref UsageCall call, TextSlice id)
    {
        var text = batch.Bytes(id);
        if (Utf8Parser.TryParse(text, out Guid guid, out var read, 'D') && read == text.Length)
        {
            call.Key = UsageRecords.KeyOf(guid);
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

        call.Key = UsageRecords.KeyOf(text);
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

    [MethodImpl(HotPath.Compiled)]
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
            call.RecordedChargeState = RecordedChargeState.Known;
    }

    private static void Unusable(UsageBatch batch, ref UsageCall call, UsageField field, TextSlice text)
    {
        call.RecordedChargeState = RecordedChargeState.Unusable;
        call.RefusedField = batch.NameOf(field);
        var shown = Shown(batch, text);
        call.OwnChargeProblem = shown.StartsWith('-') ? $"'{shown}' is negative."
            : HasDecimalComma(shown) && shown.LastIndexOf('.') > shown.LastIndexOf(',')
                ? $"'{shown}' has its thousands set apart, and no export does so: a spreadsheet saved this file. Import it as it was downloaded."
            : HasDecimalComma(shown) ? $"'{shown}' has a decimal comma, and every export has a point: a spreadsheet saved this file. Import it as "
                + "it was downloaded."
            : $"'{shown}' is not an amount.";
    }

    private static void Refuse(UsageBatch batch, ref UsageCall call, UsageField field, TextSlice text, string problem) => call.Refuse(
        CreditErrorId.UsageRejected,
        batch.NameOf(field),
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
        return (length == 4 && (Is(text.AsSpan(start, 4), "null"u8) || Is(text.AsSpan(start, 4), "none"u8)))
            || (length == 7 && Is(text.AsSpan(start, 7), "no data"u8))
                ? default
                : new(start, length);
    }

    private static TextSlice Descriptive(UsageBatch batch, TextSlice slice)
    {
        if (slice.IsEmpty)
            return default;
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
