using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>
/// Blanks the numbers and names of usage before an instant. What is left is their salted digest, and the salt is gone: the chain
/// verifies as before, and nobody can guess what stood there (C4).
/// </summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="before">The start before which calls are blanked.</param>
public sealed class ClearUsage(string tenantId, DateTimeOffset before) : LedgerCommand<long>
{
    /// <inheritdoc/>
    internal override bool Erases => true;

    internal override long Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        var until = Instant.From(before);
        var batch = new UsageBatch();
        var chain = new HashChain();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        long cleared = 0;
        long after = 0;
        while (true)
        {
            batch.Reset();
            var places = tx.Usage.NotBlanked(tenant.Number, after, until, batch);
            for (var i = 0; i < places.Count; i++)
            {
                UsageDigest.Personal(chain, batch, batch.Calls[i], digest);
                tx.Usage.Blank(tenant.Number, places[i].Number, digest);
            }

            cleared += places.Count;
            if (!batch.IsFull)
                break;
            after = places[^1].Number;
        }

        var month = Month.Of(until);
        foreach (var share in tx.Pools.Months(tenant.Number).Where(share => share.User.Length > 0 && share.Month < month))
            new Notices(tx, tenant, ledger.Now).Forget(share);
        tx.Pools.ForgetUsers(tenant.Number, month);
        if (cleared > 0)
        {
            var posting = new TenantPosting(tx, tenant, ledger.Context);
            posting.Note($"Numbers and names of {cleared} usage records before {until} blanked");
            posting.Finish();
        }

        return cleared;
    }
}
