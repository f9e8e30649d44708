using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger;

/// <content>Auto-recharge and maintenance.</content>
public sealed partial class LedgerSession
{
    internal RechargeService Recharges => _recharges;

    /// <summary>The recharge rules of the tenants asked for that have one.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<AutoRecharge> GetRechargeRules(TenantSelection selection)
    {
        using var tx = File.BeginRead();
        var now = Now;
        foreach (var tenant in selection.Resolve(tx))
        {
            if (tx.Recharge.FindRule(tenant.Number) is { } rule)
                yield return RechargeState.Describe(tx, tenant, rule, now);
        }
    }

    /// <summary>The attempts of the tenants asked for, in their order.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="from">The earliest start, or null.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<AutoRechargeAttempt> GetAttempts(TenantSelection selection, DateTimeOffset? from = null)
    {
        using var tx = File.BeginRead();
        foreach (var tenant in selection.Resolve(tx))
        {
            foreach (var attempt in tx.Recharge.Attempts(tenant.Number, Instant.From(from)))
                yield return attempt.ToContract(tenant);
        }
    }

    /// <summary>The payment methods of the tenants asked for.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditPaymentMethod> GetPaymentMethods(TenantSelection selection)
    {
        using var tx = File.BeginRead();
        foreach (var tenant in selection.Resolve(tx))
        {
            foreach (var method in tx.Recharge.Methods(tenant.Number))
                yield return method.ToContract(tenant);
        }
    }

    /// <summary>The payment gateways that this machine knows.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: the configuration cannot be used.</exception>
    public IReadOnlyList<CreditGateway> GetGateways() => Gateways.All();

    /// <summary>Adds a gateway to this machine's configuration, or replaces the one of that name.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>, <c>CardNumberRefused</c>.</exception>
    public CreditGateway RegisterGateway(CreditGateway gateway) => Gateways.Register(gateway);

    /// <summary>Removes a gateway from this machine's configuration.</summary>
    /// <exception cref="CreditException"><c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public void UnregisterGateway(string name) => Gateways.Unregister(name);

    /// <summary>Evaluates a tenant's rule, and asks again for an attempt that is open (R5–R8).</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="force">Whether the back-off is ignored; a cap never is.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <returns>The attempt made, refused or asked for again, as it stands now; nothing where none was due.</returns>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public IReadOnlyList<AutoRechargeAttempt> Recharge(string tenantId, bool force, CancellationToken cancellation = default) =>
        _recharges.Run(tenantId, force ? RechargeTrigger.ForcedRun : RechargeTrigger.Run, cancellation);

    /// <summary>The attempt that <see cref="Recharge"/> would make now, or null; nothing is kept and no gateway asked.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public AutoRechargeAttempt? PreviewRecharge(string tenantId, bool force) =>
        _recharges.Preview(tenantId, force ? RechargeTrigger.ForcedRun : RechargeTrigger.Run);

    /// <summary>
    /// Looks after a tenant: books what has expired, warns of what will, evaluates its rule, and asks again for what is open.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="preview">Whether nothing is kept and no gateway asked.</param>
    /// <param name="warn">Is told what kept a recharge from being started.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, or an error of the ledger.</exception>
    public CreditMaintenance Maintain(
        string tenantId, bool preview, Action<CreditException> warn, CancellationToken cancellation = default)
    {
        CreditMaintenance done;
        using (var tx = File.BeginWrite())
        {
            var tenant = tx.Tenants.Get(tenantId);
            var posting = new TenantPosting(tx, tenant, Context);
            if (tenant.Status == CreditTenantStatus.Active)
            {
                posting.Finish();
                foreach (var lot in tx.Lots.Undrawn(tenant.Number))
                    posting.Notices.Expiring(lot);
            }

            done = new()
            {
                TenantId = tenant.Id,
                TenantName = tenant.Name,
                Forfeited = posting.Forfeited.ToDecimal(),
                Recharged = 0,
                Currency = tenant.Currency,
                Warnings = posting.Notices.Count,
                Failed = 0,
            };
            if (!preview)
                tx.Commit();
        }

        try
        {
            IReadOnlyList<AutoRechargeAttempt> attempts = preview
                ? _recharges.Preview(tenantId, RechargeTrigger.Run) is { } wanted ? [wanted] : []
                : _recharges.Run(tenantId, RechargeTrigger.Run, cancellation);

            // What a preview would ask a gateway for is taken for paid.
            return done with
            {
                Recharged = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded
                    || (preview && attempt.State == AutoRechargeAttemptState.Pending)).Sum(attempt => attempt.Amount),
                Failed = attempts.Count(attempt => attempt.State is not (AutoRechargeAttemptState.Succeeded or AutoRechargeAttemptState.Pending)),
            };
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            warn(problem);
            return done with { Failed = 1 };
        }
    }
}
