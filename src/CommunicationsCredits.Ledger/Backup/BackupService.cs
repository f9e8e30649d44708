using System.Globalization;
using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Backup.Operations;
using CommunicationsCredits.Ledger.Notifications.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Backup;

/// <summary>A ledger that was replaced by a copy of it (R11).</summary>
/// <param name="Ledger">What it is now.</param>
/// <param name="CopiedAt">When the copy was last posted to; null where it never was.</param>
/// <param name="Replaced">The file in which the replaced ledger is kept.</param>
/// <param name="HeldRules">How many recharge rules are held until they are enabled again.</param>
/// <param name="MissingAttempts">
/// The recharges of the replaced ledger that the copy does not have, which may have been paid; null where the replaced ledger could not be
/// read.
/// </param>
public sealed record RestoredLedger(
    CreditLedger Ledger, DateTimeOffset? CopiedAt, string Replaced, int HeldRules, IReadOnlyList<AutoRechargeAttempt>? MissingAttempts);

/// <summary>Backup and restore of a ledger, and its move to another store.</summary>
public sealed class BackupService
{
    private readonly LedgerSession _ledger;
    private readonly LedgerStore _store;
    private readonly LedgerOptions _options;

    internal BackupService(LedgerSession ledger, LedgerStore store, LedgerOptions options)
    {
        _ledger = ledger;
        _store = store;
        _options = options;
    }

    /// <summary>
    /// Writes a copy of the ledger as it is now to a file, while others go on to read and write it. The copy is verified before it gets
    /// its name: there is a backup that verifies, or no file.
    /// </summary>
    /// <param name="destination">The file, in a folder that exists.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Stops it; then there is no file.</param>
    /// <exception cref="CreditException">
    /// <c>FileExists</c>: the file is there, or is a ledger that is open, this one too; <c>BackupNotValid</c>: the ledger does not verify;
    /// <c>LedgerFull</c>, <c>LedgerNotFound</c>, <c>LedgerCorrupt</c>, <c>LedgerUnreadable</c>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void BackUp(string destination, bool force = false, CancellationToken cancellation = default)
    {
        var path = Path.GetFullPath(destination);
        if (IsLocation(path))
            throw LedgerErrors.BackupOntoLedger(path);

        // SQLite would bring that log into whatever lies before it.
        if (File.Exists(path + "-wal"))
            throw LedgerErrors.BackupOntoOpenLedger(path);
        using var file = new NewFile(path, force);
        var draft = file.HandOver();
        _store.CopyTo(draft);
        using (var copy = SqliteStore.Open(draft, readOnly: true))
        {
            if (AuditService.Verify(copy, TenantSelection.All, cancellation).FirstOrDefault() is { } finding)
                throw LedgerErrors.BackupNotValid(_store.Location, finding);
        }

        cancellation.ThrowIfCancellationRequested();
        file.Complete();
    }

    /// <summary>
    /// Replaces the ledger by a copy of it, as one commit. It is an older ledger then: every recharge rule is held until it is enabled
    /// again, and nothing that waited to be notified is sent (R11). What was replaced is kept in a file beside it, or beside the copy where the
    /// ledger is in a database.
    /// </summary>
    /// <param name="path">The copy; it is not changed. One of an older version is brought up to date on the way.</param>
    /// <param name="cancellation">Stops it before anything is replaced.</param>
    /// <exception cref="CreditException">
    /// <c>BackupNotValid</c>: it is no ledger, or does not verify; <c>LedgerTooNew</c>; <c>LedgerReadOnly</c>; <c>LedgerBusy</c>: somebody
    /// else writes; <c>LedgerFull</c>; <c>LedgerUnreadable</c>: the ledger, or the draft that is made beside it, cannot be written or read.
    /// The ledger is as it was.
    /// </exception>
    /// <exception cref="IOException">The folder of the ledger cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RestoredLedger Restore(string path, CancellationToken cancellation = default)
    {
        if (_store.ReadOnly)
            throw LedgerErrors.LedgerReadOnly(_store.Location);
        var source = Path.GetFullPath(path);
        if (IsLocation(source))
            throw LedgerErrors.RestoreNotValid(source, "it is the ledger itself.");
        if (!File.Exists(source))
            throw LedgerErrors.RestoreNotValid(source, "there is no such file.");

        LedgerHead head;
        using (var now = _store.BeginRead())
            head = now.States.LedgerHead();

        // A database has no place for files of its own.
        var place = _store is SqliteStore ? _store.Location : source;
        using var file = new NewFile(place + ".restored", force: true);
        var draft = file.HandOver();
        RestoreDraft made;
        try
        {
            _store.CopyOther(source, draft);
            made = Hold(draft, source, head, cancellation);
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.LedgerTooNew)
        {
            throw new CreditException(problem.ErrorId, problem.Message.Replace(draft, source, StringComparison.Ordinal), source);
        }
        catch (CreditException problem) when (IsOfCopy(problem, source, draft))
        {
            throw LedgerErrors.RestoreNotValid(source, problem.Message.Replace(draft, source, StringComparison.Ordinal));
        }
        catch (CreditException problem) when (problem.ErrorId == CreditErrorId.LedgerCorrupt && Equals(problem.Target, draft))
        {
            throw LedgerErrors.DraftDamaged(draft, problem.Message, problem);
        }

        cancellation.ThrowIfCancellationRequested();
        var replaced = Path.ChangeExtension(place, _options.Clock.GetUtcNow().ToString("'.replaced-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture))
            + Path.GetExtension(place);
        IReadOnlyList<AutoRechargeAttempt>? missing = null;
        var isKept = false;
        try
        {
            _store.Replace(draft, () =>
            {
                using (var now = _store.BeginRead())
                {
                    var last = now.States.LedgerHead();
                    if (last.Sequence != head.Sequence || last.RateVersion != head.RateVersion)
                        throw LedgerErrors.LedgerChanged(_store.Location);
                    missing = MissingAttempts(now, made.Attempts);
                }

                using var kept = new NewFile(replaced, force: false);
                _store.CopyTo(kept.HandOver(), check: false);
                kept.Complete();
                isKept = true;
            });
        }
        catch when (isKept)
        {
            File.Delete(replaced);
            throw;
        }

        return new(_ledger.Describe(), made.CopiedAt, replaced, made.Held, missing);
    }

    /// <summary>Copies the ledger as it is now to a file: with the same entries, hashes and settings, so that work can go on there.</summary>
    /// <param name="path">The file; one that is there has to be an empty ledger.</param>
    /// <param name="cancellation">Stops it; then nothing was copied.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="CreditException">
    /// <c>LedgerNotEmpty</c>; <c>BackupNotValid</c>: this ledger does not verify; or an error of either ledger. Nothing was copied.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public CreditLedger CopyTo(string path, CancellationToken cancellation = default)
    {
        var full = Path.GetFullPath(path);
        if (IsLocation(full))
            throw LedgerErrors.CopyOntoLedger(full);
        var isNew = !File.Exists(full);
        try
        {
            using var copy = LedgerSession.Open(full, _options with { ReadOnly = false });
            return CopyTo(copy, cancellation);
        }
        catch when (isNew)
        {
            foreach (var rest in ((string[])["", "-wal", "-shm"]).Where(rest => File.Exists(full + rest)))
                File.Delete(full + rest);
            throw;
        }
    }

    /// <summary>Copies the ledger as it is now to a database, as <see cref="CopyTo(string, CancellationToken)"/> does to a file.</summary>
    /// <param name="connectionString">The database; a ledger in it has to be empty.</param>
    /// <param name="cancellation">Stops it; then nothing was copied.</param>
    /// <inheritdoc cref="CopyTo(string, CancellationToken)"/>
    public CreditLedger CopyToDatabase(string connectionString, CancellationToken cancellation = default)
    {
        using var copy = LedgerSession.OpenDatabase(connectionString, _options with { ReadOnly = false });
        if (copy.Location == _store.Location)
            throw LedgerErrors.CopyOntoLedger(_store.Location);
        return CopyTo(copy, cancellation);
    }

    private CreditLedger CopyTo(LedgerSession copy, CancellationToken cancellation)
    {
        using (var snapshot = _store.BeginRead())
        {
            copy.Store.Replace(
                snapshot,
                target =>
                {
                    // Its own beginning is the first entry of its chain.
                    if (target.States.LedgerHead() is { Sequence: > 1 } or { Tenants: > 0 } or { Sheets: > 0 })
                        throw LedgerErrors.CopyNotEmpty(copy.Location);
                },
                filled =>
                {
                    if (AuditService.Verify(filled, TenantSelection.All, cancellation).FirstOrDefault() is { } finding)
                        throw LedgerErrors.CopyNotValid(_store.Location, finding);
                    cancellation.ThrowIfCancellationRequested();
                });
        }

        return copy.Describe();
    }

    /// <summary>Verifies the copy, and makes it what it is after it was restored.</summary>
    private RestoreDraft Hold(string draft, string source, LedgerHead replaced, CancellationToken cancellation)
    {
        // Before it is brought up to date, which posts to it.
        Instant copiedAt;
        using (var store = SqliteStore.Open(draft, readOnly: false))
        using (var snapshot = store.BeginRead())
            copiedAt = snapshot.Tenants.Accounts().Values.Select(account => account.PostedAt).Aggregate(Instant.Earliest, Instant.Max);

        using var copy = LedgerSession.Open(draft, _options);
        if (copy.Audit.Verify(TenantSelection.All, cancellation).FirstOrDefault() is { } finding)
        {
            throw IsAtFault(source, draft)
                ? LedgerErrors.RestoreNotValid(source, $"it does not verify. {finding.Message}")
                : LedgerErrors.DraftDamaged(draft, finding.Message);
        }

        HashSet<string> attempts = new(StringComparer.Ordinal);
        List<string> ruled = [];
        List<LedgerOperation<bool>> changes = [];
        using (var snapshot = copy.Store.BeginRead())
        {
            var tenants = snapshot.Tenants.All().ToDictionary(tenant => tenant.Number);
            foreach (var tenant in tenants.Values)
                attempts.UnionWith(snapshot.Recharge.Attempts(tenant.Number).Select(attempt => attempt.IdempotencyKey));
            ruled.AddRange(snapshot.Recharge.Rules().Keys.Where(tenants.ContainsKey).Select(number => tenants[number].Id));
            foreach (var (number, notice) in snapshot.Notifications.Waiting().Where(waiting => tenants.ContainsKey(waiting.Tenant)))
            {
                changes.Add(new ChangeNotification(tenants[number].Id, notice, notice with
                {
                    Status = CreditNotificationStatus.Failed,
                    NextAt = null,
                    LastError = "raised before the ledger was restored",
                }));
            }
        }

        var reason = copiedAt == Instant.Earliest ? "restored from a copy" : $"restored from a copy of {copiedAt}";
        changes.AddRange(ruled.Select(id => new PauseRule(id, reason)));
        if (copy.Execute(changes, cancellation: cancellation).FirstOrDefault(outcome => outcome.Error is not null).Error is { } error)
            throw error;
        copy.Execute(new NoteRestore(reason, replaced));
        return new(copiedAt == Instant.Earliest ? null : copiedAt.ToDateTimeOffset(), ruled.Count, attempts);
    }

    private static IReadOnlyList<AutoRechargeAttempt>? MissingAttempts(LedgerSnapshot replaced, HashSet<string> known)
    {
        try
        {
            return
            [
                .. from tenant in replaced.Select(TenantSelection.All)
                   from attempt in replaced.Recharge.Attempts(tenant.Number)
                   where !known.Contains(attempt.IdempotencyKey)
                   select attempt.ToContract(tenant),
            ];
        }
        catch (CreditException problem) when (problem.ErrorId == CreditErrorId.LedgerCorrupt)
        {
            // A damaged ledger is what is restored; it must not be needed for that.
            return null;
        }
    }

    /// <summary>Whether an error is the copy's own: what a disk does to the draft that is made of it, or to the ledger, is no fault of the copy.</summary>
    private static bool IsOfCopy(CreditException problem, string source, string draft) => problem.ErrorId switch
    {
        CreditErrorId.LedgerUnreadable => Equals(problem.Target, source),
        CreditErrorId.LedgerCorrupt => Equals(problem.Target, source) || (Equals(problem.Target, draft) && IsAtFault(source, draft)),
        _ => false,
    };

    /// <summary>Whether what is wrong with a draft was wrong with the copy already, rather than that its disk lost some of it.</summary>
    private static bool IsAtFault(string source, string draft) => SqliteBackup.IsWhole(draft) || !SqliteBackup.IsWhole(source);

    private bool IsLocation(string path) =>
        string.Equals(path, _store.Location, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>What the copy is before it takes the ledger's place.</summary>
    /// <param name="CopiedAt">When it was last posted to; null where it never was.</param>
    /// <param name="Held">How many rules are held.</param>
    /// <param name="Attempts">The idempotency keys of the attempts that it has.</param>
    private sealed record RestoreDraft(DateTimeOffset? CopiedAt, int Held, HashSet<string> Attempts);
}
