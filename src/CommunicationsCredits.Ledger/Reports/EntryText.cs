using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Entries as the border shows them: one of a call is described by its record.</summary>
internal static class EntryText
{
    public static CreditTransaction Describe(Tenant tenant, in ReadEntry read, CreditDraw[]? draw = null)
    {
        var entry = read.Entry;
        if (read.Call is { } call)
        {
            entry.Reference ??= UsageRecords.IdOf(call.RecordId, call.Key);
            entry.Description ??= call.Destination is { } destination
                ? $"{call.Service}, {destination}, {call.Duration} s"
                : $"{call.Service}, {call.Duration} s";
        }

        return entry.ToContract(tenant, draw);
    }

    /// <summary>An entry with what lots paid for it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="read">The entry.</param>
    /// <param name="draws">Draws of the tenant, those of the entry among them.</param>
    public static CreditTransaction DescribeWithDraws(Tenant tenant, in ReadEntry read, IEnumerable<DrawRow> draws)
    {
        var entry = read.Entry;
        var own = draws.Where(draw => draw.Entry == entry.Sequence || draw.Posted == entry.Sequence);

        // Where one lot paid all of it at once, the entry names that lot itself.
        if (entry is { Lot: { } lot, Kind: CreditTransactionKind.Usage or CreditTransactionKind.Adjustment } && entry.Amount < Amount.Zero)
            own = own.Prepend(new(entry.Sequence, 0, lot, -entry.Amount, entry.Sequence));
        return Describe(
            tenant,
            read,
            [
                .. own.Select(draw => new CreditDraw
                {
                    FundsId = Lot.IdOf(tenant.Id, draw.Lot),
                    TransactionId = LedgerEntry.IdOf(tenant.Id, draw.Entry),
                    PostedBy = LedgerEntry.IdOf(tenant.Id, draw.Posted),
                    Amount = draw.Amount.ToDecimal(),
                    Currency = tenant.Currency,
                }),
            ]);
    }
}
