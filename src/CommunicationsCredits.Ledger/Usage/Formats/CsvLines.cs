namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>The lines of a CSV file that are no records: blank ones, and what tools write before a header.</summary>
internal static class CsvLines
{
    /// <summary>The line without blanks, quotes and byte order marks around it.</summary>
    public static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t"u8);
        while (line.StartsWith("\uFEFF"u8))
            line = line[3..].Trim(" \t"u8);
        return line;
    }

    /// <summary>Whether the line holds nothing but separators, quotes and blanks.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t,;\""u8) < 0;

    /// <summary>Whether it is <c>sep=;</c>, which spreadsheets write, or <c>#TYPE …</c>, which Windows PowerShell writes.</summary>
    /// <param name="line">The line, trimmed.</param>
    /// <param name="separator">The separator that it declares, or null.</param>
    public static bool IsDeclaration(ReadOnlySpan<byte> line, out byte? separator)
    {
        separator = null;
        line = line.TrimStart((byte)'"');
        if (line.StartsWith("#TYPE"u8))
            return true;
        if (line.Length < 4 || !System.Text.Ascii.EqualsIgnoreCase(line[..4], "sep="u8))
            return false;
        line = line[4..];

        // A tab was trimmed away; it shows in the header.
        separator = line.IsEmpty || line[0] == '"' ? null : line[0];
        return line.TrimEnd(" \"\t"u8).Length <= 1;
    }
}
