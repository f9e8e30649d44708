using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>What tests of corrections ask of a ledger.</summary>
internal static class CorrectedLedger
{
    public static CreditTransaction Undo(this TestLedger ledger, CreditTransaction entry, string? reason = null,
        string? key = null) =>
        ledger.Session.Execute(new UndoTransaction(entry.TransactionId) { Reason = reason, IdempotencyKey = key });

    /// <summary>Undoes the charge of a record.</summary>
    public static CreditTransaction Undo(this TestLedger ledger, string record, string? reason = null, string? key = null) =>
        ledger.Undo(ledger.EntryOf(record), reason, key);

    /// <summary>The newest charge of a record.</summary>
    public static CreditTransaction EntryOf(this TestLedger ledger, string record, string tenant = TestLedger.Contoso) =>
        ledger.Entries(tenant, CreditTransactionKind.Usage).Last(entry => entry.Reference == record);

    public static CreditTransaction Adjust(
        this TestLedger ledger, decimal amount, string? expiresAt = null, string? reason = null, string? key = null,
        string tenant = TestLedger.Contoso) => ledger.Session.Execute(new AddAdjustment(tenant, amount)
        {
            ExpiresAt = expiresAt is null ? null : TestLedger.At(expiresAt),
            Reason = reason,
            IdempotencyKey = key,
        });

    public static UsageImport UndoImport(this TestLedger ledger, string import, string? reason = null) =>
        ledger.Session.Execute(new UndoImport(import, reason));

    public static long Clear(this TestLedger ledger, string before, string tenant = TestLedger.Contoso) =>
        ledger.Session.Execute(new ClearUsage(tenant, TestLedger.At(before)));

    public static CreditTransaction Last(this TestLedger ledger, CreditTransactionKind kind) =>
        ledger.Entries(TestLedger.Contoso, kind)[^1];

    public static CreditBalance AsPosted(
        this TestLedger ledger, DateTimeOffset at, DateTimeOffset posted, string tenant = TestLedger.Contoso) =>
        ledger.Session.Funds.GetBalances(TenantSelection.One(tenant), at, posted).Single();
}
