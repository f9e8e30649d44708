using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>What an import has done so far.</summary>
internal sealed class ImportTally
{
    /// <summary>The import's number within its tenant; 0 before its first batch.</summary>
    public long Number { get; set; }

    public required string Source { get; init; }

    public required UsageFormat Format { get; set; }

    public required Instant StartedAt { get; init; }

    public long Imported { get; set; }

    public long Duplicate { get; set; }

    public long Free { get; set; }

    public long Excluded { get; set; }

    public long Unrated { get; set; }

    public long Rejected { get; set; }

    public long Read { get; set; }

    public Amount Charged { get; set; }

    public Amount Recharged { get; set; }

    public Amount BalanceAfter { get; set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>The import's id at the border.</summary>
    public static string IdOf(string tenantId, long number) => string.Create(CultureInfo.InvariantCulture, $"{tenantId}/I{number}");

    /// <summary>A copy, to fall back on when a batch is not committed.</summary>
    public ImportTally Copy() => (ImportTally)MemberwiseClone();

    /// <summary>The import as the border shows it.</summary>
    public UsageImport ToContract(Tenant tenant) => new()
    {
        ImportId = IdOf(tenant.Id, Number),
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Source = Source,
        Format = Format,
        Read = Read,
        Imported = Imported,
        Duplicate = Duplicate,
        Free = Free,
        Excluded = Excluded,
        Unrated = Unrated,
        Rejected = Rejected,
        Charged = Charged.ToDecimal(),
        Currency = tenant.Currency,
        Recharged = Recharged.ToDecimal(),
        BalanceAfter = BalanceAfter.ToDecimal(),
        Elapsed = Elapsed,
    };
}
