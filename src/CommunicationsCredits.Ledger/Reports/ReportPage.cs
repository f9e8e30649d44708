using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Writes the report.</summary>
internal static class ReportPage
{
    public static void Write(
        LedgerTransaction tx, IReadOnlyList<Tenant> tenants, ReportPeriod period, Stream stream, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
