using System.Globalization;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>The verification of a ledger.</summary>
public sealed class AuditService
{
    private readonly ILedgerReader _reader;

    internal AuditService(ILedgerReader reader)
    {
        _reader = reader;
    }

    /// <summary>The seal of the ledger as it is now (H1c).</summary>
    public LedgerSeal Seal()
    {
        using var snapshot = _reader.BeginRead();
        return LedgerSeal.Of(snapshot);
    }

    /// <summary>Writes the seal of the ledger as it is now to a file that only its owner can read, whole or not at all (H1c).</summary>
    /// <param name="path">The file's full path.</param>
    /// <exception cref="CreditException"><c>FileExists</c>: a seal that was kept is never replaced.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public LedgerSeal WriteSeal(string path)
    {
        using var file = new NewFile(path, force: false);
        var seal = Seal();
        file.Stream.Write(seal.Content());
        file.Complete();
        return seal;
    }

    /// <summary>What is wrong with the records of the tenants asked for; nothing where all is well (H1).</summary>
    /// <param name="selection">The tenants; of all of them, the ledger's own chain and removed tenants too.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<CreditLedgerFinding> Verify(TenantSelection selection, CancellationToken cancellation = default) =>
        Verify(_reader, selection, cancellation);

    /// <summary>As <see cref="Verify(TenantSelection, CancellationToken)"/>, and whether what a seal names is still there (H1c).</summary>
    /// <param name="selection">The tenants; only their lines of the seal are compared.</param>
    /// <param name="seal">The seal.</param>
    /// <param name="warn">Receives the tenants that were removed since, which is no finding: the ledger's own chain says when and by whom.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<CreditLedgerFinding> Verify(
        TenantSelection selection, LedgerSeal seal, Action<string>? warn, CancellationToken cancellation = default) =>
        Verify(_reader, selection, cancellation, seal, warn);

    internal static IEnumerable<CreditLedgerFinding> Verify(
        ILedgerReader reader, TenantSelection selection, CancellationToken cancellation, LedgerSeal? seal = null, Action<string>? warn = null)
    {
        using var snapshot = reader.BeginRead();
        foreach (var finding in Verify(snapshot, selection, cancellation, seal, warn))
            yield return finding;
    }

    internal static IEnumerable<CreditLedgerFinding> Verify(
        LedgerSnapshot snapshot, TenantSelection selection, CancellationToken cancellation, LedgerSeal? seal = null, Action<string>? warn = null)
    {
        var tenants = selection.IsAll ? snapshot.Tenants.All(withRemoved: true) : snapshot.Select(selection);
        var work = new VerifierWork();
        foreach (var tenant in tenants)
        {
            var line = seal?.Tenants.GetValueOrDefault(tenant.Number);
            foreach (var finding in new LedgerVerifier(snapshot, tenant, work, cancellation, line).Verify())
                yield return finding;
            if (line is not null && tenant.RemovedAt is { } removed && snapshot.Tenants.GetAccount(tenant.Number).Sequence > line.Sequence)
                warn?.Invoke($"'{tenant.Id}' was removed on {removed}, after the seal was made.");
        }

        if (!selection.IsAll)
            yield break;
        foreach (var number in seal?.Tenants.Keys.Except(tenants.Select(tenant => tenant.Number)) ?? [])
        {
            yield return LedgerChainVerifier.Finding(
                null, string.Create(CultureInfo.InvariantCulture, $"tenant number {number} is in the seal and not in the ledger: it was deleted, or an older copy was put back."), "H1c");
        }

        foreach (var finding in LedgerChainVerifier.Verify(snapshot, tenants, seal?.Ledger))
            yield return finding;
    }
}
