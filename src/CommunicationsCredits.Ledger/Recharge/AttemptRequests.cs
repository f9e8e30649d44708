namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>Sends the requests of attempts to the gateways that this machine knows.</summary>
internal sealed class AttemptRequests(Gateways gateways, TokenProtection protection, GatewayClient client)
{
    /// <summary>What the gateway makes of an attempt's request, or why it was not sent from here; without its key the attempt stays as it is (R11).</summary>
    public GatewayAnswer Send(Attempt attempt, CancellationToken cancellation)
    {
        try
        {
            var gateway = gateways.Get(attempt.Gateway);
            return protection.Reveal(attempt.ProtectedRequest) is { } request
                ? client.Ask(gateway, request, attempt.IdempotencyKey, cancellation).Without(GatewayRequest.TokenOf(request))
                : new(attempt.State, null, attempt.Reason);
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            return GatewayAnswer.NotTaken(problem.Message);
        }
    }
}
