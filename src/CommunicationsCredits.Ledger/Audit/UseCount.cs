using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>Adds up anew what calls came to, by day and country, and by month and user.</summary>
internal sealed class UseCount
{
    public Dictionary<DayUseKey, DayUse> Days { get; } = [];

    public Dictionary<UserMonthKey, Amount> Months { get; } = [];

    /// <summary>Adds a call that was not reversed.</summary>
    public void Add(UsageBatch batch, in UsageCall call)
    {
        if (!UseOfCall.Counts(call))
            return;
        var key = UseOfCall.KeyOf(batch, call);
        Days[key] = Days.GetValueOrDefault(key) + UseOfCall.Of(batch, call, key.Country);
        if (call.Charge == Amount.Zero)
            return;
        var user = new UserMonthKey(Month.Of(call.StartedAt), UseOfCall.UserOf(batch.Bytes(call.User)));
        Months[user] = Months.GetValueOrDefault(user) + call.Charge;
    }

    /// <summary>All calls of a tenant, as they stand.</summary>
    public static UseCount Of(LedgerSnapshot snapshot, long tenant)
    {
        var count = new UseCount();
        foreach (var read in snapshot.Usage.Query(tenant, new(), new()))
            count.Add(read, read.Calls[0]);
        return count;
    }

    /// <summary>What is stored and is not what the calls make, in words; sums of nothing are as none.</summary>
    public IEnumerable<string> Differences(LedgerSnapshot snapshot, long tenant)
    {
        var days = snapshot.Uses.Days(tenant, 0, int.MaxValue).ToDictionary(pair => pair.Key, pair => pair.Use);
        foreach (var key in Days.Keys.Union(days.Keys).Where(key => Days.GetValueOrDefault(key) != days.GetValueOrDefault(key)))
        {
            var day = new Instant(Math.Clamp(key.Day, 0, UseTable.DayOf(Instant.Latest)) * TimeSpan.TicksPerDay);
            yield return $"the use of {day.ToDateTimeOffset():yyyy-MM-dd} in '{key.Country}' is kept as {days.GetValueOrDefault(key)}, and its calls make {Days.GetValueOrDefault(key)}.";
        }

        var months = snapshot.Uses.Months(tenant, Month.First, Month.Last).ToDictionary(pair => pair.Key, pair => pair.Charge);
        foreach (var key in Months.Keys.Union(months.Keys).Where(key => Months.GetValueOrDefault(key) != months.GetValueOrDefault(key)))
            yield return $"a user's use of {key.Month} is kept as {months.GetValueOrDefault(key)}, and the calls make {Months.GetValueOrDefault(key)}.";
    }
}
