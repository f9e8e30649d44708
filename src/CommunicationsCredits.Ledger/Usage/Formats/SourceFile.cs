using System.Runtime.ExceptionServices;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// A file that is read once from its start. Opening and reading a pipe may wait for ever, so both are done on a thread of their own,
/// and whoever waits can stop. Of a file, what is there when it is opened is read: a file that grows while it is read has an end.
/// </summary>
internal sealed class SourceFile : IDisposable
{
    private SourceFile(Stream content, FileStream? whole)
    {
        Content = content;
        Whole = whole;
        if (whole is not null)
            Progress = () => whole.Position;
    }

    /// <summary>What is read.</summary>
    public Stream Content { get; }

    /// <summary>The file itself, where one can seek in it; null of a pipe.</summary>
    public FileStream? Whole { get; }

    /// <summary>How far it has been read, in bytes; null of a pipe.</summary>
    public Func<long>? Progress { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: the file is missing, or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SourceFile Open(string path, CancellationToken cancellation)
    {
        try
        {
            if (Directory.Exists(path))
                throw LedgerErrors.UnknownFormat(path, "it is a folder. Give the files in it.");
            var opening = Task.Factory.StartNew(() => OpenFile(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            try
            {
                opening.Wait(cancellation);
            }
            catch (OperationCanceledException)
            {
                // A pipe opens when somebody writes to it; then nobody reads.
                _ = opening.ContinueWith(
                    opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }
            catch (AggregateException failure)
            {
                ExceptionDispatchInfo.Throw(failure.InnerException!);
            }

            var file = opening.Result;
            return file.CanSeek
                ? new(new BoundedStream(file, file.Length), file)
                : new(new PumpStream(file, cancellation), null);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw LedgerErrors.UnknownFormat(path, "the file does not exist.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw CannotBeRead(path, error);
        }
    }

    /// <summary>Opens what is known to be a file on the calling thread.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SourceFile OpenAtOnce(string path)
    {
        var file = OpenFile(path);
        return new(new BoundedStream(file, file.Length), file);
    }

    /// <summary>The error of a file that cannot be read.</summary>
    public static CreditException CannotBeRead(string path, Exception error) => LedgerErrors.UnknownFormat(
        path, error is UnauthorizedAccessException
            ? "it cannot be read: access is denied."
            : $"it cannot be read: {error.Message.TrimEnd('.')}.");

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();

    /// <summary>No buffer of its own: what is read goes straight into a batch.</summary>
    private static FileStream OpenFile(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.SequentialScan,
        BufferSize = 0,
    });
}
