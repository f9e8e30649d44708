using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.TestHost;
using CommunicationsCredits.Ledger.Usage;

// A process of its own on a ledger, for the tests that kill it or run several at once:
//   import LEDGER NOW TENANT FILE       imports a usage file
//   funds  LEDGER NOW TENANT COUNT KEY  adds COUNT times 1.00, each under a key of its own
//   open   FOLDER COUNT PROCESSES TENANT  opens COUNT new ledgers, each together with the other processes
// For the tests of recharges and notices:
//   gateway  BOOK                                        is asked for one charge, on standard input
//   recharge LEDGER CONFIGURATION TENANT NAME COUNT      imports COUNT small files, each of which may make a recharge
//   send     LEDGER PORT SECURITY USER SECRET KIND       sends what is due by encrypted mail; KIND is password or token
switch (args[0])
{
    case "gateway":
        return GatewayProgram.Run(new(args[1]));
    case "recharge":
        return RechargeProgram.Run(args[1], args[2], args[3], args[4], int.Parse(args[5], CultureInfo.InvariantCulture));
    case "open":
        return OpenProgram.Run(args[1], int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture), args[4]);
    case "send":
        return SendProgram.Run(args[1..]);
}

var (job, path, now, tenant) = (args[0], args[1], DateTimeOffset.Parse(args[2], CultureInfo.InvariantCulture), args[3]);
using var ledger = LedgerSession.Open(path, new() { Clock = new StandingClock(now), Actor = "host@machine" });
try
{
    ledger.Execute(new AddTenant(tenant, new()));
}
catch (CreditException known) when (known.ErrorId == CreditErrorId.TenantExists)
{
    // Another process was first.
}

Console.WriteLine("ready");
if (job == "import")
{
    var import = ledger.Usage.Import(tenant, args[4], new() { NoRecharge = true }, new Silence(), CancellationToken.None);
    Console.WriteLine($"{import.Imported} {import.Duplicate} {import.Rejected}");
}
else
{
    for (var i = 0; i < int.Parse(args[4], CultureInfo.InvariantCulture); i++)
        ledger.Execute(new AddFunds(tenant, 1m) { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{args[5]} {i}") });
}

return 0;

internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

internal sealed class Silence : IUsageImportObserver
{
    public void Refused(CreditException refusal) => Console.Error.WriteLine(refusal.Message);

    public void Warn(string message)
    {
    }

    public void Progress(long records, double? fraction)
    {
    }
}
