using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>The text of a usage file that comes on the pipeline, as a whole or line by line, as Get-Content gives it.</summary>
internal sealed class UsageText
{
    /// <summary>What such an import's source is called.</summary>
    public const string Source = "(text)";

    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>Whether a text is what a usage file begins with, and no path: JSON, a CSV header, or what tools write before one.</summary>
    public static bool Begins(string text)
    {
        var start = text.AsSpan().TrimStart("\uFEFF \t\r\n");
        if (start.IsEmpty)
            return false;
        var next = start[1..].TrimStart();
        if (start[0] is '{' or '[' && (next.IsEmpty || next[0] is '"' or '{' or '}' or ']'))
            return true;
        if (start.StartsWith("#TYPE", StringComparison.Ordinal) || (start.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && start.Length <= 8))
            return true;
        var end = start.IndexOfAny('\r', '\n');
        var line = (end < 0 ? start : start[..end]).ToString();
        return line.Split(',', ';', '\t').Count(name => UsageFieldNames.TryFind(name.Trim('"'), out _)) >= 3;
    }

    /// <summary>Adds a text, and the line end that Get-Content took away.</summary>
    public void Add(string text)
    {
        Encoding.UTF8.GetBytes(text, _text);
        _text.Write("\n"u8);
    }

    /// <summary>The text from its start.</summary>
    public Stream Open() => MemoryMarshal.TryGetArray(_text.WrittenMemory, out var bytes)
        ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
        : new MemoryStream(_text.WrittenSpan.ToArray(), writable: false);
}
