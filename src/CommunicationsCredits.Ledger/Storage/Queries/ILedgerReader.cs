using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>A ledger that can be read: what services, reports and the verification ask of a store.</summary>
internal interface ILedgerReader
{
    /// <summary>Begins to read one state of the ledger.</summary>
    LedgerSnapshot BeginRead();
}

/// <summary>Questions to a ledger that take a state of it each.</summary>
internal static class LedgerReading
{
    /// <summary>Whether an id is that of something in the ledger.</summary>
    /// <param name="reader">The ledger.</param>
    /// <param name="id">The id.</param>
    /// <param name="letter">The letter before its number (<see cref="LedgerIds"/>).</param>
    /// <param name="find">Looks for it, by its tenant's number and its own.</param>
    public static bool Has(this ILedgerReader reader, string id, string letter, Func<LedgerSnapshot, long, long, bool> find)
    {
        if (LedgerIds.Parse(id, letter) is not var (tenantId, number))
            return false;
        using var snapshot = reader.BeginRead();
        return snapshot.Tenants.Find(tenantId) is { } tenant && find(snapshot, tenant.Number, number);
    }
}
