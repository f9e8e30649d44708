using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>
/// Posts a call that was reversed anew, with another charge: a record of its own, which its identity stands for from then on. The
/// included minutes that it had it has again (C1a).
/// </summary>
internal sealed class Repost
{
    private readonly HashChain _chain = new();

    /// <summary>What a page of calls needs that are reversed and posted anew.</summary>
    public static Needs NeedsOf(TenantState state, UsageBatch page)
    {
        var debts = Amount.Zero;
        var (first, last) = (Instant.Latest, Instant.Earliest);
        foreach (ref readonly var call in page.Calls)
        {
            debts += call.Charge;
            first = call.StartedAt < first ? call.StartedAt : first;
            last = Instant.Max(call.StartedAt, last);
        }

        return Needs.Of(state.Tenant.Id) with { Debts = debts, PoolMonths = (Month.Of(first), Month.Of(last)), Use = (Month.Of(first), Month.Of(last)) };
    }

    /// <summary>Posts a call; it has been reversed, and its new charge is in it.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="batch">The batch that the call is in; the draft's posting gets it.</param>
    /// <param name="call">The call.</param>
    /// <param name="import">The number of the import that posts it.</param>
    public void Post(Draft draft, UsageBatch batch, ref UsageCall call, long import)
    {
        draft.Pools.TakeAgain(batch, call);
        call.Record = ++draft.Account.Records;
        call.Import = import;
        call.Lot = null;
        call.IsReversed = false;
        call.Formula = LedgerEntry.NewestFormula;
        Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes], buffer = stackalloc byte[UsageDigest.MostBytes];
        UsageDigest.Content(_chain, batch, call, content);
        var digest = UsageDigest.WriteCharge(content, batch, call, import, buffer);
        draft.Charge(batch, ref call, digest);
        draft.Use.Add(batch, call);
        draft.Changes.MovedKeys.Add((call.Key, call.Record));

        // What was blanked stays blank (C4).
        if (!call.Personal.IsEmpty)
            draft.Changes.Blanked.Add((call.Record, batch.Bytes(call.Personal).ToArray()));
    }
}
