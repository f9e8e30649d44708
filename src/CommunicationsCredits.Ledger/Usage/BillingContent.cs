using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Whether two exports of one record say the same of what is billed (U3).</summary>
internal static class BillingContent
{
    private const long MicrosPerCent = Amount.MicrosPerUnit / 100;

    /// <summary>The first field of billing content in which a known record and a new one differ, or null.</summary>
    /// <param name="knownBatch">The text of the known record.</param>
    /// <param name="known">The known record.</param>
    /// <param name="isBlanked">Whether its numbers were blanked, and so cannot be compared (C4).</param>
    /// <param name="batch">The text of the new record.</param>
    /// <param name="call">The new record.</param>
    public static UsageField? Difference(UsageBatch knownBatch, in UsageCall known, bool isBlanked, UsageBatch batch, in UsageCall call)
    {
        if (!Same(knownBatch.Bytes(known.CallType), batch.Bytes(call.CallType)))
            return UsageField.CallType;
        if (known.StartedAt.Ticks / TimeSpan.TicksPerSecond != call.StartedAt.Ticks / TimeSpan.TicksPerSecond)
            return UsageField.StartedAt;
        if (known.Duration != call.Duration)
            return UsageField.Duration;
        if (!isBlanked && !SameNumber(knownBatch.Bytes(known.Callee), batch.Bytes(call.Callee)))
            return UsageField.Callee;
        if (Cents(known) != Cents(call))
            return UsageField.Charge;
        if (!Same(knownBatch.Bytes(known.Currency), batch.Bytes(call.Currency)))
            return UsageField.Currency;
        return Same(knownBatch.Bytes(known.Capability), batch.Bytes(call.Capability)) ? null : UsageField.Capability;
    }

    /// <summary>
    /// A number that is the same for records that say the same, and hardly ever for others. Of the number called it takes the beginning,
    /// which no mask hides.
    /// </summary>
    public static int Fingerprint(UsageBatch batch, in UsageCall call)
    {
        const int Visible = 6;
        var hash = default(HashCode);
        AddText(ref hash, batch.Bytes(call.CallType));
        hash.Add(call.StartedAt.Ticks / TimeSpan.TicksPerSecond);
        hash.Add(call.Duration);
        var callee = batch.Bytes(call.Callee);
        hash.AddBytes(callee[..Math.Min(callee.Length, Visible)]);
        hash.Add(Cents(call));
        AddText(ref hash, batch.Bytes(call.Currency));
        AddText(ref hash, batch.Bytes(call.Capability));
        return hash.ToHashCode();
    }

    private static void AddText(ref HashCode hash, ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
            hash.Add(letter is >= (byte)'a' and <= (byte)'z' ? letter - 32 : letter);
        hash.Add(-1);
    }

    /// <summary>The own charge; one that cannot be used, and was not needed, is kept as none.</summary>
    private static long? Cents(in UsageCall call) =>
        call.RecordedChargeState == RecordedChargeState.Known ? (call.RecordedCharge.Micros + (MicrosPerCent / 2)) / MicrosPerCent : null;

    private static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => System.Text.Ascii.EqualsIgnoreCase(left, right)
        || left.SequenceEqual(right);

    /// <summary>A masked number is the same as one that begins with its visible digits.</summary>
    private static bool SameNumber(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
            return true;
        Span<byte> leftBuffer = stackalloc byte[NumberDigits.Maximum], rightBuffer = stackalloc byte[NumberDigits.Maximum];
        var leftNumber = NumberDigits.Read(left, leftBuffer);
        var rightNumber = NumberDigits.Read(right, rightBuffer);

        // What is no number, or shows too few digits to be rated, is compared as it is written.
        if (leftNumber.IsNumber != rightNumber.IsNumber)
            return IsMaskOf(left, right) || IsMaskOf(right, left);
        if (!leftNumber.IsNumber)
            return left.IsEmpty == right.IsEmpty && (Same(left, right) || IsMaskOf(left, right) || IsMaskOf(right, left));
        return leftNumber.Digits.SequenceEqual(rightNumber.Digits)
            || (left.Contains((byte)'*') && rightNumber.Digits.StartsWith(leftNumber.Digits))
            || (right.Contains((byte)'*') && leftNumber.Digits.StartsWith(rightNumber.Digits));
    }

    /// <summary>Whether a text is the other one with its end masked.</summary>
    private static bool IsMaskOf(ReadOnlySpan<byte> masked, ReadOnlySpan<byte> whole)
    {
        var visible = masked.IndexOf((byte)'*');
        return visible > 0 && whole.StartsWith(masked[..visible]);
    }
}
