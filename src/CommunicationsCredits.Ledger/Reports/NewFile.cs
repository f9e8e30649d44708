namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// A file that appears under its name when it is complete, or not at all: it is written beside its place, made durable, and moved
/// there. Only its owner can read it.
/// </summary>
internal sealed class NewFile : IDisposable
{
    private readonly string _path;
    private readonly string _draft;
    private readonly bool _force;
    private readonly FileStream _file;

    /// <summary>Begins the file.</summary>
    /// <param name="path">Where it will be.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <exception cref="CreditException"><c>FileExists</c>.</exception>
    /// <exception cref="IOException">It cannot be written there.</exception>
    public NewFile(string path, bool force)
    {
        _path = Path.GetFullPath(path);
        _force = force;
        if (Directory.Exists(_path) || (!force && File.Exists(_path)))
            throw LedgerErrors.FileExists(_path);
        if (Path.GetDirectoryName(_path) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'. Make it first, or give another path.");
        _draft = $"{_path}.{Guid.NewGuid():N}.part";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new(_draft, options);
    }

    /// <summary>What the content is written to.</summary>
    public Stream Stream => _file;

    /// <summary>Leaves the draft to a writer that opens it by its path and makes it durable itself.</summary>
    public string HandOver()
    {
        _file.Dispose();
        return _draft;
    }

    /// <summary>Gives the file its name: all of it is written.</summary>
    /// <exception cref="CreditException"><c>FileExists</c>: a file of that name was made meanwhile.</exception>
    public void Complete()
    {
        if (_file.CanWrite)
            _file.Flush(flushToDisk: true);
        _file.Dispose();
        try
        {
            File.Move(_draft, _path, _force);
        }
        catch (IOException) when (!_force && File.Exists(_path))
        {
            throw LedgerErrors.FileExists(_path);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_draft);
    }
}
