namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>A ledger that can be read: what services, reports and the verification ask of a store.</summary>
internal interface ILedgerReader
{
    /// <summary>Begins to read one state of the ledger.</summary>
    LedgerSnapshot BeginRead();
}
