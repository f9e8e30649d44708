using System.Text;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// A run of usage records in the order of their source, and the text they point into. A batch is posted as one transaction, so
/// its size is the size of a commit; it is filled, posted and reset again and again.
/// </summary>
internal sealed class UsageBatch
{
    /// <summary>The records a batch takes at most: large enough to be fast, small enough to be answered within a second.</summary>
    public const int Capacity = 12 * 1024;

    private UsageCall[] _calls;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="like">One that was filled of the same source, whose size it gets at once; or null.</param>
    public UsageBatch(UsageBatch? like = null)
    {
        _calls = new UsageCall[like?._calls.Length ?? 256];
        Text = Pinned(like?.Text.Length ?? 64 * 1024);
    }

    /// <summary>The format the records came in.</summary>
    public UsageFormat Format { get; set; }

    /// <summary>What the source calls the fields, by <see cref="UsageField"/>; null where it has the names of its format.</summary>
    public string?[]? FieldNames { get; set; }

    /// <summary>The text that the slices of the calls point into. It does not move in memory, so that a store may point into it too.</summary>
    public byte[] Text { get; private set; }

    /// <summary>How much of <see cref="Text"/> is used.</summary>
    public int TextLength { get; set; }

    /// <summary>The records.</summary>
    public Span<UsageCall> Calls => _calls.AsSpan(0, Count);

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it takes little memory, so that it may lie about for a while.</summary>
    public bool IsSmall => Text.Length <= 1024 * 1024;

    /// <summary>Whether no more records should be added.</summary>
    public bool IsFull => Count >= Capacity;

    /// <summary>How far the source has been read, in bytes, for progress.</summary>
    public long SourcePosition { get; set; }

    /// <summary>The source's header line, where it has one, for the quarantine file.</summary>
    public byte[]? Header { get; set; }

    /// <summary>Adds a record, blank.</summary>
    public ref UsageCall Add()
    {
        if (Count == _calls.Length)
            Array.Resize(ref _calls, Math.Min(Count * 4, Math.Max(Capacity, Count * 2)));
        ref var call = ref _calls[Count++];
        call = default;
        return ref call;
    }

    /// <summary>The bytes of a slice.</summary>
    public ReadOnlySpan<byte> Bytes(TextSlice slice) => Text.AsSpan(slice.Start, slice.Length);

    /// <summary>The text of a slice, or null where it is empty.</summary>
    public string? String(TextSlice slice) => slice.IsEmpty ? null : Encoding.UTF8.GetString(Bytes(slice));

    /// <summary>What the source of the records calls a field.</summary>
    public string NameOf(UsageField field) => FieldNames?[(int)field] ?? UsageFieldNames.NameOf(field, Format);

    /// <summary>Copies bytes to the end of the text.</summary>
    public TextSlice Append(ReadOnlySpan<byte> bytes)
    {
        EnsureText(bytes.Length);
        bytes.CopyTo(Text.AsSpan(TextLength));
        var slice = new TextSlice(TextLength, bytes.Length);
        TextLength += bytes.Length;
        return slice;
    }

    /// <summary>Copies text to the end of the batch's text.</summary>
    public TextSlice Append(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return default;
        EnsureText(Encoding.UTF8.GetMaxByteCount(text.Length));
        var slice = new TextSlice(TextLength, Encoding.UTF8.GetBytes(text, Text.AsSpan(TextLength)));
        TextLength += slice.Length;
        return slice;
    }

    /// <summary>Makes room for so many more bytes of text; slices stay valid.</summary>
    public void EnsureText(int more)
    {
        if (Text.Length - TextLength >= more)
            return;
        var grown = Pinned(Math.Max(Text.Length * 2, TextLength + more));
        Text.AsSpan(0, TextLength).CopyTo(grown);
        Text = grown;
    }

    /// <summary>Empties the batch for the next run of records.</summary>
    public void Reset()
    {
        Count = 0;
        TextLength = 0;
    }

    private static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);
}
