using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using Newtonsoft.Json;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// Writes the ledger as one JSON document: the tenants, each with its funds and its entries. Amounts are texts, because most readers
/// take a JSON number for a binary floating-point one (M1).
/// </summary>
internal static class JsonExport
{
    public static void Write(
        LedgerSnapshot snapshot, IEnumerable<Tenant> tenants, Stream stream, Instant now, CancellationToken cancellation)
    {
        using var json = JsonDocuments.NewWriter(stream);
        json.WriteStartObject();
        Write(json, "format", "CommunicationsCredits ledger");
        Write(json, "version", 1);
        Write(json, "exportedAt", now.ToString());
        json.WritePropertyName("tenants");
        json.WriteStartArray();
        foreach (var tenant in tenants)
        {
            json.WriteStartObject();
            Write(json, "tenantId", tenant.Id);
            Write(json, "name", tenant.Name);
            Write(json, "currency", tenant.Currency);
            Write(json, "country", tenant.Country);
            Write(json, "status", tenant.Status.ToString());
            Write(json, "accountFrom", tenant.AccountFrom?.ToString());
            Write(json, "createdAt", tenant.CreatedAt.ToString());
            json.WritePropertyName("funds");
            json.WriteStartArray();
            foreach (var lot in snapshot.Lots.All(tenant.Number))
                Write(json, tenant, lot);
            json.WriteEndArray();
            json.WritePropertyName("entries");
            json.WriteStartArray();
            foreach (var read in snapshot.Entries.Query(tenant.Number))
            {
                cancellation.ThrowIfCancellationRequested();
                Write(json, snapshot, tenant, read);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(JsonWriter json, Tenant tenant, Lot lot)
    {
        json.WriteStartObject();
        Write(json, "fundsId", Lot.IdOf(tenant.Id, lot.Number));
        Write(json, "amount", lot.Amount.ToString());
        Write(json, "undrawn", lot.Remaining.ToString());
        Write(json, "forfeited", lot.Forfeited.ToString());
        Write(json, "purchasedAt", lot.PurchasedAt.ToString());
        Write(json, "expiresAt", lot.ExpiresAt.ToString());
        Write(json, "priority", lot.Priority);
        Write(json, "source", lot.Source.ToString());
        Write(json, "reference", lot.Reference);
        Write(json, "reversed", lot.Reversed);
        json.WriteEndObject();
    }

    private static void Write(JsonWriter json, LedgerSnapshot snapshot, Tenant tenant, ReadEntry read)
    {
        var stored = read.Entry;
        var entry = EntryText.Describe(tenant, read);
        json.WriteStartObject();
        Write(json, "sequence", entry.Sequence);
        Write(json, "kind", entry.Kind.ToString());
        Write(json, "amount", stored.Amount.ToString());
        Write(json, "balanceAfter", stored.BalanceAfter.ToString());
        Write(json, "effectiveAt", stored.EffectiveAt.ToString());
        Write(json, "postedAt", stored.PostedAt.ToString());
        Write(json, "actor", entry.Actor);
        Write(json, "reference", entry.Reference);
        Write(json, "description", entry.Description);
        Write(json, "reverses", stored.Reverses);
        json.WritePropertyName("moves");
        json.WriteStartArray();
        foreach (var move in LotMoves.Of(snapshot, tenant.Number, stored))
        {
            json.WriteStartObject();
            Write(json, "fundsId", Lot.IdOf(tenant.Id, move.Lot));
            Write(json, "amount", move.Amount.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "hash", Convert.ToHexString(read.Hash));
        json.WriteEndObject();
    }

    private static void Write(JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        json.WriteValue(value);
    }
}
