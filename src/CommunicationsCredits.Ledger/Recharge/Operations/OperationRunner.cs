using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Carries out operations as one commit, and then asks the gateways for the recharges that they brought.</summary>
internal sealed class OperationRunner(Decider decider, RechargeRun recharges)
{
    public RechargeRun Recharges => recharges;

    /// <summary>Carries out operations in their order.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="preview">Whether nothing is kept: they are decided and answered for, and no lock is taken.</param>
    /// <param name="endsAtRefusal">Whether nothing after a refused operation is carried out.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <exception cref="CreditException">The ledger cannot be written; nothing was changed.</exception>
    public IReadOnlyList<LedgerOutcome<T>> Execute<T>(
        IReadOnlyList<LedgerOperation<T>> operations, bool preview = false, bool endsAtRefusal = false,
        CancellationToken cancellation = default)
    {
        var decided = decider.Decide(operations, preview, endsAtRefusal);
        var outcomes = new LedgerOutcome<T>[decided.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var one = decided[i];
            LedgerForesight? foresight = null;
            if (one.Tenant is { } tenant)
            {
                foresight = Foresight.Of(tenant, one.Notified, one.Recharge, one.RechargeProblem);
                if (!preview && one.Recharge is { IsOpen: true } attempt)
                    foresight = foresight with { Recharges = [recharges.Finish(tenant, attempt, cancellation)] };
            }

            outcomes[i] = new(one.Result, one.Error, foresight);
        }

        return outcomes;
    }

    /// <summary>Carries out an operation on many records, and asks the gateway for a recharge that it brought with it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is kept, and nobody asked.</param>
    public T Execute<T>(PartedOperation<T> operation, bool preview)
    {
        var decided = decider.Decide(operation, preview);
        if (!preview && decided is { Tenant: { } tenant, Recharge: { IsOpen: true } attempt })
            recharges.Finish(tenant, attempt, default);
        return decided.Result!;
    }
}
