using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>What an import needs of the ledger that it posts to.</summary>
/// <param name="Store">The store.</param>
/// <param name="Decider">Leads the recharge after the import through.</param>
/// <param name="Recharges">Asks gateways.</param>
/// <param name="Rates">The rates that were read before.</param>
/// <param name="Clock">The clock.</param>
internal sealed record ImportPorts(ILedgerStore Store, Decider Decider, RechargeRun Recharges, RateBooks Rates, TimeProvider Clock);
