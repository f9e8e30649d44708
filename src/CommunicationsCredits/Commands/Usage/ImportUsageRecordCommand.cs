using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Commands.Usage;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Imports usage: files of the Teams admin centre or of Graph, or objects of the same properties.</summary>
[Cmdlet(VerbsData.Import, "UsageRecord", SupportsShouldProcess = true, DefaultParameterSetName = DefaultSet)]
[OutputType(typeof(UsageImport))]
public sealed class ImportUsageRecordCommand : FileOrObjectCommandBase
{
    private const int ShowEvery = 256;

    private readonly HashSet<string> _declined = new(StringComparer.OrdinalIgnoreCase);
    private UsageRowReader? _reader;
    private ImportProgress? _progress;
    private long _read;
    private UsageObjects? _objects;
    private UsageObjects? _preview;

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
        var tenant = Tenant();
        Flush();
        if (!Confirm($"Import usage '{path}' of '{tenant}'", out var preview))
            return;
        var progress = new ImportProgress(this, tenant, System.IO.Path.GetFileName(path));
        try
        {
            var observer = new UsageFileObserver(this, progress);
            var import = Ledger.ImportUsage(tenant, path, Options(preview), observer, StopToken);
            WriteVerbose($"'{path}' was read as {import.Format}.");
            WriteObject(import);
        }
        catch (CreditException error) when (error.ErrorId is CreditErrorId.TenantNotFound or CreditErrorId.TenantClosed)
        {
            Report(error, tenant);
        }
        finally
        {
            progress.Done();
        }
    }

    private protected override bool TryProcessRecord(PSObject record, out (string Property, string Value) path)
    {
        _reader ??= new();
        if (!_reader.TryRead(record, out var row, out path))
            return false;
        var tenant = Tenant();
        if (ObjectsOf(tenant) is { } objects)
        {
            objects.Add(tenant, row);
            Write(objects.Events);
            if (++_read % ShowEvery == 0)
                (_progress ??= new(this, tenant, UsageObjectImport.Source)).Show(_read, fraction: null);
        }

        return true;
    }

    private protected override void Finish()
    {
        foreach (var objects in new[] { _objects, _preview })
        {
            if (objects is null)
                continue;
            objects.Flush();
            Write(objects.Events);
            foreach (var import in objects.Complete())
            {
                Write(objects.Events);
                WriteObject(import);
            }

            Write(objects.Events);
        }

        _progress?.Done();
    }

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
            _objects?.Dispose();
            _preview?.Dispose();
        }

        base.Dispose(disposing);
    }

    private string Tenant() => TenantId is { Text.Length: > 0 } tenant ? tenant.Text : throw CreditErrors.TenantIdMissing();

    /// <summary>The import that a tenant's objects go into, or null where the user declined it.</summary>
    private UsageObjects? ObjectsOf(string tenant)
    {
        if (_objects?.Has(tenant) == true)
            return _objects;
        if (_preview?.Has(tenant) == true)
            return _preview;
        if (_declined.Contains(tenant))
            return null;
        if (!Confirm($"Import usage objects of '{tenant}'", out var preview))
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
        while (events.TryTake(out var error, out var warning))
        {
            if (error is not null)
                Report(error);
            else
                WriteWarning(warning);
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
