using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>A command on the ledger of its session: it can be stopped, and reports the ledger's errors by their ids.</summary>
public abstract class LedgerCommandBase : PSCmdlet, IDisposable
{
    /// <summary>What makes a path one of the file system, wherever the session is.</summary>
    private const string FileSystem = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>The tag of all information that the module's commands write.</summary>
    private const string InformationTag = "CommunicationsCredits";

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _onCommandLine = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _warned = new(StringComparer.OrdinalIgnoreCase);
    // What the texts of questions have announced and the ledger does not have yet.
    private readonly Dictionary<string, decimal> _accepted = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _foreseen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly object _ending = new();
    private SharedLedger? _ledger;
    private IDisposable? _stopped;
    private TenantNames? _names;
    private bool? _isShown;

    /// <summary>Is cancelled when the user stops the pipeline.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    /// <summary>The ledger; opened by the first record that needs it, so that what runs upstream can still connect.</summary>
    private protected LedgerSession Ledger => (_ledger ??= RunspaceLedger.Current.Acquire(SessionState.Path)).Session;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the command does with one record; what it throws as <see cref="CreditException"/> is reported.</summary>
    private protected abstract void Process();

    /// <summary>
    /// Whether the command takes an object about one thing: where a parameter takes that thing. Any other would be taken for its whole
    /// tenant.
    /// </summary>
    private protected virtual bool Takes(TypedObject thing) => MyInvocation.MyCommand.Parameters.ContainsKey(thing.Key!);

    /// <summary>Refuses an object about one thing that the command would take for its whole tenant.</summary>
    /// <exception cref="CreditException"><c>ObjectRefused</c>.</exception>
    internal void Require(TypedObject? source)
    {
        if (source is { IsAboutTenant: false } && !Takes(source))
            throw CreditErrors.ObjectRefused(MyInvocation.MyCommand.Name, source.Type, source.TenantId);
    }

    /// <summary>The id of a tenant that is in the ledger, of its id or its name.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>; <c>ObjectRefused</c>.</exception>
    internal string TenantOf(TenantIdentity identity)
    {
        if (identity.Text.Length == 0)
            throw CreditErrors.TenantIdMissing();
        if (identity.Source is null)
            return Known((_names ??= new(Ledger.Tenants)).Find(identity.Text), identity.Text);
        Require(identity.Source);
        return identity.Text;
    }

    /// <summary>The id of a tenant, where a text is literally its id or its name.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>: several tenants have that name.</exception>
    private protected string? TryTenantOf(string text) =>
        (_names ??= new(Ledger.Tenants)).TryFind(text, out var match) ? Known(match, text) : null;

    /// <summary>A change of a balance in words, as in "Add EUR 300.00 to Tailspin Toys (id): EUR 812.50 → EUR 1,112.50".</summary>
    /// <param name="what">The change, with {0} for the money and {1} for the tenant.</param>
    /// <param name="tenantId">The tenant's id.</param>
    /// <param name="amount">What is added to the balance.</param>
    /// <param name="shown">The money that is named, where it is not what is added.</param>
    private protected string InWords(string what, string tenantId, decimal amount, decimal? shown = null)
    {
        if (!IsShown)
            return string.Format(CultureInfo.InvariantCulture, what, shown ?? amount, tenantId);
        var balance = Ledger.Funds.GetBalances(TenantSelection.One(tenantId)).First();
        var before = balance.Balance + _accepted.GetValueOrDefault(tenantId);
        _accepted[tenantId] = _accepted.GetValueOrDefault(tenantId) + amount;
        return string.Format(CultureInfo.InvariantCulture, what, Display.InWords(shown ?? amount, balance.Currency), Display.Tenant(balance.TenantName, tenantId))
            + $": {Display.InWords(before, balance.Currency)} → {Display.InWords(before + amount, balance.Currency)}";
    }

    /// <summary>As <see cref="Display.Tenant"/>, of a tenant whose name is not known; where the text is shown to nobody, by its id alone.</summary>
    private protected string Called(string tenantId) => IsShown ? Display.Tenant(NameOf(tenantId), tenantId) : $"'{tenantId}'";

    /// <summary>A tenant's name, or the text given where it is no tenant's id.</summary>
    internal string NameOf(string tenantId)
    {
        try
        {
            return Display.Text(Ledger.Tenants.GetTenants(TenantSelection.One(tenantId)).First().Name);
        }
        catch (CreditException)
        {
            return Display.Text(tenantId);
        }
    }

    /// <summary>A text as a part of a format that it is not to change.</summary>
    private protected static string Braced(string text) =>
        text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private string Known(TenantMatch match, string text)
    {
        if (match.AlsoNamed is { } other && _warned.Add(text))
            WriteWarning($"'{text}' is a tenant's id, and the name of tenant '{other}' too. The id counts; Set-CreditTenant gives the other another name.");
        return match.TenantId;
    }

    /// <summary>What it does when there are no more records.</summary>
    private protected virtual void Finish()
    {
    }

    /// <summary>Whether a parameter was given on the command line, not by a property on the pipeline.</summary>
    internal bool IsOnCommandLine(string parameter) => _onCommandLine.Contains(parameter);

    /// <summary>The text of a parameter, or null for a blank cell on the pipeline, which is as if it were not there.</summary>
    private protected string? ValueOrNull(string? value, string parameter) =>
        string.IsNullOrWhiteSpace(value) && !IsOnCommandLine(parameter) ? null : value;

    /// <summary>The amount of an optional parameter, or null where it was not given.</summary>
    private protected decimal? ValueOrNull(AmountArgument? value, string parameter) =>
        value is null || (value.IsBlank && !IsOnCommandLine(parameter)) ? null : value.Value;

    /// <summary>The instant of an optional parameter, or null where it was not given.</summary>
    private protected DateTimeOffset? ValueOrNull(InstantArgument? value, string parameter) =>
        value is null || (value.IsBlank && !IsOnCommandLine(parameter)) ? null : value.Value;

    /// <summary>Writes each record as it is found, so that a command downstream can end the work.</summary>
    private protected void WriteEach<T>(IEnumerable<T> records)
    {
        foreach (var record in records)
        {
            WriteObject(record);
            if (Stopping)
                return;
        }
    }

    /// <summary>Writes a file that was made, as <c>Get-Item</c> does, with what its view shows.</summary>
    private protected void WriteFile(string path)
    {
        foreach (var file in InvokeProvider.Item.Get([FileSystem + path], force: true, literalPath: true))
            WriteObject(file);
    }

    /// <summary>Reports an error: one of the ledger itself ends the command, any other is one record's.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">What the command was about; where nothing is given, what the error itself names.</param>
    internal virtual void Report(CreditException error, object? target = null)
    {
        // What a stopped pipeline writes is seen by nobody, and this may be about a commit of which nobody knows whether it was kept.
        if (Stopping && error.ErrorId == CreditErrorId.LedgerUnreachable)
            Host.UI.WriteErrorLine(error.Message);
        if (error.ErrorId.EndsTheLedger())
            ThrowTerminatingError(CreditErrors.ToRecord(error));
        WriteError(CreditErrors.ToRecord(error, target));
    }

    /// <summary>Whether an error ends the command: the effective error action is Stop, or asks.</summary>
    private protected bool EndsAtError => Preference("ErrorAction", "ErrorActionPreference") is ActionPreference.Stop or ActionPreference.Inquire;

    /// <summary>
    /// Whether the text of a question is shown to anybody: under -WhatIf, -Confirm or -Verbose, or where changes of this impact are asked
    /// about.
    /// </summary>
    private protected bool IsShown => _isShown ??= IsOn("WhatIf", "WhatIfPreference") || IsOn("Confirm", "ConfirmPreference")
        || Preference("Verbose", "VerbosePreference") is ActionPreference.Continue or ActionPreference.Inquire or ActionPreference.Stop;

    private ActionPreference Preference(string parameter, string variable)
    {
        if (!MyInvocation.BoundParameters.TryGetValue(parameter, out var value))
            value = GetVariableValue(variable);
        return value is SwitchParameter given
            ? given ? ActionPreference.Continue : ActionPreference.SilentlyContinue
            : LanguagePrimitives.TryConvertTo<ActionPreference>(value, out var preference) ? preference : ActionPreference.Continue;
    }

    /// <summary>Whether a standard switch is on: by its parameter, else by its preference variable.</summary>
    private protected bool IsOn(string parameter, string variable)
    {
        if (MyInvocation.BoundParameters.TryGetValue(parameter, out var value))
            return LanguagePrimitives.IsTrue(value);
        var preference = GetVariableValue(variable);
        if (parameter != "Confirm")
            return LanguagePrimitives.IsTrue(preference);

        // What destroys asks by itself.
        var impact = Attribute.GetCustomAttribute(GetType(), typeof(CmdletAttribute)) is CmdletAttribute { ConfirmImpact: var own } ? own : ConfirmImpact.Medium;
        return LanguagePrimitives.TryConvertTo<ConfirmImpact>(preference, out var asked) && asked != ConfirmImpact.None && impact >= asked;
    }

    /// <summary>Asks whether to go on with a change. Under -WhatIf the answer is yes, to a change that is undone.</summary>
    /// <param name="what">The change, as in "Add 5.00 to 'contoso.com'".</param>
    /// <param name="preview">Whether it is to be carried out and undone.</param>
    /// <param name="foresight">What the change would bring with it, for whoever is asked; null where that is not known yet.</param>
    private protected bool Confirm(string what, out bool preview, LedgerForesight? foresight = null)
    {
        // Under -WhatIf each thing is a line of its own.
        var whole = foresight is null || IsOn("WhatIf", "WhatIfPreference") ? what : string.Join(". ", Foreseen.InWords(foresight).Prepend(what));
        var confirmed = ShouldProcess(whole, whole + "?", "Confirm", out var reason);
        preview = reason == ShouldProcessReason.WhatIf;
        return confirmed || preview;
    }

    /// <summary>Shows what a previewed change would bring with it, each thing once.</summary>
    internal void ShowForeseen(LedgerForesight foresight)
    {
        foreach (var line in Foreseen.InWords(foresight).Where(_foreseen.Add))
            ShouldProcess(line, line + "?", "Confirm");
    }

    /// <summary>Says something that should be seen and is no warning; -InformationVariable and 6> collect it by its tags.</summary>
    private protected void Tell(string message, params string[] tags) =>
        WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST", InformationTag, .. tags]);

    /// <summary>
    /// Says what a posting brought with it: a recharge is money spent, so it is shown; a notification is for whoever collects information.
    /// </summary>
    internal void TellBrought(LedgerForesight brought)
    {
        foreach (var recharge in brought.Recharges.Where(recharge => _told.Add(recharge.AttemptId + recharge.Reason)))
            Tell(Foreseen.Brought(recharge), "Recharge", recharge.State.ToString());
        foreach (var notice in brought.Notifications.Where(notice => _told.Add(notice.NotificationId)))
            WriteInformation(Foreseen.Brought(notice), [InformationTag, "Notification", notice.Kind.ToString()]);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _onCommandLine.UnionWith(MyInvocation.BoundParameters.Keys);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        try
        {
            Process();
        }
        catch (CreditException error)
        {
            Report(error);
        }
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        try
        {
            Finish();
        }
        catch (CreditException error)
        {
            Report(error);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _stop.Cancel();
        lock (_ending)
            _stopped ??= _ledger?.Session.StopWaiting();
    }

    /// <summary>Lets go of the ledger.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        SharedLedger? ledger;
        lock (_ending)
            (ledger, _ledger) = (_ledger, null);
        _stopped?.Dispose();
        ledger?.Release();
        _stop.Dispose();
    }
}
