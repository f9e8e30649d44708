namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// The content of a zip's member, checked against the length and checksum that the zip gives: a member that breaks off, or was
/// damaged, fails where it ends, instead of passing for a whole one.
/// </summary>
/// <param name="content">The content; it is closed with this stream.</param>
/// <param name="length">Its length, in bytes.</param>
/// <param name="checksum">Its CRC-32.</param>
internal sealed class ZipMemberStream(Stream content, long length, uint checksum) : ForwardStream
{
    private const int Slices = 8;

    private static readonly uint[][] Tables = BuildTables();

    private long _read;
    private uint _crc = uint.MaxValue;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        _read += read;
        _crc = Add(_crc, buffer[..read]);
        if (read > 0 || buffer.IsEmpty)
            return read;
        if (_read < length)
            throw new InvalidDataException("the zip's member ends before its length");
        if (~_crc != checksum || _read > length)
        {
            throw new InvalidDataException(
                "the zip's member does not have the checksum it should have, so that any of its records may be damaged");
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Eight bytes at a time: one at a time would take longer than reading the records.</summary>
    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            crc = Tables[7][bytes[0] ^ (crc & 0xFF)] ^ Tables[6][bytes[1] ^ ((crc >> 8) & 0xFF)]
                ^ Tables[5][bytes[2] ^ ((crc >> 16) & 0xFF)] ^ Tables[4][bytes[3] ^ (crc >> 24)]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }

        foreach (var b in bytes)
            crc = Tables[0][(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    private static uint[][] BuildTables()
    {
        const uint polynomial = 0xEDB88320;
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                var crc = slice == 0 ? value : tables[slice - 1][value];
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
                tables[slice][value] = crc;
            }
        }

        return tables;
    }
}
