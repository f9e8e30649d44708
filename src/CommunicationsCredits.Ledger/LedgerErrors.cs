using System.Globalization;

namespace CommunicationsCredits.Ledger;

/// <summary>The errors the engine raises: one place for their wording, so that each says what is wrong and what to do.</summary>
internal static class LedgerErrors
{
    public static CreditException InvalidAmount(string reason, object? target = null) =>
        new(CreditErrorId.InvalidAmount, reason, target);

    public static CreditException InvalidInstant(string text) => new(
        CreditErrorId.InvalidInstant,
        string.IsNullOrWhiteSpace(text)
            ? "An instant is missing. Write it in ISO 8601, as in 2026-01-31 or 2026-01-31T09:30:00Z."
            : $"'{text}' is not an instant. Write it in ISO 8601, as in 2026-01-31 or 2026-01-31T09:30:00Z.",
        text);

    public static CreditException InvalidCurrency(string? text) => new(
        CreditErrorId.InvalidCurrency,
        string.IsNullOrWhiteSpace(text)
            ? "A currency is missing. Give its ISO 4217 code, as in USD."
            : $"'{text}' is not a currency. Give its ISO 4217 code, as in USD.",
        text);

    public static CreditException InvalidMonth(string? text) => new(
        CreditErrorId.InvalidInstant, $"'{text}' is not a month. Write it as yyyy-MM, as in 2026-03.", text);

    public static CreditException EndsBeforeItBegins(Time.Instant from, Time.Instant to) => new(
        CreditErrorId.InvalidInstant, $"Nothing lies from {from} to {to}: it ends before it begins. Give an earlier -From, or a later -To.", from);

    public static CreditException OutOfRange(string tenantId, Exception cause) => new(
        cause is ArgumentOutOfRangeException ? CreditErrorId.InvalidInstant : CreditErrorId.InvalidAmount,
        cause is ArgumentOutOfRangeException
            ? $"An instant of this record of '{tenantId}' is at the end of what the ledger can keep (the years 1 to 9999). Nothing of it was posted."
            : $"The amounts of this record of '{tenantId}' are too large to be added up. Nothing of it was posted.",
        tenantId, cause);

    public static CreditException TenantNotFound(string id) => new(
        CreditErrorId.TenantNotFound,
        $"There is no tenant '{id}' in this ledger. Get-CreditTenant lists the tenants; New-CreditTenant adds one.",
        id);

    public static CreditException TenantNotFound(string text, IReadOnlyList<string> nearest) => nearest.Count == 0
        ? TenantNotFound(text)
        : new(CreditErrorId.TenantNotFound, $"There is no tenant '{text}' in this ledger. Near it: {string.Join(", ", nearest)}.", text);

    public static CreditException TenantNameAmbiguous(string name, IReadOnlyList<string> ids) => new(
        CreditErrorId.TenantNotFound, $"{ids.Count} tenants are named '{name}': {string.Join(", ", ids)}. Give an id.", name);

    public static CreditException TenantNameTaken(string id, string name, string otherId, string otherName) => new(
        CreditErrorId.TenantExists,
        $"'{id}' cannot be named '{name}': tenant '{otherId}', named '{otherName}', would be taken for it. Give each tenant an id and a name "
        + "that no other tenant has.",
        id);

    public static CreditException TenantExists(string id) => new(
        CreditErrorId.TenantExists, $"Tenant '{id}' is in this ledger already. Set-CreditTenant changes it.", id);

    /// <summary>A text that is no country.</summary>
    public static CreditException InvalidCountry(string text, object? target) => new(
        CreditErrorId.InvalidCountry, $"'{text}' is not a country. Give its ISO 3166-1 code of two letters, as in US.", target);

    public static CreditException InvalidTenant(string reason, object? target) => new(CreditErrorId.RuleInvalid, reason, target);

    public static CreditException CardNumberRefused(string field) => new(
        CreditErrorId.CardNumberRefused,
        $"The {field} holds what looks like a card number. Card numbers are never kept here: use the payment provider's token.");

    public static CreditException NulRefused(string field) => new(
        CreditErrorId.RuleInvalid, $"The {field} has a NUL character in it, which is no text. Leave it out.");

    public static CreditException TextTooLong(string field, int most, string id) => new(
        CreditErrorId.RuleInvalid, $"The {field} is longer than {most} characters. Shorten it.", id);

    public static CreditException RateRejected(string message, object? target = null) =>
        new(CreditErrorId.RateRejected, message, target);

    public static CreditException NoRate(string number, CreditRateService service, string currency, Time.Instant at) => new(
        CreditErrorId.NoRate,
        $"No {currency} rate of service {service} covers '{number}' at {at}. Get-CreditRateSheet lists the sheets there are; "
        + "Import-CreditRate adds one.",
        number);

    public static CreditException UnknownFormat(string source, string reason) => new(
        CreditErrorId.UnknownFormat, $"{source}: {reason}", source);

    public static CreditException FileExists(string path) => new(
        CreditErrorId.FileExists, $"'{path}' exists already. Nothing was changed; give another path, or -Force to replace it.", path);

    public static CreditException BackupOntoLedger(string path) => new(
        CreditErrorId.FileExists, $"'{path}' is the ledger itself. Nothing was changed; give another path.", path);

    public static CreditException BackupOntoOpenLedger(string path) => new(
        CreditErrorId.FileExists,
        $"'{path}' is a ledger that somebody has open, or that was not closed: '{path}-wal' belongs to it. Nothing was changed; give another path.",
        path);

    public static CreditException BackupNotValid(string path, CreditLedgerFinding finding) => new(
        CreditErrorId.BackupNotValid,
        $"'{path}' does not verify, and there is no backup: {finding.Message} Test-CreditLedger -Detailed lists all that is wrong.", path);

    public static CreditException RestoreNotValid(string path, string reason) => new(
        CreditErrorId.BackupNotValid, $"'{path}' cannot be restored, and nothing was changed: {reason}", path);

    public static CreditException DraftDamaged(string path, string reason, Exception? cause = null) => new(
        CreditErrorId.LedgerUnreadable,
        $"'{path}' does not come back from its disk as it was written ({reason}). The copy that it is made of is whole, and nothing was changed; check the disk.",
        path, cause);

    public static CreditException LedgerChanged(string path) => new(
        CreditErrorId.LedgerBusy, $"'{path}' was changed by somebody else meanwhile. Nothing was restored; try again.", path);

    public static CreditException CopyNotEmpty(string location) => LedgerNotEmpty(
        location, $"'{location}' has tenants, rates or a history already. Nothing was copied; give a ledger that is empty, or a file that is not there yet.");

    public static CreditException CopyOntoLedger(string location) => LedgerNotEmpty(
        location, $"'{location}' is the ledger itself. Nothing was copied; give another ledger.");

    public static CreditException CopyNotValid(string location, CreditLedgerFinding finding) => new(
        CreditErrorId.BackupNotValid,
        $"'{location}' does not verify, and nothing was copied: {finding.Message} Test-CreditLedger -Detailed lists all that is wrong.", location);

    public static CreditException MonthInFuture(string month, Time.Instant now) => new(
        CreditErrorId.InvalidInstant, $"There is no statement of {month} yet: it is only {now}.", month);

    public static CreditException LedgerNotFound(string path, string reason) => new(CreditErrorId.LedgerNotFound, reason, path);

    public static CreditException LedgerUnreadable(string path, string reason, Exception? cause = null) =>
        new(CreditErrorId.LedgerUnreadable, reason, path, cause);

    public static CreditException LedgerTooNew(string path, int found, int known) => new(
        CreditErrorId.LedgerTooNew,
        string.Create(CultureInfo.InvariantCulture,
            $"'{path}' has schema {found}, and this module knows schemas up to {known}. Nothing was changed; update the module."),
        path);

    public static CreditException LedgerReadOnly(string path) => new(
        CreditErrorId.LedgerReadOnly,
        $"'{path}' is open for reading only. Connect without -ReadOnly, or make the file and its folder writable.",
        path);

    public static CreditException LedgerBusy(string path) => new(
        CreditErrorId.LedgerBusy,
        $"Another program keeps '{path}' locked. Nothing was changed; try again when it is done.",
        path);

    public static CreditException LedgerUnreachable(string location, string reason, Exception? cause = null) => new(
        CreditErrorId.LedgerUnreachable,
        $"'{location}' cannot be reached ({reason}). Check the server, its address and the network, and try again; what was committed before is kept.",
        location, cause);

    public static CreditException CommitInDoubt(string location, Exception cause) => new(
        CreditErrorId.LedgerUnreachable,
        $"'{location}' was lost while it committed, and did not come back, so that it is not known whether the last change was kept. When the "
        + "server is back, look whether it is there before you repeat it: an import and a posting with -IdempotencyKey can be repeated as they are.",
        location, cause);

    public static CreditException LedgerDenied(string location, string reason, Exception? cause = null) =>
        new(CreditErrorId.LedgerDenied, reason, location, cause);

    public static CreditException LedgerNotEmpty(string location, string reason) => new(CreditErrorId.LedgerNotEmpty, reason, location);

    public static CreditException ConnectionInvalid(string reason) => new(CreditErrorId.ConnectionInvalid, reason, "(connection string)");

    public static CreditException LedgerFull(string path) => new(
        CreditErrorId.LedgerFull,
        $"There is no room for '{path}' on its disk. What was committed before is kept; free some room and run it again.",
        path);

    public static CreditException LedgerCorrupt(string path, string detail) => new(
        CreditErrorId.LedgerCorrupt,
        $"'{path}' is damaged ({detail}). Nothing was written; restore a backup.",
        path);
}
