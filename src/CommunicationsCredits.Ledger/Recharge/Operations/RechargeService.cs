using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Auto-recharge and maintenance.</summary>
public sealed class RechargeService
{
    private readonly ILedgerReader _reader;
    private readonly OperationRunner _runner;
    private readonly Gateways _gateways;
    private readonly TimeProvider _clock;

    internal RechargeService(ILedgerReader reader, OperationRunner runner, Gateways gateways, TimeProvider clock)
    {
        _reader = reader;
        _runner = runner;
        _gateways = gateways;
        _clock = clock;
    }

    /// <summary>The recharge rules of the tenants asked for that have one.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<AutoRecharge> GetRules(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        var now = Instant.Now(_clock);
        var tenants = snapshot.Select(selection);
        var rules = snapshot.Recharge.Rules();
        var open = snapshot.Recharge.OpenAttempts();
        var starts = snapshot.Recharge.LastStarts();
        foreach (var tenant in tenants)
        {
            if (rules.TryGetValue(tenant.Number, out var rule))
            {
                yield return RechargeState.Describe(
                    tenant, rule, open.ContainsKey(tenant.Number),
                    starts.TryGetValue(tenant.Number, out var start) ? start : null, now);
            }
        }
    }

    /// <summary>The attempts of the tenants asked for, in their order.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="from">The earliest start, or null.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<AutoRechargeAttempt> GetAttempts(TenantSelection selection, DateTimeOffset? from = null)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var attempt in snapshot.Recharge.Attempts(tenant.Number, Instant.From(from)))
                yield return attempt.ToContract(tenant);
        }
    }

    /// <summary>The payment methods of the tenants asked for.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditPaymentMethod> GetPaymentMethods(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var method in snapshot.Recharge.Methods(tenant.Number))
                yield return method.ToContract(tenant);
        }
    }

    /// <summary>The payment gateways that this machine knows.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: the configuration cannot be used.</exception>
    public IReadOnlyList<CreditGateway> GetGateways() => _gateways.All();

    /// <summary>Adds a gateway to this machine's configuration, or replaces the one of that name.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>, <c>CardNumberRefused</c>.</exception>
    public CreditGateway RegisterGateway(CreditGateway gateway) => _gateways.Register(gateway);

    /// <summary>Removes a gateway from this machine's configuration.</summary>
    /// <exception cref="CreditException"><c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public void UnregisterGateway(string name) => _gateways.Unregister(name);

    /// <summary>Evaluates a tenant's rule, and asks again for an attempt that is open (R5–R8).</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="force">Whether the back-off is ignored; a cap never is.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <returns>The attempt made, refused or asked for again, as it stands now; nothing where none was due.</returns>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public IReadOnlyList<AutoRechargeAttempt> Run(string tenantId, bool force, CancellationToken cancellation = default) =>
        _runner.Recharges.Run(tenantId, force ? RechargeTrigger.ForcedRun : RechargeTrigger.Run, cancellation);

    /// <summary>The attempt that <see cref="Run"/> would make now, or null; nothing is kept and no gateway asked.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public AutoRechargeAttempt? Preview(string tenantId, bool force) =>
        _runner.Recharges.Preview(tenantId, force ? RechargeTrigger.ForcedRun : RechargeTrigger.Run);

    /// <summary>
    /// Looks after a tenant: books what has expired, warns of what will, evaluates its rule, and asks again for what is open.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="preview">Whether nothing is kept and no gateway asked.</param>
    /// <param name="warn">Receives what kept a recharge from being started.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, or an error of the ledger.</exception>
    public CreditMaintenance Maintain(
        string tenantId, bool preview, Action<CreditException> warn, CancellationToken cancellation = default)
    {
        var outcome = Maintain([tenantId], preview, cancellation)[0];
        if (outcome.Error is { } error)
            throw error;
        if (outcome.Foresight?.RechargeProblem is { } problem)
            warn(problem);
        return outcome.Result!;
    }

    /// <summary>Looks after many tenants at once: one commit, then the gateways that are to be asked, one after another.</summary>
    /// <param name="tenantIds">The tenants.</param>
    /// <param name="preview">Whether nothing is kept and no gateway asked.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <exception cref="CreditException">The ledger cannot be written; nothing was changed.</exception>
    public IReadOnlyList<LedgerOutcome<CreditMaintenance>> Maintain(
        IReadOnlyList<string> tenantIds, bool preview, CancellationToken cancellation = default)
    {
        var outcomes = _runner.Execute<CreditMaintenance>([.. tenantIds.Select(id => new MaintainTenant(id))], preview, cancellation: cancellation);
        return [.. outcomes.Select(outcome => Add(outcome, preview))];
    }

    private static LedgerOutcome<CreditMaintenance> Add(LedgerOutcome<CreditMaintenance> outcome, bool preview)
    {
        if (outcome is not { Result: { } done, Foresight: { } foresight })
            return outcome;

        // What a preview would ask a gateway for is taken for paid.
        var attempts = foresight.Recharges;
        return outcome with
        {
            Result = new()
            {
                TenantId = done.TenantId,
                TenantName = done.TenantName,
                Forfeited = done.Forfeited,
                Currency = done.Currency,
                Warnings = done.Warnings,
                Recharged = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded
                    || (preview && attempt.State == AutoRechargeAttemptState.Pending)).Sum(attempt => attempt.Amount),
                Failed = foresight.RechargeProblem is not null
                    ? 1
                    : attempts.Count(attempt => attempt.State is not (AutoRechargeAttemptState.Succeeded or AutoRechargeAttemptState.Pending)),
            },
        };
    }
}
