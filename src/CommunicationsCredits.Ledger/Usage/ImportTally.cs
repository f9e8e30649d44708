using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>What an import is.</summary>
internal enum ImportKind
{
    /// <summary>Usage of a source.</summary>
    Usage = 0,

    /// <summary>The rating of what was unrated (G7).</summary>
    Rating = 1,

    /// <summary>The undo of another import (C1).</summary>
    Undo = 2,

    /// <summary>The pricing anew of what a sheet charged (C1a).</summary>
    Rerating = 3,
}

/// <summary>What an import has done so far.</summary>
internal sealed record ImportTally
{
    /// <summary>The import's number within its tenant; 0 before its first batch.</summary>
    public long Number { get; set; }

    public ImportKind Kind { get; init; }

    public UsageImportStatus Status { get; set; }

    /// <summary>Who imported it (I2).</summary>
    public string Actor { get; set; } = string.Empty;

    /// <summary>The first start of a call in it, or null.</summary>
    public Instant? PeriodFrom { get; set; }

    /// <summary>The last start of a call in it, or null.</summary>
    public Instant? PeriodTo { get; set; }

    /// <summary>Where the period begins that the export says it covers, or null.</summary>
    public Instant? ExportedFrom { get; set; }

    /// <summary>Where the period ends that the export says it covers, or null.</summary>
    public Instant? ExportedTo { get; set; }

    /// <summary>The number of the import that it undoes, or null.</summary>
    public long? Undoes { get; init; }

    /// <summary>The running digest of its records that have no entry (H1a); null before the first such record.</summary>
    public byte[]? Records { get; set; }

    /// <summary>The entry that records it (H1a), or null.</summary>
    public long? Entry { get; set; }

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

    /// <summary>The import as the border shows it.</summary>
    public UsageImport ToContract(Tenant tenant) => new()
    {
        ImportId = IdOf(tenant.Id, Number),
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Source = Source,
        Format = Format,
        ImportedAt = StartedAt.ToDateTimeOffset(),
        Actor = Actor,
        Status = Status,
        PeriodFrom = (ExportedFrom ?? PeriodFrom)?.ToDateTimeOffset(),
        PeriodTo = (ExportedTo ?? PeriodTo)?.ToDateTimeOffset(),
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

    /// <summary>Widens the period so that it has a call.</summary>
    /// <param name="start">The call's start.</param>
    public void Reach(Instant start)
    {
        if (PeriodFrom is not { } from || start < from)
            PeriodFrom = start;
        if (PeriodTo is not { } to || start > to)
            PeriodTo = start;
    }
}
