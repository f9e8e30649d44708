using System.Globalization;
using System.Management.Automation;

namespace CommunicationsCredits.Errors;

/// <summary>The one place where an error of the module becomes an error record: its id, its category, what it is about.</summary>
internal static class CreditErrors
{
    /// <summary>The error as PowerShell shows it; <c>FullyQualifiedErrorId</c> begins with its id.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">What the command was about; where nothing is given, what the error itself names.</param>
    public static ErrorRecord ToRecord(CreditException error, object? target = null) =>
        new(error, error.ErrorId.ToString(), CategoryOf(error.ErrorId), target ?? error.Target);

    /// <summary>A blank cell, or an empty string, where a tenant's id has to be.</summary>
    public static CreditException TenantIdMissing() => new(
        CreditErrorId.TenantNotFound,
        "A tenant's id is missing. Give -TenantId, or objects whose property TenantId (or Tenant, CustomerId, Id) has one.");

    /// <summary>An object about one thing where its whole tenant would be meant.</summary>
    public static CreditException ObjectRefused(string command, string type, string tenantId) => new(
        CreditErrorId.ObjectRefused,
        $"{command} does not take a {type}: it would act on all of '{tenantId}'. Give the tenant itself, as in -TenantId '{tenantId}', if that is "
        + "what you mean.",
        tenantId);

    /// <summary>A number on the pipeline: ids are text or GUIDs there, so that a stray count is never taken for a tenant.</summary>
    public static ErrorRecord NumberIsNoTenant(object number) => new(
        new ArgumentException(
            $"The number {number} on the pipeline is not taken for a tenant. Give the id as text, or as a property TenantId."),
        "InputObjectNotBound",
        ErrorCategory.InvalidArgument,
        number);

    /// <summary>The value given as a duration is not one.</summary>
    public static CreditException InvalidDuration(string text) => new(
        CreditErrorId.InvalidAmount,
        $"'{text}' is not a duration. Give seconds, as in 90, or hours, minutes and seconds, as in 00:01:30.",
        text);

    /// <summary>No rate sheet of that name.</summary>
    public static CreditException SheetNotFound(string name) => new(
        CreditErrorId.RateRejected, $"There is no rate sheet '{name}'. Get-CreditRateSheet lists the sheets of this ledger.", name);

    /// <summary>No import of that id.</summary>
    public static CreditException ImportNotFound(string id) => new(
        CreditErrorId.ImportNotFound, $"There is no import '{id}' in this ledger. Get-UsageImport lists its imports.", id);

    /// <summary>No entry of that id.</summary>
    public static CreditException TransactionNotFound(string id) => new(
        CreditErrorId.TransactionNotFound, $"There is no entry '{id}' in this ledger. Get-CreditTransaction lists its entries.", id);

    /// <summary>No funds of that id.</summary>
    public static CreditException FundsNotFound(string id) => new(
        CreditErrorId.TransactionNotFound, $"There are no funds '{id}' in this ledger. Get-CreditFunds -IncludeSpent lists its funds.", id);

    /// <summary>No usage record of that id.</summary>
    public static CreditException RecordNotFound(string id) => new(
        CreditErrorId.RecordNotFound, $"The tenants asked for have no usage record '{id}'. Get-UsageRecord lists their records.", id);

    /// <summary>No notification of that id.</summary>
    public static CreditException NotificationNotFound(string id) => new(
        CreditErrorId.NotificationNotFound, $"There is no notification '{id}' in this ledger. Get-CreditNotification lists its notifications.", id);

    /// <summary>No payment gateway of that name.</summary>
    public static CreditException GatewayNotFound(string name) => new(
        CreditErrorId.GatewayNotFound,
        $"This machine knows no payment gateway '{name}'. Register-CreditGateway adds one.",
        name);

    /// <summary>A command that leads to no program.</summary>
    public static CreditException NoSuchProgram(string command, string reason) =>
        new(CreditErrorId.GatewayInvalid, $"'{command}' does not lead to a program: {reason}.", command);

    /// <summary>An object on the pipeline whose name is not a payment method's.</summary>
    public static CreditException NameIsNoPaymentMethods(string tenantId) => new(
        CreditErrorId.RuleInvalid,
        $"The object on the pipeline for '{tenantId}' has a Name but no Gateway, Token, ExpiryMonth or PurchaseOrder, so it is not a "
        + "payment method. Give -Name.",
        tenantId);

    /// <summary>A path that leads to no file.</summary>
    public static CreditException NoSuchFile(string path, string reason, Exception? cause = null) =>
        new(CreditErrorId.UnknownFormat, $"{path}: {reason}", path, cause);

    /// <summary>A command after a connection that failed.</summary>
    public static CreditException ConnectFailed(string reason) => new(
        CreditErrorId.LedgerNotFound,
        $"Connect-CreditLedger failed, and this session has no ledger since: {reason} Connect again; Disconnect-CreditLedger goes back to the "
        + "default ledger.");

    /// <summary>A command in a runspace that has not connected, where another of the process has.</summary>
    public static CreditException ConnectHere() => new(
        CreditErrorId.LedgerNotFound,
        "This runspace has no ledger, though another of this process has connected to one. Connect in this runspace: "
        + "Connect-CreditLedger in the script block of ForEach-Object -Parallel, say.");

    /// <summary>A command before there is a ledger.</summary>
    public static CreditException NoLedgerYet(string path) => new(
        CreditErrorId.LedgerNotFound, $"There is no ledger '{path}' yet. Connect-CreditLedger makes one, there or elsewhere.", path);

    /// <summary>A default ledger whose folder cannot be made.</summary>
    public static CreditException NoFolder(string path, Exception cause) => new(
        CreditErrorId.LedgerNotFound,
        $"'{path}' has no folder, and it cannot be made: {cause.Message} Connect-CreditLedger takes another path.",
        path,
        cause);

    /// <summary>The same error, where the error action ends the command.</summary>
    public static CreditException EndedHere(CreditException error, int carriedOut) => new(
        error.ErrorId,
        string.Create(
            CultureInfo.InvariantCulture, $"{error.Message} {carriedOut} {(carriedOut == 1 ? "record" : "records")} before it stay; nothing after it was carried out."),
        error.Target,
        error);

    /// <summary>A path that leads to no ledger.</summary>
    public static CreditException NoSuchLedger(string path, string reason, Exception? cause = null) =>
        new(CreditErrorId.LedgerNotFound, $"'{path}' {reason}", path, cause);

    private static ErrorCategory CategoryOf(CreditErrorId id) => id switch
    {
        CreditErrorId.TenantNotFound or CreditErrorId.NoRate or CreditErrorId.GatewayNotFound or CreditErrorId.PaymentMethodNotFound
            or CreditErrorId.AttemptNotFound or CreditErrorId.TransactionNotFound or CreditErrorId.ImportNotFound
            or CreditErrorId.LedgerNotFound or CreditErrorId.NotificationNotFound or CreditErrorId.RecordNotFound or CreditErrorId.UserNotFound
            => ErrorCategory.ObjectNotFound,
        CreditErrorId.TenantExists or CreditErrorId.FileExists or CreditErrorId.AlreadyReversed or CreditErrorId.LedgerNotEmpty => ErrorCategory.ResourceExists,
        CreditErrorId.TenantClosed or CreditErrorId.TenantInUse or CreditErrorId.ReversalRefused
            or CreditErrorId.IdempotencyConflict or CreditErrorId.UsageConflict => ErrorCategory.InvalidOperation,
        CreditErrorId.InvalidAmount or CreditErrorId.InvalidInstant or CreditErrorId.InvalidCurrency or CreditErrorId.InvalidCountry
            or CreditErrorId.FundsInFuture or CreditErrorId.FundsAlreadyExpired or CreditErrorId.PoolInvalid
            or CreditErrorId.RuleInvalid or CreditErrorId.GatewayInvalid or CreditErrorId.InvalidNumber or CreditErrorId.ObjectRefused
            or CreditErrorId.BudgetInvalid or CreditErrorId.GuardInvalid
            or CreditErrorId.ConnectionInvalid
            => ErrorCategory.InvalidArgument,
        CreditErrorId.CurrencyMismatch or CreditErrorId.UsageRejected or CreditErrorId.UnknownFormat or CreditErrorId.RateRejected
            or CreditErrorId.BackupNotValid or CreditErrorId.LedgerTooNew or CreditErrorId.LedgerCorrupt => ErrorCategory.InvalidData,
        CreditErrorId.CardNumberRefused => ErrorCategory.SecurityError,
        CreditErrorId.LedgerUnreadable => ErrorCategory.OpenError,
        CreditErrorId.LedgerBusy => ErrorCategory.ResourceBusy,
        CreditErrorId.LedgerFull => ErrorCategory.ResourceUnavailable,
        CreditErrorId.LedgerReadOnly or CreditErrorId.LedgerDenied => ErrorCategory.PermissionDenied,
        CreditErrorId.LedgerUnreachable => ErrorCategory.ConnectionError,

        // Ids end in what they are.
        _ when id.ToString().EndsWith("NotFound", StringComparison.Ordinal) => ErrorCategory.ObjectNotFound,
        _ when id.ToString().EndsWith("Invalid", StringComparison.Ordinal) => ErrorCategory.InvalidArgument,
        _ => ErrorCategory.InvalidResult,
    };
}
