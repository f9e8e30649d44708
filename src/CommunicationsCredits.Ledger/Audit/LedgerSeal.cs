using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>
/// A seal of a ledger (H1c): for each tenant, and for the ledger's own chain, the sequence and the hash of the last entry. Kept elsewhere, it
/// shows later that each of these entries is still there: a chain alone cannot show that its end was cut off or that an older copy was put
/// back. Every line is complete in itself, so that writers may go on while a seal is made.
/// </summary>
public sealed class LedgerSeal
{
    /// <summary>No seal has more lines; a longer file is something else.</summary>
    private const int MostLines = 10_000_000;

    private const string LedgerWord = "ledger";
    private const string TenantWord = "tenant";

    private LedgerSeal(SealedEntry? ledger, SortedDictionary<long, SealedEntry> tenants)
    {
        Ledger = ledger;
        Tenants = tenants;
    }

    /// <summary>The last entry of the ledger's own chain, or null where the seal has no such line.</summary>
    internal SealedEntry? Ledger { get; }

    /// <summary>The last entries of the tenants' chains, by the tenants' numbers.</summary>
    internal SortedDictionary<long, SealedEntry> Tenants { get; }

    /// <summary>The SHA-256 of the seal's lines in hexadecimal capitals: that of the file which holds them.</summary>
    public string Digest => Convert.ToHexString(SHA256.HashData(Content()));

    /// <summary>Reads a seal.</summary>
    /// <param name="path">The file's full path.</param>
    /// <exception cref="CreditException"><c>SealInvalid</c>: the file is missing, cannot be read, or is no seal.</exception>
    public static LedgerSeal Read(string path)
    {
        try
        {
            return Parse(path, File.ReadLines(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CreditException(CreditErrorId.SealInvalid, $"The seal '{path}' cannot be read: {problem.Message}", path, problem);
        }
    }

    /// <summary>The seal of one state of a ledger; removed tenants keep their chains, and are in it.</summary>
    internal static LedgerSeal Of(LedgerSnapshot snapshot)
    {
        var head = snapshot.States.LedgerHead();
        var tenants = new SortedDictionary<long, SealedEntry>();
        foreach (var (number, account) in snapshot.Tenants.Accounts())
            tenants.Add(number, new(account.Sequence, account.Hash));
        return new(new(head.Sequence, head.Hash), tenants);
    }

    /// <summary>The seal's lines, as its file has them.</summary>
    internal byte[] Content()
    {
        var lines = new StringBuilder();
        if (Ledger is { } own)
            lines.Append(CultureInfo.InvariantCulture, $"{LedgerWord} {own.Sequence} {Convert.ToHexString(own.Hash)}\n");
        foreach (var (number, last) in Tenants)
            lines.Append(CultureInfo.InvariantCulture, $"{TenantWord} {number} {last.Sequence} {Convert.ToHexString(last.Hash)}\n");
        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    private static LedgerSeal Parse(string path, IEnumerable<string> lines)
    {
        SealedEntry? ledger = null;
        var tenants = new SortedDictionary<long, SealedEntry>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var words = line.Split(' ');
            var isKnown = words switch
            {
                [LedgerWord, var sequence, var hash] => ledger is null && TryParse(sequence, hash, out ledger),
                [TenantWord, var tenant, var sequence, var hash] => number <= MostLines && TryParse(tenant, out var key)
                    && TryParse(sequence, hash, out var last) && tenants.TryAdd(key, last),
                _ => false,
            };
            if (!isKnown)
                throw Invalid(path, string.Create(CultureInfo.InvariantCulture, $"line {number} is neither 'ledger SEQUENCE HASH' nor 'tenant NUMBER SEQUENCE HASH'"));
        }

        return number == 0 ? throw Invalid(path, "it is empty") : new(ledger, tenants);
    }

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryParse(string sequence, string hash, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SealedEntry? last)
    {
        last = null;
        if (!TryParse(sequence, out var number) || hash.Length != 2 * SHA256.HashSizeInBytes || !hash.All(char.IsAsciiHexDigit))
            return false;
        last = new(number, Convert.FromHexString(hash));
        return true;
    }

    private static CreditException Invalid(string path, string reason) => new(
        CreditErrorId.SealInvalid,
        $"'{path}' is no seal of a ledger: {reason}. Get-CreditLedger -SealPath writes one, and nothing may be changed in it.", path);
}

/// <summary>An entry that a seal names.</summary>
/// <param name="Sequence">Its sequence; 0 where the chain had none yet.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record SealedEntry(long Sequence, byte[] Hash);

/// <summary>Compares one chain with its line of a seal, while the chain is read.</summary>
/// <param name="line">The line, or null where nothing is to be compared.</param>
internal sealed class SealCheck(SealedEntry? line)
{
    private bool _isMet = line is null || line.Sequence == 0;

    /// <summary>Whether an entry read is the sealed one, and has another hash than the seal says.</summary>
    public bool IsReplaced(long sequence, ReadOnlySpan<byte> hash)
    {
        if (line is null || sequence != line.Sequence)
            return false;
        _isMet = true;
        return !hash.SequenceEqual(line.Hash);
    }

    /// <summary>What is wrong at the end of the chain; null where the sealed entry was met.</summary>
    /// <param name="last">The chain's last sequence.</param>
    public string? Missing(long last) => _isMet
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"it ends with entry {last}, and the seal knows entry {line!.Sequence}: its end was cut off, or an older copy was put back.");
}
