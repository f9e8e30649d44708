using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Entries as the border shows them: one of a call is described by its record.</summary>
internal static class EntryText
{
    public static CreditTransaction Describe(Tenant tenant, in ReadEntry read)
    {
        var entry = read.Entry;
        if (read.Call is { } call)
        {
            entry.Reference ??= UsageRecords.IdOf(call.RecordId, call.Key);
            entry.Description ??= call.Destination is { } destination
                ? $"{call.Service}, {destination}, {call.Duration} s"
                : $"{call.Service}, {call.Duration} s";
        }

        return entry.ToContract(tenant);
    }
}
