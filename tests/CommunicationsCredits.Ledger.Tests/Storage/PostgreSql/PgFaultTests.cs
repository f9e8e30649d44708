using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;
using Npgsql;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>Whatever happens to the server and on the way to it, nothing is lost and nothing is posted twice.</summary>
public sealed class PgFaultTests(ITestOutputHelper output)
{
    private const string Database = "monkey";

    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("LEDGER_MONKEY_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    [PgFact]
    public void An_import_among_faults_keeps_each_row_once() => Import(rows: 2_000, batch: 100, faults: 12, traffic: 60_000);

    [PgFact]
    [Trait("Tier", "Prove")]
    public void A_long_import_among_many_faults_keeps_each_row_once() => Import(rows: 60_000, batch: 240, faults: 250, traffic: 150_000);

    private void Import(int rows, int batch, int faults, int traffic)
    {
        output.WriteLine($"LEDGER_MONKEY_SEED={Seed}");
        using var server = new PgServer();
        server.Execute($"CREATE DATABASE {Database}");
        var clock = new ManualClock(TestLedger.At("2026-03-15T12:00:00Z"));
        using var ledger = LedgerSession.OpenDatabase(server.ConnectionString(Database), new() { Clock = clock });
        ledger.Execute(new Ledger.Tenants.Operations.AddTenant(TestLedger.Contoso, new()));
        ledger.Execute(new AddFunds(TestLedger.Contoso, 1000m));
        using var line = new CutLine(server.ConnectionString(Database));
        var bought = 0;
        UsageImport result;
        Dictionary<PgFault, int> happened;
        using (var importing = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = clock }))
        using (var buying = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = clock }))
        using (var import = importing.Usage.ImportObjects(TestLedger.Contoso, new(), new RecordingObserver()))
        using (var monkey = new PgMonkey(server, line, Database, Seed, faults, traffic))
        {
            for (var row = 0; row < rows; row++)
            {
                Add(import, row);
                if (import.Pending < batch)
                    continue;
                import.Flush();
                if (row / batch % 3 == 0)
                {
                    // Another session is faster than the next batch, now and then.
                    buying.Execute(new AddFunds(TestLedger.Contoso, 1m));
                    bought++;
                }
            }

            result = import.Complete();
            happened = monkey.Faults;
        }

        output.WriteLine(string.Join(", ", happened.Select(fault => $"{fault.Key} {fault.Value}")));
        Assert.Equal((rows, rows, 0L, 0L), (result.Read, result.Imported, result.Duplicate, result.Rejected));
        Assert.InRange(happened.Values.Sum(), faults / 2, faults);
        using var after = LedgerSession.OpenDatabase(server.ConnectionString(Database), new() { Clock = clock });
        var records = after.Usage.GetRecords(TenantSelection.One(TestLedger.Contoso), new()).Select(record => record.RecordId).ToList();
        Assert.Equal(rows, records.Count);
        Assert.Equal(rows, records.ToHashSet(StringComparer.Ordinal).Count);
        Assert.Equal(1000m + bought - (rows * 0.01m), after.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso), null).Single().Balance);
        Assert.Equal(bought + 1, after.Funds.GetFunds(TenantSelection.One(TestLedger.Contoso), includeSpent: true).Count());
        Assert.Empty(after.Audit.Verify(TenantSelection.All));
    }

    private static void Add(UsageObjectImport import, int row)
    {
        import.Begin();
        import.Set("id", string.Create(CultureInfo.InvariantCulture, $"call-{row}"));
        import.Set("startDateTime", string.Create(CultureInfo.InvariantCulture, $"2026-03-{1 + (row % 14):D2}T10:00:00Z"));
        import.Set("duration", "60");
        import.Set("callType", "user_out");
        import.Set("calleeNumber", "+12065550100");
        import.Set("callerNumber", "+14255550100");
        import.Set("charge", "0.01");
        import.Set("currency", "USD");
        import.Set("licenseCapability", "MCOPSTNPP");
        import.Set("destinationContext", "Domestic");
        import.Set("usageCountryCode", "US");
        import.Set("userPrincipalName", "ann@contoso.com");
        import.End();
    }
}
