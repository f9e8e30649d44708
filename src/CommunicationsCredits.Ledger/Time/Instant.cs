using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger.Time;

/// <summary>An instant in UTC, to 100 ns (I1).</summary>
/// <param name="Ticks">100 ns since the start of the year 1, UTC.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>Before every other instant.</summary>
    public static Instant Earliest => default;

    /// <summary>After every other instant.</summary>
    public static Instant Latest => new(DateTime.MaxValue.Ticks);

    /// <summary>Whether the left instant is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Whether the left instant is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Whether the left instant is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Whether the left instant is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <summary>What a clock shows.</summary>
    public static Instant Now(TimeProvider clock) => From(clock.GetUtcNow());

    /// <summary>The same instant, whatever its offset.</summary>
    public static Instant From(DateTimeOffset value) => new(value.UtcTicks);

    /// <summary>The same instant, or null.</summary>
    public static Instant? From(DateTimeOffset? value) => value is { } known ? From(known) : null;

    /// <summary>A time asked for: from an instant until another, which is not included; null for either end that is open.</summary>
    /// <exception cref="CreditException"><c>InvalidInstant</c>: it ends before it begins.</exception>
    public static (Instant? From, Instant? To) Between(DateTimeOffset? from, DateTimeOffset? to) => from <= to || from is null || to is null
        ? (From(from), From(to))
        : throw LedgerErrors.EndsBeforeItBegins(From(from.Value), From(to.Value));

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left > right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>The instant with offset zero.</summary>
    public DateTimeOffset ToDateTimeOffset() => new(Ticks, TimeSpan.Zero);

    /// <summary>The same time of day so many calendar months later; the last of the month where that day is missing (F1).</summary>
    public Instant AddMonths(int months) => new(new DateTime(Ticks, DateTimeKind.Utc).AddMonths(months).Ticks);

    /// <summary>The 100 ns after it.</summary>
    public Instant Next => new(Ticks + 1);

    /// <summary>The 100 ns before it.</summary>
    public Instant Previous => new(Ticks - 1);

    /// <summary>The date UTC.</summary>
    public DateOnly Date => DateOnly.FromDateTime(new(Ticks, DateTimeKind.Utc));

    /// <summary>Where its day UTC begins.</summary>
    public Instant Midnight => new(Ticks - (Ticks % TimeSpan.TicksPerDay));

    /// <summary>Where the next day UTC begins.</summary>
    public Instant NextMidnight => new(Midnight.Ticks + TimeSpan.TicksPerDay);

    /// <summary>The instant that much later.</summary>
    public Instant Add(TimeSpan span) => new(checked(Ticks + span.Ticks));

    /// <summary>ISO 8601 in UTC, with as many decimals of a second as it needs.</summary>
    /// <remarks>What a damaged ledger holds may be no instant; then it is named by its number.</remarks>
    public override string ToString() => Ticks < 0 || Ticks > DateTime.MaxValue.Ticks
        ? string.Create(CultureInfo.InvariantCulture, $"no instant ({Ticks})")
        : new DateTime(Ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z";

    /// <summary>Reads ISO 8601: without an offset it means UTC, a date alone its midnight (I1).</summary>
    /// <exception cref="CreditException"><c>InvalidInstant</c>.</exception>
    public static Instant Parse(string text) => TryParse(text, out var instant) ? instant : throw LedgerErrors.InvalidInstant(text);

    /// <summary>Reads ISO 8601: without an offset it means UTC, a date alone its midnight (I1).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Instant instant)
    {
        instant = default;
        text = text.Trim();
        if (text.Length > 64)
            return false;
        Span<byte> bytes = stackalloc byte[64];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 127)
                return false;
            bytes[i] = (byte)text[i];
        }

        return TryParse(bytes[..text.Length], out instant);
    }

    /// <summary>
    /// Why a text is not read as an instant, and what helps: "is …". The form decides, never the value, so that 13/03 is refused as
    /// 03/04 is (I1).
    /// </summary>
    public static string WhyRefused(string? text)
    {
        var trimmed = text?.Trim() ?? string.Empty;
        var isSlashed = trimmed.Length > 5 && char.IsAsciiDigit(trimmed[0]) && trimmed.AsSpan(1, 3).IndexOfAny('/', '.', '-') >= 0;
        if (isSlashed)
        {
            return "is not ISO 8601, and which of its numbers is the month cannot be known: PowerShell 7 turns the dates of an answer into the "
                + "machine's own format, and spreadsheets do so too. Save the answer as JSON, write dates with ToString('o'), or import the "
                + "export as it was downloaded";
        }

        return decimal.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? "is a number, as a spreadsheet keeps dates, and not an ISO 8601 instant, as in 2026-01-31T09:30:00Z. Import the export as it was "
                + "downloaded"
            : "is not an ISO 8601 instant, as in 2026-01-31T09:30:00Z";
    }

    /// <summary>Reads ISO 8601 from UTF-8: without an offset it means UTC, a date alone its midnight (I1).</summary>
    [MethodImpl(HotPath.Compiled)]
    public static bool TryParse(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length > 8 && text[0] == '/')
            return TryParseJavaScript(text, out instant);
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;

        var ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        if (text.Length == 10)
        {
            instant = new(ticks);
            return true;
        }

        var rest = text[11..];
        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || rest.Length < 5 || rest[2] != ':'
            || !Digits(rest[..2], out var hour) || !Digits(rest[3..5], out var minute) || hour > 23 || minute > 59)
            return false;

        ticks += (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        rest = rest[5..];
        if (!rest.IsEmpty && rest[0] == ':')
        {
            if (rest.Length < 3 || !Digits(rest[1..3], out var second) || second > 59)
                return false;
            ticks += second * TimeSpan.TicksPerSecond;
            rest = rest[3..];
            if (!rest.IsEmpty && rest[0] is (byte)'.' or (byte)',' && !Fraction(ref rest, ref ticks))
                return false;
        }

        if (!Offset(rest, out var offset))
            return false;
        ticks -= offset;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        instant = new(ticks);
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        var at = 1;
        for (var unit = TimeSpan.TicksPerSecond / 10; at < rest.Length && (uint)(rest[at] - '0') <= 9; at++, unit /= 10)
        {
            // Below 100 ns nothing can be kept; a digit there would be lost.
            if (unit == 0 && rest[at] != '0')
                return false;
            ticks += (rest[at] - '0') * unit;
        }

        if (at == 1)
            return false;
        rest = rest[at..];
        return true;
    }

    /// <summary>Reads <c>/Date(1767225600000)/</c>, as older JSON writers have it: milliseconds since 1970, UTC.</summary>
    private static bool TryParseJavaScript(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (!text.StartsWith("/Date("u8) || !text.EndsWith(")/"u8))
            return false;
        text = text[6..^2];

        // An offset says where it was written; the count is of UTC all the same.
        var digits = text.IndexOfAny((byte)'+', (byte)'-') is > 0 and var sign ? text[..sign] : text;
        if (digits.Length != text.Length && !Offset(text[digits.Length..], out _))
            return false;
        if (!Utf8Parser.TryParse(digits, out long milliseconds, out var read) || read != digits.Length
            || Math.Abs(milliseconds) > DateTime.MaxValue.Ticks / TimeSpan.TicksPerMillisecond)
            return false;
        var ticks = DateTime.UnixEpoch.Ticks + (milliseconds * TimeSpan.TicksPerMillisecond);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        instant = new(ticks);
        return true;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;

        // SQL Server, and .NET in some cultures, write a blank before the offset.
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-'))
            return false;

        var minute = 0;
        var valid = text.Length switch
        {
            3 => true,
            5 => Digits(text[3..], out minute),
            6 => text[3] == ':' && Digits(text[4..], out minute),
            _ => false,
        };
        if (!valid || !Digits(text[1..3], out var hour) || hour > 14 || minute > 59)
            return false;
        ticks = ((hour * 60) + minute) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if ((uint)(c - '0') > 9)
                return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
