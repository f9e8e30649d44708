namespace CommunicationsCredits;

/// <summary>What usage is exported as.</summary>
public enum CreditUsageFormat : long
{
    /// <summary>CSV for a spreadsheet.</summary>
    Csv = 0,

    /// <summary>CSV with the columns of FOCUS 1.2, the FinOps Open Cost and Usage Specification.</summary>
    Focus = 1,
}
