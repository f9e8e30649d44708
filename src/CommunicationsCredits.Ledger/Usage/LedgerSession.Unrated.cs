using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger;

/// <content>Unrated usage.</content>
public sealed partial class LedgerSession
{
    /// <summary>Charges what is unrated and has a rate by now, in the order in which it was imported (G7).</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <param name="cancellation">Stops it after the batch at hand.</param>
    /// <returns>Read and Imported: the records that waited; Unrated: those that still do.</returns>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>TenantClosed</c>, or an error of the ledger.</exception>
    public UsageImport RateUsage(string tenantId, bool preview, CancellationToken cancellation)
    {
        var started = Clock.GetTimestamp();
        var tally = new ImportTally { Source = "(unrated)", Format = UsageFormat.Auto, StartedAt = Now };
        var batch = new UsageBatch();
        long after = 0;
        Tenant tenant;
        LedgerTransaction? undone = preview ? File.BeginWrite() : null;
        try
        {
            while (true)
            {
                var tx = undone ?? File.BeginWrite();
                try
                {
                    tenant = tx.Tenants.Get(tenantId);
                    if (tenant.Status == CreditTenantStatus.Closed)
                        throw LedgerErrors.TenantClosed(tenant.Id);
                    var posting = new TenantPosting(tx, tenant, Context);
                    if (tally.Number == 0)
                        tally.Number = ++posting.Account.Imports;
                    batch.Reset();
                    var places = tx.Usage.Unrated(tenant.Number, after, batch);
                    if (places.Count > 0)
                    {
                        after = places[^1].Number;

                        // A record that waits though it has a charge of its own was imported by the rate sheet only (G6).
                        var pricing = new CallPricing(
                            tenant.Currency, tenant.AccountFrom, PricingSource.RateSheet, tx.Rates.Book(tenant.Currency));
                        RateBatch(tx, posting, batch, places, pricing, tally);
                    }

                    var isLast = !batch.IsFull || cancellation.IsCancellationRequested;
                    posting.Finish(bookForfeitures: isLast);
                    tally.BalanceAfter = posting.Balance();
                    tally.Elapsed = Clock.GetElapsedTime(started);
                    tx.Imports.Put(tenant.Number, tally);
                    if (!preview)
                        tx.Commit();
                    if (isLast)
                        break;
                }
                finally
                {
                    if (!preview)
                        tx.Dispose();
                }
            }
        }
        finally
        {
            undone?.Dispose();
        }

        if (!preview)
            RechargeAfter(tenant, tally);
        return tally.ToContract(tenant);
    }

    /// <summary>Evaluates the rule of a tenant whose balance an import has lowered, and notes what that recharged (R8).</summary>
    private void RechargeAfter(Tenant tenant, ImportTally tally)
    {
        var recharged = _recharges.RunIfPossible(tenant.Id).Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded)
            .Sum(attempt => attempt.Amount);
        if (recharged == 0)
            return;
        using var tx = File.BeginWrite();
        tally.Recharged += Amount.FromDecimal(recharged);
        tally.BalanceAfter = new TenantPosting(tx, tenant, Context).Balance();
        tx.Imports.Put(tenant.Number, tally);
        tx.Commit();
    }

    private static void RateBatch(
        LedgerTransaction tx, TenantPosting posting, UsageBatch batch, IReadOnlyList<RecordPlace> places, CallPricing pricing,
        ImportTally tally)
    {
        var chain = new HashChain();
        Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < places.Count; i++)
        {
            ref var call = ref batch.Calls[i];
            var place = places[i];
            tally.Read++;
            tally.Imported++;
            CallPricer.Price(batch, ref call, pricing);
            if (call.Refusal is not null || call.Status == UsageStatus.Unrated)
            {
                tally.Unrated++;
                continue;
            }

            posting.Pools.Apply(batch, ref call);
            UsageDigest.Content(chain, batch, call, content);
            long? entry = call.Status is UsageStatus.Charged or UsageStatus.Pooled
                ? UsageCharge.Post(posting, call, place.Number, place.Import, content)
                : null;
            if (call is { ByRate: true, Sheet: { } sheet })
                tx.Rates.MarkUsed(posting.Tenant.Number, sheet);
            tx.Usage.UpdateCharge(posting.Tenant.Number, call, place.Number, entry);
            tally.Charged += call.Charge;
        }
    }
}
