using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Usage records as the border shows them.</summary>
internal static class UsageRecords
{
    /// <summary>The record's own id.</summary>
    public static string IdOf(UsageBatch batch, in UsageCall call) => IdOf(batch.String(call.RecordId), call.Key);

    /// <summary>The record's own id.</summary>
    /// <param name="text">Its text where it is no GUID; else null.</param>
    /// <param name="key">The identity.</param>
    public static string IdOf(string? text, UInt128 key)
    {
        if (text is not null)
            return text;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>The identity of a record's own id (U2).</summary>
    public static UInt128 KeyOf(string id)
    {
        if (Guid.TryParse(id, out var guid))
            return KeyOf(guid);
        return KeyOf(Encoding.UTF8.GetBytes(id));
    }

    /// <summary>The identity of an id that is a GUID.</summary>
    public static UInt128 KeyOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The identity of an id that is no GUID, in UTF-8.</summary>
    public static UInt128 KeyOf(ReadOnlySpan<byte> id)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    public static UsageRecord ToContract(
        UsageBatch batch, in UsageCall call, Tenant tenant, IReadOnlyDictionary<long, string> sheets) => new()
    {
        RecordId = IdOf(batch, call),
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        ImportId = ImportTally.IdOf(tenant.Id, call.Import),
        StartedAt = call.StartedAt.ToDateTimeOffset(),
        Duration = TimeSpan.FromSeconds(call.Duration),
        CallType = batch.String(call.CallType) ?? string.Empty,
        Service = call.Service,
        Caller = batch.String(call.Caller),
        Callee = batch.String(call.Callee),
        Destination = batch.String(call.Destination),
        Country = Tenants.Country.Find(batch.Bytes(call.OtherCountry)) ?? batch.String(call.OtherCountry),
        UsageCountry = batch.String(call.UsageCountry),
        NumberType = batch.String(call.NumberType),
        User = batch.String(call.User),
        Operator = batch.String(call.Operator),
        AdministrativeUnit = batch.String(call.AdministrativeUnits),
        Capability = batch.String(call.Capability),
        Sheet = call.Sheet is { } sheet ? sheets.GetValueOrDefault(sheet) : null,
        Prefix = batch.String(call.Prefix),
        BilledSeconds = call.BilledSeconds,
        PooledSeconds = call.PooledSeconds,
        Charge = call.Charge.ToDecimal(),
        RecordedCharge = call.RecordedChargeState == RecordedChargeState.Known ? call.RecordedCharge.ToDecimal() : null,
        RatedCharge = call.HasRatedCharge ? call.RatedCharge.ToDecimal() : null,
        Currency = tenant.Currency,
        Status = call.CurrentStatus,
    };
}
