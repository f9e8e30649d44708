using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// Writes the ledger as a journal for hledger (H2): one transaction an entry, in the order of posting, dated by PostedAt; one account
/// a lot, and one for debt. Each transaction asserts the tenant's balance after it, and the last ones what each lot has left, so that
/// hledger confirms both from the amounts alone.
/// </summary>
/// <remarks>
/// The balance is asserted of the account on the other side, of which there is one a tenant: its negative is the sum of lots and debt.
/// To assert that sum itself, hledger would go through all accounts at every entry.
/// </remarks>
internal sealed class HledgerExport
{
    /// <summary>The payee of the transactions that move nothing, and confirm what there is.</summary>
    private const string Confirmation = "Confirmation";

    private readonly LedgerSnapshot _snapshot;
    private readonly StreamWriter _writer;
    private readonly Dictionary<long, string> _names = [];

    private HledgerExport(LedgerSnapshot snapshot, StreamWriter writer)
    {
        _snapshot = snapshot;
        _writer = writer;
    }

    public static void Write(
        LedgerSnapshot snapshot, IReadOnlyList<Tenant> tenants, Stream stream, Instant now, CancellationToken cancellation)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        var export = new HledgerExport(snapshot, writer);
        export.Declare(tenants, now);
        var postedAt = Instant.Earliest;
        foreach (var (tenant, read) in EntriesByPosting.Of(snapshot, tenants))
        {
            cancellation.ThrowIfCancellationRequested();
            export.Write(tenant, read);
            postedAt = read.Entry.PostedAt;
        }

        foreach (var tenant in tenants)
            export.Confirm(tenant, postedAt);
    }

    /// <summary>Declares everything, so that hledger's strict checks find a misspelt name.</summary>
    private void Declare(IReadOnlyList<Tenant> tenants, Instant now)
    {
        _writer.WriteLine($"; The ledger of CommunicationsCredits, exported {now}. docs/formats.md describes it.");
        _writer.WriteLine("; hledger check -s -f THIS-FILE confirms every balance. hledger needs a UTF-8 locale.");
        _writer.WriteLine("decimal-mark .");
        foreach (var currency in tenants.Select(tenant => tenant.Currency).Distinct().Order(StringComparer.Ordinal))
            _writer.WriteLine($"commodity 1000.000000 {currency}");
        foreach (var kind in Enum.GetNames<CreditTransactionKind>().Append(Confirmation))
            _writer.WriteLine($"payee {kind}");
        foreach (var tenant in tenants)
        {
            var name = HledgerText.Account(tenant.Id);
            _names.Add(tenant.Number, name);
            _writer.WriteLine();
            _writer.WriteLine($"; {HledgerText.Note(tenant.Name)}");
            _writer.WriteLine($"account {EquityOf(tenant)}");
            _writer.WriteLine($"account {DebtOf(tenant)}");
            foreach (var lot in _snapshot.Lots.All(tenant.Number))
                _writer.WriteLine($"account {LotOf(tenant, lot.Number)}");
        }
    }

    private void Write(Tenant tenant, ReadEntry read)
    {
        var stored = read.Entry;
        var entry = EntryText.Describe(tenant, read);
        Head(stored.PostedAt, stored.Sequence.ToString(CultureInfo.InvariantCulture), stored.Kind.ToString(), entry.Description);
        Tag("effective", stored.EffectiveAt.ToString());
        Tag("posted", stored.PostedAt.ToString());
        Tag("tenant", tenant.Id);
        Tag("actor", stored.Actor);
        Tag("reference", entry.Reference);
        Tag("reverses", stored.Reverses?.ToString(CultureInfo.InvariantCulture));
        Tag("service", read.Call?.Service?.ToString());

        var debt = stored.Amount;
        foreach (var move in LotMoves.Of(_snapshot, tenant.Number, stored))
        {
            Posting(LotOf(tenant, move.Lot), move.Amount, tenant.Currency);
            debt -= move.Amount;
        }

        if (debt != Amount.Zero)
            Posting(DebtOf(tenant), debt, tenant.Currency);
        Posting(EquityOf(tenant), -stored.Amount, tenant.Currency, -stored.BalanceAfter);
        _writer.WriteLine();
    }

    /// <summary>Confirms what the ledger keeps of lots and debt besides its entries.</summary>
    private void Confirm(Tenant tenant, Instant postedAt)
    {
        var account = _snapshot.Tenants.GetAccount(tenant.Number);
        Head(postedAt, null, Confirmation, $"What {tenant.Id} has left");
        foreach (var lot in _snapshot.Lots.All(tenant.Number))
            Posting(LotOf(tenant, lot.Number), Amount.Zero, tenant.Currency, lot.Remaining - lot.Forfeited);
        var debt = new Amount(-_snapshot.Lots.DebtsBefore(tenant.Number, Instant.Latest).Sum(open => open.Unpaid.Micros));
        Posting(DebtOf(tenant), Amount.Zero, tenant.Currency, debt);
        Posting(EquityOf(tenant), Amount.Zero, tenant.Currency, -account.Balance);
        _writer.WriteLine();
    }

    private string NameOf(Tenant tenant) => _names[tenant.Number];

    private string EquityOf(Tenant tenant) => $"equity:{NameOf(tenant)}";

    private string LotOf(Tenant tenant, long lot) =>
        string.Create(CultureInfo.InvariantCulture, $"credits:{NameOf(tenant)}:{NameOf(tenant)}/F{lot}");

    private string DebtOf(Tenant tenant) => $"credits:{NameOf(tenant)}:{NameOf(tenant)}/debt";

    private void Head(Instant postedAt, string? code, string payee, string? note)
    {
        _writer.Write(HledgerText.Date(postedAt));
        if (code is not null)
            _writer.Write($" ({code})");
        _writer.Write($" {payee}");
        if (!string.IsNullOrEmpty(note))
            _writer.Write($" | {HledgerText.Note(note)}");
        _writer.WriteLine();
    }

    private void Tag(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _writer.WriteLine($"    ; {name}: {HledgerText.Tag(value)}");
    }

    private void Posting(string account, Amount amount, string currency, Amount? balance = null)
    {
        _writer.Write($"    {account}  {HledgerText.Amount(amount, currency)}");
        if (balance is { } asserted)
            _writer.Write($" == {HledgerText.Amount(asserted, currency)}");
        _writer.WriteLine();
    }
}
