using System.Collections;
using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Commands;

/// <summary>Imports a rate list as a version of a rate sheet: all of it, or nothing.</summary>
[Cmdlet(VerbsData.Import, "CreditRate",
    HelpUri = HelpPages.Folder + "Import-CreditRate.md", SupportsShouldProcess = true, DefaultParameterSetName = DefaultSet)]
[OutputType(typeof(CreditRateSheet))]
public sealed class ImportCreditRateCommand : FileOrObjectCommandBase
{
    private const int MostTenants = 5;

    private const string Objects = "(objects)";

    private string? _file;
    private RateListReader? _list;
    private long _line;

    /// <summary>The sheet's name. Lists of one name are versions: the newest in force replaces the older one whole.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(RateSheetNameCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The currency of its prices, an ISO 4217 code. By default the list's own, else USD.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CurrencyCompleter))]
    public string Currency { get; set; } = "USD";

    /// <summary>What it prices. By default calls out.</summary>
    [Parameter]
    public CreditRateService Service { get; set; } = CreditRateService.Outbound;

    /// <summary>
    /// From when it is in force, ISO 8601. By default the list's own date; else the first of the month before this one for a first list,
    /// and today, midnight UTC, for a later one.
    /// </summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? EffectiveFrom { get; set; }

    /// <summary>The seconds that any connected call is billed at least, 1 to 3,600. By default 60.</summary>
    [Parameter]
    public int InitialIncrement { get; set; } = 60;

    /// <summary>The seconds by which a longer call is billed, 1 to 3,600. By default 60.</summary>
    [Parameter]
    public int Increment { get; set; } = 60;

    /// <summary>The fee for connecting a call, 0 or more. By default 0.</summary>
    [Parameter]
    [AmountTransformation]
    public AmountArgument ConnectionFee { get; set; } = AmountArgument.From(0);

    /// <summary>The decimals a cost is rounded to, 0 to 6. By default 4.</summary>
    [Parameter]
    public int Decimals { get; set; } = 4;

    /// <summary>How a cost is rounded. By default half goes up.</summary>
    [Parameter]
    public CreditRounding Rounding { get; set; }

    /// <summary>Writes the sheet, once it is committed; under -WhatIf, what it would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessFile(string path)
    {
        if (_file is not null || _list is not null)
            throw OneListOnly(path);
        _file = path;
        try
        {
            Import(RateListReader.ReadFile(path, StopToken), path);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            // Stopped while a pipe was waited for.
        }
    }

    private protected override bool TryProcessRecord(PSObject record, out (string Property, string Value) path)
    {
        if (FilePathProperty.TryFind(record, out path))
            return false;
        if (_file is not null)
            throw OneListOnly(Objects);
        _list ??= new(Objects);
        _list.Add(++_line, record.BaseObject is IDictionary entries
            ? entries.Keys.OfType<string>().Select(name => (name, PropertyText.Of(entries[name])))
            : record.Properties.Select(property => (property.Name, PropertyText.Of(property))));
        return true;
    }

    private protected override void Finish()
    {
        if (_list is not null)
            Import(_list, Objects);
    }

    /// <summary>Says how many calls are kept as free that the sheet covers now (G7).</summary>
    private void WarnOfFreeCalls(CreditRateSheet sheet)
    {
        var covered = Ledger.Usage.CountFreeCallsCovered(sheet);
        if (covered.Count == 0)
            return;
        var calls = covered.Sum(tenant => tenant.Calls);
        var tenants = string.Join(", ", covered.Take(MostTenants).Select(tenant => $"'{tenant.TenantName}'")) + (covered.Count > MostTenants ? ", …" : string.Empty);
        WriteWarning(string.Create(
            CultureInfo.InvariantCulture,
            $"'{sheet.Name}' covers {calls:N0} kept {(calls == 1 ? "call" : "calls")} in that cost nothing yet ({tenants}): Update-UsageRecord charges them."));
    }

    private CreditException OneListOnly(string source) => new(
        CreditErrorId.RateRejected,
        $"A sheet is made of one list: '{_file ?? Objects}' came before '{source}', and one would replace the other. Import each with a "
        + "-Name of its own.",
        source);

    private void Import(RateListReader list, string source)
    {
        var problems = list.Problems;
        foreach (var problem in problems)
            Report(problem);
        if (problems.Count > 0)
            return;
        if (list.Warning is { } warning)
            WriteWarning(warning);
        var command = new AddRateSheet(Name, list)
        {
            Currency = MyInvocation.BoundParameters.ContainsKey(nameof(Currency)) ? Currency : null,
            Service = Service,
            EffectiveFrom = EffectiveFrom?.Value,
            InitialIncrement = InitialIncrement,
            Increment = Increment,
            ConnectionFee = ConnectionFee.Value,
            Decimals = Decimals,
            Rounding = Rounding,
        };
        if (!Confirm(string.Create(CultureInfo.InvariantCulture, $"Import '{source}' as rate sheet '{Name}'"), out var preview))
            return;
        var sheet = Ledger.Execute(command, preview);
        if (EffectiveFrom is null && list.EffectiveFrom is null)
            Tell(string.Create(CultureInfo.InvariantCulture, $"'{sheet.Name}' is in force from {sheet.EffectiveFrom:yyyy-MM-dd} on; -EffectiveFrom says another date."), "Rates");
        if (!preview && sheet.Service == CreditRateService.TollFreeInbound)
            WarnOfFreeCalls(sheet);
        if (PassThru)
            WriteObject(sheet);
    }
}
