using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>
/// Carries attempts through: the attempt and its exact request are committed, then the gateway is asked outside of any transaction,
/// then the answer is settled (R5). Whatever is killed in between is taken up by the next run with the same request.
/// </summary>
internal sealed class RechargeRun(
    Decider decider, IRechargeMeans means, Gateways gateways, TokenProtection protection, GatewayClient client)
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
            var settled = decider.Decide(new SettleAttempt(tenant.Id, attempt.Number, Answer(attempt, cancellation)));
            (tenant, attempt) = (settled.Tenant!, settled.Result!);
        }

        return attempt.ToContract(tenant);
    }

    /// <summary>What the gateway makes of an attempt's request, or why it was not sent from here.</summary>
    private GatewayAnswer Answer(Attempt attempt, CancellationToken cancellation)
    {
        try
        {
            var gateway = gateways.Get(attempt.Gateway);
            return protection.Reveal(attempt.ProtectedRequest) is { } request
                ? client.Ask(gateway, request, attempt.IdempotencyKey, cancellation).Without(GatewayRequest.TokenOf(request))
                : GatewayAnswer.NotTaken("its request was stored by another account or on another machine, and cannot be read here");
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            return GatewayAnswer.NotTaken(problem.Message);
        }
    }
}
