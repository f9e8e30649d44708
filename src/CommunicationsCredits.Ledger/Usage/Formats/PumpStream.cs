using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// Reads a source that may make its reader wait for ever, a pipe say, on a thread of its own, so that whoever reads this stream can
/// stop. A thread that still waits then is left behind: it ends with its source, or with the process.
/// </summary>
internal sealed class PumpStream : ForwardStream
{
    private const int PieceLength = 64 * 1024;
    private const int MostPieces = 8;

    private readonly CancellationToken _cancellation;
    private readonly BlockingCollection<ReadOnlyMemory<byte>> _pieces = new(MostPieces);
    private readonly CancellationTokenSource _disposed = new();
    private ReadOnlyMemory<byte> _piece;
    private Exception? _failure;

    /// <summary>Begins to read.</summary>
    /// <param name="source">The source; closed when the reading ends.</param>
    /// <param name="cancellation">Stops whoever waits.</param>
    public PumpStream(Stream source, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        new Thread(() => Pump(source, _disposed.Token)) { IsBackground = true, Name = "Usage source" }.Start();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_piece.IsEmpty && !_pieces.TryTake(out _piece, Timeout.Infinite, _cancellation))
        {
            if (_failure is not null)
                ExceptionDispatchInfo.Throw(_failure);
            return 0;
        }

        var length = Math.Min(buffer.Length, _piece.Length);
        _piece.Span[..length].CopyTo(buffer);
        _piece = _piece[length..];
        return length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _disposed.Cancel();
        base.Dispose(disposing);
    }

    private void Pump(Stream source, CancellationToken disposed)
    {
        try
        {
            while (!disposed.IsCancellationRequested)
            {
                var piece = new byte[PieceLength];
                var read = source.Read(piece);
                if (read == 0)
                    break;
                _pieces.Add(piece.AsMemory(0, read), disposed);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
        finally
        {
            _pieces.CompleteAdding();
            source.Dispose();
        }
    }
}
