namespace CommunicationsCredits;

/// <summary>What a ledger is exported as (H2).</summary>
public enum CreditExportFormat : long
{
    /// <summary>A journal for hledger, which confirms every balance by itself.</summary>
    Hledger = 0,

    /// <summary>One line an entry; cells that a spreadsheet would run are neutralised.</summary>
    Csv = 1,

    /// <summary>Tenants with their funds and entries; amounts as exact text.</summary>
    Json = 2,
}
