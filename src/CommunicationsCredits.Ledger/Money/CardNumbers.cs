namespace CommunicationsCredits.Ledger.Money;

/// <summary>Keeps card numbers out (R9).</summary>
internal static class CardNumbers
{
    private const int Fewest = 13;
    private const int Most = 19;

    /// <summary>Refuses text that looks as if it held a card number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="field">What the text is, for the message, which does not repeat it.</param>
    /// <exception cref="CreditException"><c>CardNumberRefused</c>.</exception>
    public static void Refuse(string? text, string field)
    {
        if (text is not null && Holds(text))
            throw LedgerErrors.CardNumberRefused(field);
    }

    /// <summary>Whether text holds 13 to 19 digits, blanks and hyphens among them, that pass the Luhn test.</summary>
    public static bool Holds(string text)
    {
        Span<int> digits = stackalloc int[Most];
        var count = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\0';
            if (char.IsAsciiDigit(c))
            {
                if (count < Most)
                    digits[count] = c - '0';
                count++;
            }
            else if (c is not (' ' or '-') || count == 0)
            {
                if (count is >= Fewest and <= Most && PassesLuhn(digits[..count]))
                    return true;
                count = 0;
            }
        }

        return false;
    }

    private static bool PassesLuhn(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i];
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }
}
