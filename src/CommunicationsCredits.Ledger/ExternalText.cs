using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger;

/// <summary>
/// Text that another program or server answered with, made fit to be kept and shown: one line of bearable length, without what
/// looks like a card number (R9), and without the secrets that were sent there.
/// </summary>
internal static class ExternalText
{
    private const int Longest = 256;

    /// <summary>The text as it may be kept.</summary>
    /// <param name="text">The text as it came.</param>
    /// <param name="secrets">What it must not repeat; null and empty ones are ignored.</param>
    public static string Clean(string text, params ReadOnlySpan<string?> secrets)
    {
        foreach (var secret in secrets)
        {
            if (!string.IsNullOrEmpty(secret))
                text = text.Replace(secret, "****", StringComparison.Ordinal);
        }

        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (CardNumbers.Contains(line))
            return "(withheld: it holds what looks like a card number)";
        return line.Length <= Longest ? line : line[..Longest];
    }
}
