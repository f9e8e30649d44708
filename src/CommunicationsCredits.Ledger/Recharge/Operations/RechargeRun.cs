using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>
/// Carries attempts through: the attempt and its exact request are committed, then the gateway is asked outside of any transaction,
/// then the answer is settled (R5). Whatever is killed in between is taken up by the next run with the same request.
/// </summary>
/// <param name="decider">Decides and writes.</param>
/// <param name="means">What this machine can do for a recharge.</param>
/// <param name="ask">Asks the gateway of an attempt what becomes of its request.</param>
internal sealed class RechargeRun(Decider decider, IRechargeMeans means, Func<Attempt, CancellationToken, GatewayAnswer> ask)
{
    /// <summary>Evaluates a tenant's rule once, and asks gateways for what is due.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="trigger">Why.</param>
    /// <param name="cancellation">Ends the wait for a gateway; whether it was paid is not known then.</param>
    /// <returns>The attempts made, refused or asked for again, as they stand now.</returns>
    /// <exception cref="CreditException">
    /// <c>TenantNotFound</c>; <c>GatewayNotFound</c> or <c>GatewayInvalid</c>: nothing was started.
    /// </exception>
    public IReadOnlyList<AutoRechargeAttempt> Run(string tenantId, RechargeTrigger trigger, CancellationToken cancellation = default)
    {
        var evaluated = decider.Decide(new EvaluateRecharge(tenantId, trigger, means, decider.Context.Now));
        return evaluated.Result is { } attempt ? [Finish(evaluated.Tenant!, attempt, cancellation)] : [];
    }

    /// <summary>The attempt that an evaluation would make now, or null; nothing is kept and no gateway asked.</summary>
    public AutoRechargeAttempt? Preview(string tenantId, RechargeTrigger trigger)
    {
        var evaluated = decider.Decide(new EvaluateRecharge(tenantId, trigger, means, decider.Context.Now), preview: true);
        return (evaluated.Result ?? evaluated.OpenAttempt)?.ToContract(evaluated.Tenant!);
    }

    /// <summary>Asks the gateway where an attempt is open, and settles its answer.</summary>
    public AutoRechargeAttempt Finish(Tenant tenant, Attempt attempt, CancellationToken cancellation)
    {
        if (attempt.IsOpen)
        {
            // The tenant may have been changed while the gateway was asked.
            var settled = decider.Decide(new SettleAttempt(tenant.Id, attempt.Number, ask(attempt, cancellation)));
            (tenant, attempt) = (settled.Tenant!, settled.Result!);
        }

        return attempt.ToContract(tenant);
    }
}
