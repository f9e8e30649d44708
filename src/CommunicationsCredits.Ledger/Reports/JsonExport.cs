using System.Text.Encodings.Web;
using System.Text.Json;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// Writes the ledger as one JSON document: the tenants, each with its funds and its entries. Amounts are texts, because most readers
/// take a JSON number for a binary floating-point one (M1).
/// </summary>
internal static class JsonExport
{
    private const int FlushAt = 64 * 1024;

    public static void Write(
        LedgerTransaction tx, IEnumerable<Tenant> tenants, Stream stream, Instant now, CancellationToken cancellation)
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("format", "CommunicationsCredits ledger");
        json.WriteNumber("version", 1);
        json.WriteString("exportedAt", now.ToString());
        json.WriteStartArray("tenants");
        foreach (var tenant in tenants)
        {
            json.WriteStartObject();
            json.WriteString("tenantId", tenant.Id);
            json.WriteString("name", tenant.Name);
            json.WriteString("currency", tenant.Currency);
            json.WriteString("country", tenant.Country);
            json.WriteString("status", tenant.Status.ToString());
            json.WriteString("accountFrom", tenant.AccountFrom?.ToString());
            json.WriteString("createdAt", tenant.CreatedAt.ToString());
            json.WriteStartArray("funds");
            foreach (var lot in tx.Lots.All(tenant.Number))
                Write(json, tenant, lot);
            json.WriteEndArray();
            json.WriteStartArray("entries");
            var batch = new UsageBatch();
            foreach (var (entry, hash) in tx.Entries.Query(tenant.Number))
            {
                cancellation.ThrowIfCancellationRequested();
                Write(json, tx, tenant, entry, hash, batch);
                if (json.BytesPending > FlushAt)
                    json.Flush();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Tenant tenant, Lot lot)
    {
        json.WriteStartObject();
        json.WriteString("fundsId", Lot.IdOf(tenant.Id, lot.Number));
        json.WriteString("amount", lot.Amount.ToString());
        json.WriteString("undrawn", lot.Remaining.ToString());
        json.WriteString("forfeited", lot.Forfeited.ToString());
        json.WriteString("purchasedAt", lot.PurchasedAt.ToString());
        json.WriteString("expiresAt", lot.ExpiresAt.ToString());
        json.WriteNumber("priority", lot.Priority);
        json.WriteString("source", lot.Source.ToString());
        json.WriteString("reference", lot.Reference);
        json.WriteBoolean("reversed", lot.Reversed);
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, LedgerTransaction tx, Tenant tenant, LedgerEntry stored, byte[] hash, UsageBatch batch)
    {
        var entry = LedgerSession.Describe(tx, tenant, stored, batch);
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("kind", entry.Kind.ToString());
        json.WriteString("amount", stored.Amount.ToString());
        json.WriteString("balanceAfter", stored.BalanceAfter.ToString());
        json.WriteString("effectiveAt", stored.EffectiveAt.ToString());
        json.WriteString("postedAt", stored.PostedAt.ToString());
        json.WriteString("actor", entry.Actor);
        json.WriteString("reference", entry.Reference);
        json.WriteString("description", entry.Description);
        if (stored.Reverses is { } reverses)
            json.WriteNumber("reverses", reverses);
        else
            json.WriteNull("reverses");
        json.WriteStartArray("moves");
        foreach (var move in LotMoves.Of(tx, tenant.Number, stored))
        {
            json.WriteStartObject();
            json.WriteString("fundsId", Lot.IdOf(tenant.Id, move.Lot));
            json.WriteString("amount", move.Amount.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("hash", Convert.ToHexString(hash));
        json.WriteEndObject();
    }
}
