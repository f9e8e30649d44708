using System.Globalization;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// The part of a source that lies in a batch's text and has not been split yet. A source is read straight into the batch, so
/// that records are slices of it; what a batch leaves over is carried to the next one.
/// </summary>
internal sealed class SourceWindow : IDisposable
{
    /// <summary>The bytes read at a time.</summary>
    public const int DefaultChunk = 256 * 1024;

    /// <summary>The text a batch takes, in bytes, unless a single record needs more.</summary>
    private const int MaximumText = 7 * 1024 * 1024;

    private readonly Stream _source;
    private readonly int _chunk;
    private byte[] _carry = [];
    private int _carried;

    /// <summary>Opens a window on a source.</summary>
    /// <param name="source">The source, in UTF-8; the window closes it.</param>
    /// <param name="position">The byte of the file that the source begins with.</param>
    /// <param name="chunk">The bytes to read at a time.</param>
    public SourceWindow(Stream source, long position = 0, int chunk = DefaultChunk)
    {
        _source = source;
        _chunk = chunk;
        Position = position;
    }

    /// <summary>Where the window starts in the batch's text; whoever takes a record moves it on.</summary>
    public int Start { get; set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>Whether nothing comes after the window.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Why the source broke off before its end, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>The bytes of the source that the window, and everything before it, takes.</summary>
    public long Position { get; private set; }

    /// <summary>The byte of the source that a place in the window is.</summary>
    public long PositionOf(int place) => Position - (End - place);

    /// <summary>Goes on in an empty batch.</summary>
    public void Enter(UsageBatch batch)
    {
        var carried = batch.Append(_carry.AsSpan(0, _carried));
        Start = carried.Start;
        End = carried.Start + carried.Length;
        _carried = 0;
    }

    /// <summary>Keeps what the batch leaves over.</summary>
    public void Leave(UsageBatch batch)
    {
        _carried = End - Start;
        if (_carry.Length < _carried)
            _carry = new byte[_carried];
        batch.Text.AsSpan(Start, _carried).CopyTo(_carry);
        batch.TextLength = Math.Max(batch.TextLength, End);
    }

    /// <summary>Whether the batch should take more text.</summary>
    public bool HasRoom(UsageBatch batch) => batch.Count == 0 || batch.TextLength + _chunk <= MaximumText;

    /// <summary>Makes the window longer, or finds that the source has ended.</summary>
    /// <returns>False where that was known before.</returns>
    [MethodImpl(HotPath.Compiled)]
    public bool Extend(UsageBatch batch)
    {
        if (IsLast)
            return false;
        MakeContiguous(batch);
        batch.EnsureText(_chunk);
        for (var missing = _chunk; missing > 0;)
        {
            var read = Read(batch.Text.AsSpan(batch.TextLength, missing));
            if (read == 0)
            {
                IsLast = true;
                break;
            }

            batch.TextLength += read;
            Position += read;
            missing -= read;
        }

        End = batch.TextLength;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Moves the window to where the batch's text ends: what was appended since lies behind it.</summary>
    private void MakeContiguous(UsageBatch batch)
    {
        var length = End - Start;
        if (batch.Count == 0)
        {
            // No record points into the text yet, so what was passed over need not be kept.
            batch.Text.AsSpan(Start, length).CopyTo(batch.Text);
            Start = 0;
            batch.TextLength = length;
        }
        else if (batch.TextLength != End)
        {
            batch.EnsureText(length);
            Start = batch.Append(batch.Text.AsSpan(Start, length)).Start;
        }

        End = Start + length;
    }

    private int Read(Span<byte> buffer)
    {
        try
        {
            return _source.Read(buffer);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // What was read before is good, and is kept.
            Failure = string.Create(
                CultureInfo.InvariantCulture,
                $"the file breaks off after byte {Position}: {error.Message.TrimEnd('.')}. Get it again.");
            return 0;
        }
    }
}
