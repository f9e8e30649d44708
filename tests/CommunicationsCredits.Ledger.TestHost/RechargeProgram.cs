using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>
/// Imports small files of paid calls into one tenant, each of which may make a recharge: as a nightly job would.
/// </summary>
public static class RechargeProgram
{
    private const string Header =
        "UsageId,Call ID,Conference ID,User Location,AAD ObjectId,UPN,User Display Name,Caller ID,Call Type,Number Type,"
        + "Domestic/International,Destination Dialed,Destination Number,Start Time,End Time,Duration Seconds,Connection Fee,"
        + "Charge,Currency,Capability";

    /// <summary>Says on standard output when it begins, and after each import.</summary>
    /// <param name="ledgerPath">The ledger.</param>
    /// <param name="configuration">The folder of the configuration.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">What tells its calls from those of other processes, and of other runs.</param>
    /// <param name="files">How many files it imports.</param>
    public static int Run(string ledgerPath, string configuration, string tenant, string name, int files)
    {
        var folder = Directory.CreateTempSubdirectory("credits-import-");
        try
        {
            using var ledger = LedgerSession.Open(
                ledgerPath, new() { ConfigurationFolder = configuration, Actor = "importer@machine" });
            Console.WriteLine("ready");
            for (var file = 0; file < files; file++)
            {
                var path = Path.Combine(folder.FullName, $"usage-{name}-{file}.csv");
                File.WriteAllText(path, Usage(name, file));
                var import = ledger.Usage.Import(tenant, path, new(), new Silent(), default);
                Console.WriteLine(import.ImportId);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Usage(string name, int file)
    {
        var text = new StringBuilder(Header).Append('\n');
        var start = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        for (var call = 0; call < 5; call++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"u-{name}-{file}-{call},c,,US,,ann@contoso.com,,+14255550100,user_out,Subscriber,Domestic,United States,")
                .Append(CultureInfo.InvariantCulture, $"+12065550100,{start},,60,0,{7 + ((file + call) % 9)}.37,USD,MCOPSTNPP\n");
        }

        return text.ToString();
    }

    private sealed class Silent : IUsageImportObserver
    {
        public void Refused(CreditException refusal) => throw refusal;

        public void Warn(string message) => Console.Error.WriteLine(message);

        public void Progress(long records, double? fraction)
        {
        }
    }
}
