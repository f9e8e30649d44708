namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>A file of usage within another.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Open">Opens it; raises <c>UnknownFormat</c> where it turns out to be no usage.</param>
internal sealed record UsageFile(string Name, Func<UsageReader> Open);

/// <summary>Reads several files, such as the members of a zip, as one source, in their order.</summary>
internal sealed class UsageFilesReader : UsageReader
{
    private readonly IReadOnlyList<UsageFile> _files;
    private readonly IReadOnlyList<(string Name, string Reason)> _others;
    private readonly ExportPeriod? _period;
    private readonly Func<long>? _progress;
    private readonly IDisposable? _owner;
    private readonly List<(string Name, UsageReader Reader)> _read = [];
    private UsageReader? _reader;
    private int _next;

    /// <summary>Reads one or more files as one source.</summary>
    /// <param name="files">The files.</param>
    /// <param name="others">What lies beside them and is passed over, and why.</param>
    /// <param name="period">The period that the source says it covers, or null.</param>
    /// <param name="progress">How far the source has been read, in bytes.</param>
    /// <param name="owner">What the files are in; closed with the reader.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: the first file is no usage.</exception>
    public UsageFilesReader(
        IReadOnlyList<UsageFile> files, IReadOnlyList<(string Name, string Reason)> others, ExportPeriod? period, Func<long>? progress,
        IDisposable? owner)
    {
        _files = files;
        _others = others;
        _period = period;
        _progress = progress;
        _owner = owner;
        OpenNext();
        Format = _reader!.Format;
    }

    /// <inheritdoc/>
    public override UsageFormat Format { get; }

    /// <inheritdoc/>
    public override bool IsIncomplete => _read.Count > 0 && _read[^1].Reader.IsIncomplete;

    /// <inheritdoc/>
    public override ExportPeriod? Period => _period ?? _read.Select(file => file.Reader.Period).FirstOrDefault(period => period is not null);

    /// <inheritdoc/>
    public override string? Warning(string source)
    {
        var warnings = _read.Select(file => file.Reader.Warning(_files.Count > 1 ? $"{source} ({file.Name})" : source)).OfType<string>().ToList();

        // The other reports of the same zip are as they should be; of anything else somebody should know that it was not read.
        var unknown = _others.Where(other => other.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            && !OtherReports.All.Any(report => other.Reason.Contains(report.What, StringComparison.Ordinal))).ToList();
        if (unknown.Count > 0)
            warnings.Add($"{source}: {FieldRemarks.Quoted([.. unknown.Select(other => other.Name)])} in it was not read: {unknown[0].Reason}");
        return warnings.Count == 0 ? null : string.Join(" ", warnings);
    }

    /// <inheritdoc/>
    public override bool Read(UsageBatch batch)
    {
        // A batch ends with its file: what follows may have another header.
        while (_reader is not null || OpenNext())
        {
            var any = _reader!.Read(batch);
            if (_progress is not null)
                batch.SourcePosition = _progress();
            if (any)
            {
                Note(batch);
                return true;
            }

            _reader.Dispose();
            _reader = null;
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader?.Dispose();
            _owner?.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool OpenNext()
    {
        if (_next == _files.Count)
            return false;
        var file = _files[_next++];
        _reader = file.Open();
        _read.Add((file.Name, _reader));
        return true;
    }

    /// <summary>A line number says little where there are several files to count lines in.</summary>
    private void Note(UsageBatch batch)
    {
        if (_files.Count == 1)
            return;
        foreach (ref var call in batch.Calls)
        {
            if (call.Refusal is not null)
                call.Refusal = $"{call.Refusal} (In '{_read[^1].Name}'.)";
        }
    }
}
