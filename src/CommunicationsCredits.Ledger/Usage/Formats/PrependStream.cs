namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>A source whose first bytes were read to recognise it, and are read again.</summary>
/// <param name="head">The bytes that were read; the stream begins with them.</param>
/// <param name="rest">What follows them; it is closed with this stream.</param>
internal sealed class PrependStream(ReadOnlyMemory<byte> head, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _head = head;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_head.IsEmpty)
            return rest.Read(buffer);
        var length = Math.Min(buffer.Length, _head.Length);
        _head.Span[..length].CopyTo(buffer);
        _head = _head[length..];
        return length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
