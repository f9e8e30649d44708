using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Commands.Usage;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Imports usage: files of the Teams admin centre or of Graph, or objects of the same properties.</summary>
[Cmdlet(VerbsData.Import, "UsageRecord",
    HelpUri = HelpPages.Folder + "Import-UsageRecord.md", SupportsShouldProcess = true, DefaultParameterSetName = DefaultSet)]
[OutputType(typeof(UsageImport))]
public sealed class ImportUsageRecordCommand : FileOrObjectCommandBase
{
    private const int ShowEvery = 256;

    private readonly HashSet<string> _declined = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _unknown = new(StringComparer.OrdinalIgnoreCase);
    private UsageRowReader? _reader;
    private ImportProgress? _progress;
    private long _read;
    private UsageObjects? _objects;
    private UsageObjects? _preview;
    private readonly Dictionary<string, string?> _incomplete = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _otherShapes = new(StringComparer.Ordinal);
    private long _otherObjects;
    private readonly RepeatedWarnings _warnings = new();
    private RefusedUsage? _refused;
    private UsageFileImports? _files;
    private UsageText? _text;
    private string _textTenant = string.Empty;

    /// <summary>The tenant whose usage it is.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId")]
    [TenantIdentityTransformation(IsSingle = true)]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity? TenantId { get; set; }

    /// <summary>The format of the files. By default it is recognised by their content.</summary>
    [Parameter]
    public UsageFormat Format { get; set; }

    /// <summary>Which figure a call is charged by: its own charge, the rate sheet's, or by default its own where it has one.</summary>
    [Parameter]
    public PricingSource PricingSource { get; set; }

    /// <summary>What to do with a known record that comes with other billing content. By default it is an error.</summary>
    [Parameter]
    public ConflictAction OnConflict { get; set; }

    /// <summary>A file that refused records are added to, to be imported again once they are repaired.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? QuarantinePath { get; set; }

    /// <summary>Leaves it to Invoke-CreditMaintenance to recharge, where the import lowers the balance below the minimum.</summary>
    [Parameter]
    public SwitchParameter NoRecharge { get; set; }

    private protected override void ProcessFile(string path)
    {
        FlushText();
        var tenant = Tenant();
        var name = System.IO.Path.GetFileName(path);
        Flush();
        if (!Confirm($"Import usage '{path}' of {Called(tenant)}", out var preview))
            return;
        var options = Options(preview);
        if (UsageFileImports.Takes(path, options))
        {
            Accept(tenant, path, options);
            return;
        }

        FinishFiles();
        Import(tenant, name, preview, observer => Read(path, Ledger.Usage.Import(tenant, path, options, observer, StopToken)));
    }

    private protected override bool TryProcessText(string text)
    {
        if (_text is null && !UsageText.Begins(text))
            return false;
        var tenant = Tenant();
        if (_text is not null && !tenant.Equals(_textTenant, StringComparison.OrdinalIgnoreCase))
            FlushText();
        _textTenant = tenant;
        (_text ??= new()).Add(text);
        return true;
    }

    private protected override bool TryProcessRecord(PSObject record, out (string Property, string Value) path)
    {
        path = default;
        FlushText();
        _reader ??= new();
        switch (_reader.Read(record, out var row))
        {
            case UsageObjectKind.Record:
                if (TenantId is not { } asked || !_unknown.Contains(asked.Text))
                    Add(row);
                return true;
            case UsageObjectKind.Blank:
                return true;
            case UsageObjectKind.Page:
                AddPage(record);
                return true;
            default:
                if (FilePathProperty.TryFind(record, out path))
                    return false;
                RefuseObject(record);
                return true;
        }
    }

    private protected override void Finish()
    {
        FlushText();
        FinishFiles();
        foreach (var objects in new[] { _objects, _preview })
        {
            if (objects is null)
                continue;
            objects.Flush();
            Write(objects.Events);
            foreach (var import in objects.Complete())
            {
                Write(objects.Events);
                WriteKept(import.TenantId);
                WriteObject(import);
            }

            Write(objects.Events);
        }

        _progress?.Done();
        foreach (var (tenant, source) in _incomplete)
        {
            if (source is not null)
            {
                WriteWarning($"{source} is the last page given of {Display.Tenant(NameOf(tenant), tenant)}, and it has an @odata.nextLink: more calls follow it. Import the other "
                    + "pages too.");
            }
        }

        foreach (var warning in _warnings.Rest(NameOf))
            WriteWarning(warning);
        if (_otherObjects > _otherShapes.Count)
            WriteWarning($"{_otherObjects - _otherShapes.Count} more objects were passed over: they have the same properties as those that an error names.");
        if (Refused.TakeDeferred() is { } error)
            WriteError(error);
    }

    /// <summary>Reports an error about a record, or a file: now, or at the end (U5).</summary>
    internal void ReportRefused(string tenant, CreditException error, object? target = null)
    {
        if (error.ErrorId.EndsTheLedger())
            Report(error, target);
        else if (Refused.Take(tenant, error, target) is { } record)
            WriteError(record);
    }

    /// <summary>Warns about a tenant's import, unless the same was said of another one.</summary>
    internal void Warn(string tenant, string message)
    {
        if (_warnings.Say(tenant, NameOf(tenant), message) is { } warning)
            WriteWarning(warning);
    }

    /// <summary>Notes whether the last page of a tenant says that another one follows.</summary>
    internal void NotePage(string tenant, string source, bool hasNextLink) => _incomplete[tenant] = hasNextLink ? source : null;

    private protected override void ReportFile(CreditException error) => ReportRefused(TenantId?.Text ?? string.Empty, error);

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        _objects?.Stop();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _files?.Dispose();
            _objects?.Dispose();
            _preview?.Dispose();
        }

        base.Dispose(disposing);
    }

    private RefusedUsage Refused => _refused ??= new(this, QuarantinePath);

    /// <summary>Lets a small file be imported, and writes what those before it have come to.</summary>
    private void Accept(string tenant, string path, UsageImportOptions options)
    {
        _files ??= Ledger.Usage.ImportFiles(options, StopToken);
        try
        {
            _files.Add(tenant, path);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            return;
        }

        while (_files.TryTake() is { } done)
            Write(done);
    }

    /// <summary>Waits for the small files, and writes what they have come to.</summary>
    private void FinishFiles()
    {
        if (_files is not { } files)
            return;
        foreach (var done in files.Rest())
            Write(done);
        _files = null;
        files.Dispose();
    }

    private void Write(UsageFileImport done)
    {
        try
        {
            Import(done.TenantId, System.IO.Path.GetFileName(done.Path), preview: false, observer => Read(done.Path, done.Take(observer)));
        }
        catch (CreditException error)
        {
            ReportRefused(done.TenantId, error);
        }
    }

    private UsageImport Read(string path, UsageImport import)
    {
        WriteVerbose($"'{path}' was read as {import.Format}.");
        return import;
    }

    /// <summary>Imports a file, or a text, and writes what it has come to.</summary>
    private void Import(string tenant, string source, bool preview, Func<UsageFileObserver, UsageImport> import)
    {
        var progress = new ImportProgress(this, tenant, source);
        try
        {
            var result = import(new(this, tenant, progress, preview));
            WriteKept(tenant);
            WriteObject(result);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            // Stopped before there was anything to read.
        }
        catch (CreditException error) when (error.ErrorId is CreditErrorId.TenantNotFound or CreditErrorId.TenantClosed)
        {
            ReportRefused(tenant, error, tenant);
        }
        finally
        {
            progress.Done();
        }
    }

    private void FlushText()
    {
        if (_text is not { } text)
            return;
        _text = null;
        try
        {
            Flush();
            FinishFiles();
            if (!Confirm($"Import usage '{UsageText.Source}' of {Called(_textTenant)}", out var preview))
                return;
            Import(_textTenant, UsageText.Source, preview, observer =>
                Ledger.Usage.ImportText(_textTenant, UsageText.Source, text.Open(), Options(preview), observer, StopToken));
        }
        catch (CreditException error)
        {
            ReportRefused(_textTenant, error);
        }
    }

    private void Add(in UsageRow row)
    {
        var tenant = Tenant();
        FinishFiles();
        if (ObjectsOf(tenant) is not { } objects)
            return;
        objects.Add(tenant, row);
        Write(objects.Events);
        if (++_read % ShowEvery == 0)
            (_progress ??= new(this, tenant, UsageObjectImport.Source)).Show(_read, fraction: null);
    }

    private void AddPage(PSObject page)
    {
        var tenant = Tenant();
        NotePage(tenant, "A page on the pipeline", GraphPage.HasNextLink(page));
        var failures = new List<string>();
        foreach (var record in GraphPage.Records(page, failures))
        {
            if (Stopping)
                return;
            if (_reader!.Read(record, out var row) == UsageObjectKind.Record)
                Add(row);
            else
                RefuseObject(record);
        }

        foreach (var failure in failures)
            ReportRefused(tenant, new(CreditErrorId.UsageRejected, failure, page));
    }

    /// <summary>Says once of each kind of object what it is; a table of another report has many rows.</summary>
    private void RefuseObject(PSObject record)
    {
        var names = UsageRowReader.NamesIn(record);
        _otherObjects++;
        if (!_otherShapes.Add(string.Join('\n', names)))
            return;
        ReportRefused(
            TenantId?.Text ?? string.Empty,
            new(CreditErrorId.UnknownFormat, $"The object is no usage: {UsageObjectImport.Describe(names)}", record));
    }

    private void WriteKept(string tenant)
    {
        if (Refused.TakeWarning(tenant, () => Display.Tenant(NameOf(tenant), tenant)) is { } warning)
            WriteWarning(warning);
    }

    private string Tenant()
    {
        if (TenantId is null)
            throw CreditErrors.TenantIdMissing();
        try
        {
            return TenantOf(TenantId);
        }
        catch (CreditException error) when (error.ErrorId == CreditErrorId.TenantNotFound && TenantId.Text.Length > 0)
        {
            // Said once, of however many calls.
            _unknown.Add(TenantId.Text);
            throw;
        }
    }

    /// <summary>The import that a tenant's objects go into, or null where the user declined it.</summary>
    private UsageObjects? ObjectsOf(string tenant)
    {
        if (_objects?.Has(tenant) == true)
            return _objects;
        if (_preview?.Has(tenant) == true)
            return _preview;
        if (_declined.Contains(tenant))
            return null;
        if (!Confirm($"Import usage objects of {Called(tenant)}", out var preview))
        {
            _declined.Add(tenant);
            return null;
        }

        ref var objects = ref preview ? ref _preview : ref _objects;
        objects ??= new(Ledger, Options(preview));
        objects.Begin(tenant);
        return objects;
    }

    private void Flush()
    {
        if (_objects is null)
            return;
        _objects.Flush();
        Write(_objects.Events);
    }

    private void Write(UsageEvents events)
    {
        while (events.TryTake(out var error, out var warning, out var foresight))
        {
            if (error is not null)
                ReportRefused((error.Target as UsageRejection)?.TenantId ?? string.Empty, error);
            else if (foresight is not null)
                ShowForeseen(foresight);
            else
                Warn((_objects ?? _preview)?.TenantIn(warning!) ?? TenantId?.Text ?? string.Empty, warning!);
        }
    }

    private UsageImportOptions Options(bool preview) => new()
    {
        Format = Format,
        PricingSource = PricingSource,
        OnConflict = OnConflict,
        QuarantinePath = QuarantinePath is null ? null : PowerShellPath.Literal(QuarantinePath, SessionState.Path),
        NoRecharge = NoRecharge,
        Preview = preview,
    };
}
