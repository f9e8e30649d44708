using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CommunicationsCredits.Benchmarks;

/// <summary>
/// Makes up exports of the Teams admin centre and a rate list that covers nearly all of their calls: the same bytes for the same seed,
/// with the call types and capabilities mixed as a large tenant's are.
/// </summary>
internal static class UsageData
{
    private const string Header = "UsageId,Call ID,Conference ID,User Location,AAD ObjectId,UPN,User Display Name,Caller ID,Call Type,Number Type,"
        + "Domestic/International,Destination Dialed,Destination Number,Start Time,End Time,Duration Seconds,Connection Fee,Charge,Currency,Capability";

    private static readonly (int Weight, string Type, string Capability, string NumberType, string Context)[] Mix =
    [
        (40, "user_out", "MCOPSTN1", "Subscriber", "Domestic"), (15, "user_out", "MCOPSTN1", "Subscriber", "International"),
        (10, "user_out", "MCOPSTNPP", "Subscriber", "International"), (10, "user_in", "MCOPSTN1", "Subscriber", ""),
        (10, "conf_out", "MCOMEETADD", "Service", "International"), (5, "user_out_forwarding", "MCOPSTN2", "Subscriber", "International"),
        (4, "conf_in", "MCOMEETADD", "Service", ""), (3, "ucap_in", "MCOEV_VIRTUALUSER", "Service", ""), (3, "dr_out", "", "", "International"),
    ];

    private static readonly string[] CallingCodes =
    [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "54", "55", "56",
        "57", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "94", "351", "352", "353", "354", "358", "359",
        "370", "371", "372", "380", "385", "386", "420", "421", "852", "886", "962", "966", "971", "972", "974",
    ];

    /// <summary>Writes a rate list.</summary>
    public static void WriteRates(string path)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        file.WriteLine("Destination Name,Country,Prefix,Price / min");
        for (var area = 200; area < 1000; area += 5)
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"United States,US,1{area},0.01{area % 10}"));
        file.WriteLine("United States,US,1,0.013");
        foreach (var code in CallingCodes)
        {
            file.WriteLine($"Country {code},,{code},0.0{code[^1]}5");
            for (var part = 1; part < 10; part++)
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Country {code} mobile,,{code}{part},0.{part}{code[^1]}"));
        }
    }

    /// <summary>Writes an export with calls in the order of their starts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">How many calls.</param>
    /// <param name="seed">The same calls for the same seed.</param>
    /// <param name="start">The first day.</param>
    public static void WriteUsage(string path, int rows, int seed, DateTime start)
    {
        var random = new Random(seed);
        var users = new (byte[] Id, int Number)[500];
        for (var i = 0; i < users.Length; i++)
            users[i] = (Encoding.ASCII.GetBytes(Identity(random).ToString()), i);
        var step = TimeSpan.FromDays(28).Ticks / Math.Max(rows, 1);
        var line = new byte[2048];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        file.Write(Encoding.ASCII.GetBytes(Header + "\n"));
        for (var i = 0; i < rows; i++)
        {
            var (type, capability, numberType, context) = Pick(random);
            var isDomestic = context.Length == 0 || context == "Domestic";
            var prefix = random.NextDouble() < 0.002 ? "53" : isDomestic ? "1" : CallingCodes[random.Next(CallingCodes.Length)];
            var seconds = random.NextDouble() < 0.05 ? 0 : (int)(-240 * Math.Log(1 - random.NextDouble())) + 1;
            var at = new DateTime(start.Ticks + (i * step) + random.NextInt64(Math.Max(step, 1)), DateTimeKind.Utc);
            var user = users[random.Next(users.Length)];
            var row = new Row(line);
            row.Add(Identity(random));
            row.Add(Identity(random));
            if (type.StartsWith("conf", StringComparison.Ordinal))
                row.Add(Identity(random));
            else
                row.Add(string.Empty);
            row.Add("US");
            row.Add(user.Id);
            row.Add(string.Create(CultureInfo.InvariantCulture, $"user{user.Number}@contoso.com"));
            row.Add(string.Create(CultureInfo.InvariantCulture, $"User {user.Number}"));
            row.Add(string.Create(CultureInfo.InvariantCulture, $"+1425555{user.Number:d4}"));
            row.Add(type);
            row.Add(numberType);
            row.Add(context);
            row.Add(isDomestic ? "United States" : "Abroad");
            row.AddNumber(prefix, random);
            row.Add(at);
            row.Add(at.AddSeconds(seconds));
            row.Add(seconds.ToString(CultureInfo.InvariantCulture));
            row.Add(string.Empty);
            row.Add(string.Empty);
            row.Add("USD");
            row.Add(capability);
            file.Write(row.End());
        }
    }

    private static Guid Identity(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private static (string Type, string Capability, string NumberType, string Context) Pick(Random random)
    {
        var at = random.Next(Mix.Sum(kind => kind.Weight));
        foreach (var kind in Mix)
        {
            at -= kind.Weight;
            if (at < 0)
                return (kind.Type, kind.Capability, kind.NumberType, kind.Context);
        }

        throw new InvalidOperationException();
    }

    /// <summary>A line of the export.</summary>
    private ref struct Row(byte[] line)
    {
        private int _length;

        public void Add(scoped ReadOnlySpan<byte> value)
        {
            value.CopyTo(line.AsSpan(_length));
            _length += value.Length;
            line[_length++] = (byte)',';
        }

        public void Add(string value)
        {
            _length += Encoding.ASCII.GetBytes(value, line.AsSpan(_length));
            line[_length++] = (byte)',';
        }

        public void Add(Guid value)
        {
            Utf8Formatter.TryFormat(value, line.AsSpan(_length), out var written);
            _length += written;
            line[_length++] = (byte)',';
        }

        public void Add(DateTime value)
        {
            Utf8Formatter.TryFormat(value, line.AsSpan(_length), out var written, 'O');
            _length += written;
            line[_length++] = (byte)',';
        }

        public void AddNumber(string prefix, Random random)
        {
            line[_length++] = (byte)'+';
            _length += Encoding.ASCII.GetBytes(prefix, line.AsSpan(_length));
            for (var digits = prefix.Length; digits < 11; digits++)
                line[_length++] = (byte)('0' + random.Next(10));
            line[_length++] = (byte)',';
        }

        public readonly ReadOnlySpan<byte> End()
        {
            line[_length - 1] = (byte)'\n';
            return line.AsSpan(0, _length);
        }
    }
}
