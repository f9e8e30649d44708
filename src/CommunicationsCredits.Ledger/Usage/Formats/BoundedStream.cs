namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>The first bytes of a stream, as if nothing followed.</summary>
/// <param name="content">The stream; closed with this one.</param>
/// <param name="length">How many bytes.</param>
internal sealed class BoundedStream(Stream content, long length) : ForwardStream
{
    private long _left = length;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
