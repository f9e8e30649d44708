using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections.Operations;

/// <summary>
/// Blanks the numbers and names of usage before an instant. What is left is their salted digest, and the salt is gone: the chain
/// verifies as before, and nobody can guess what stood there (C4).
/// </summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="before">The start before which calls are blanked.</param>
public sealed class ClearUsage(string tenantId, DateTimeOffset before) : PartedOperation<long>
{
    private readonly Instant _until = Instant.From(before);
    private long _cleared;
    private long _last;

    internal override Needs Needs => Needs.Of(tenantId) with { PoolMonths = (new(0), Month.Of(_until)), Budgets = true, Alarms = true };

    internal override RecordPage? NextPage => new() { After = _last, NotBlankedBefore = _until };

    internal override Needs? More(TenantState state, UsageBatch page) => Needs.Of(tenantId) with { Use = MonthsOf(page) };

    internal override void Begin(TenantState state)
    {
        _cleared = 0;
        _last = 0;
    }

    internal override void Decide(Draft draft, UsageBatch page, ILookup<long, DrawRow> draws)
    {
        var chain = new HashChain();
        foreach (ref readonly var call in page.Calls)
        {
            var digest = new byte[SHA256.HashSizeInBytes];
            UsageDigest.Personal(chain, page, call, digest);
            draft.Changes.Blanked.Add((call.Record, digest));

            // It counts by what is left of it: nobody's, and of the country that its destination names.
            var left = call;
            left.Caller = left.Callee = left.User = default;
            draft.Use.Remove(page, call);
            draft.Use.Add(page, left);
        }

        _cleared += page.Count;
        _last = page.Calls[^1].Record;
        draft.Changes.Effects |= Effects.LeaveNoTrace;
    }

    private static (Month First, Month Last) MonthsOf(UsageBatch page)
    {
        var (first, last) = (Instant.Latest, Instant.Earliest);
        foreach (ref readonly var call in page.Calls)
        {
            first = call.StartedAt < first ? call.StartedAt : first;
            last = Instant.Max(call.StartedAt, last);
        }

        return (Month.Of(first), Month.Of(last));
    }

    internal override long End(Draft draft)
    {
        var month = Month.Of(_until);
        foreach (var share in draft.State.PoolMonths.Values.Where(share => share.User.Length > 0 && share.Month < month))
            draft.Notifications.Forget(share);
        foreach (var share in draft.State.BudgetMarks.Keys.Where(share => share.Budget.Scope == Budgets.BudgetScope.User && share.Month < month).ToList())
        {
            draft.Notifications.Forget(share);
            draft.Changes.BudgetMarks[share] = default;
        }

        foreach (var alarm in draft.Alarms.Where(alarm => alarm.Who.Length > 0 && alarm.FirstDay * TimeSpan.TicksPerDay < _until.Ticks).ToList())
        {
            draft.Notifications.Forget(alarm);
            draft.PutAlarm(alarm with { Who = string.Empty }, "Users and numbers of unusual use blanked");
        }

        draft.Changes.ForgetUsersBefore = month;
        draft.Changes.Effects |= Effects.LeaveNoTrace;
        if (_cleared > 0)
        {
            draft.Note($"Numbers and names of {_cleared} usage records before {_until} blanked");
            draft.Finish();
        }

        return _cleared;
    }
}
