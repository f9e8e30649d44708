using System.Globalization;
using CommunicationsCredits;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

// A process of its own on a ledger, for the tests that kill it or run several at once:
//   import LEDGER NOW TENANT FILE       imports a usage file
//   funds  LEDGER NOW TENANT COUNT KEY  adds COUNT times 1.00, each under a key of its own
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
    var import = ledger.ImportUsage(tenant, args[4], new() { NoRecharge = true }, new Silence(), CancellationToken.None);
    Console.WriteLine($"{import.Imported} {import.Duplicate} {import.Rejected}");
}
else
{
    for (var i = 0; i < int.Parse(args[4], CultureInfo.InvariantCulture); i++)
        ledger.Execute(new AddFunds(tenant, 1m) { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{args[5]} {i}") });
}

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
