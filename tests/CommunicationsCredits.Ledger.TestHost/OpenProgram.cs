using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>Opens new ledgers in the same moment as other processes, and posts to each.</summary>
internal static class OpenProgram
{
    public static int Run(string folder, int ledgers, int processes, string tenant)
    {
        for (var number = 0; number < ledgers; number++)
        {
            var name = number.ToString(CultureInfo.InvariantCulture);

            // A file each says who is there; the last one's starts them all.
            File.WriteAllText(Path.Combine(folder, $"{name}-{tenant}.here"), tenant);
            while (Directory.GetFiles(folder, $"{name}-*.here").Length < processes)
                Thread.Yield();

            using var ledger = LedgerSession.Open(Path.Combine(folder, name + ".db"));
            ledger.Execute(new AddTenant(tenant, new()));
            ledger.Execute(new AddFunds(tenant, 1m));
        }

        return 0;
    }
}
