namespace CommunicationsCredits.Ledger.Money;

/// <summary>Keeps card numbers out (R9).</summary>
public static class CardNumbers
{
    private const int Fewest = 13;
    private const int Most = 19;
    private const int FewestInGroup = 3;

    /// <summary>Refuses text that looks as if it held a card number, and a NUL, which not every store can keep.</summary>
    /// <param name="text">The text.</param>
    /// <param name="field">What the text is, for the message, which does not repeat it.</param>
    /// <exception cref="CreditException"><c>CardNumberRefused</c>, <c>RuleInvalid</c>.</exception>
    public static void Refuse(string? text, string field)
    {
        if (text is not null && Contains(text))
            throw LedgerErrors.CardNumberRefused(field);
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
            throw LedgerErrors.NulRefused(field);
    }

    /// <summary>
    /// Whether text holds 13 to 19 digits that pass the Luhn test: a run of digits, blanks and hyphens as a whole, or whole groups
    /// of it, so that a year or an order number beside a card number does not hide it. Of groups within a run, those of one or
    /// two digits are no card's: dates stay what they are.
    /// </summary>
    public static bool Contains(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) && (i == 0 || !char.IsAsciiDigit(text[i - 1])) && StartsCard(text, i))
                return true;
        }

        return false;
    }

    private static bool StartsCard(string text, int start)
    {
        Span<int> digits = stackalloc int[Most];
        var count = 0;
        var isCardLike = true;
        for (var i = start; i < text.Length;)
        {
            var group = i;
            for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
            {
                if (count == Most)
                    return false;
                digits[count++] = text[i] - '0';
            }

            isCardLike &= i - group >= FewestInGroup;
            while (i < text.Length && text[i] is (' ' or '-'))
                i++;
            var isEnd = i == text.Length || !char.IsAsciiDigit(text[i]);
            if (count >= Fewest && (isCardLike || (isEnd && IsStart(text, start))) && PassesLuhn(digits[..count]))
                return true;
            if (isEnd)
                return false;
        }

        return false;
    }

    /// <summary>Whether no digit stands before it, blanks and hyphens aside.</summary>
    private static bool IsStart(string text, int start)
    {
        while (start > 0 && text[start - 1] is (' ' or '-'))
            start--;
        return start == 0 || !char.IsAsciiDigit(text[start - 1]);
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
