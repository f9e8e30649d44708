using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// Writes the ledger as a journal for hledger (H2): one transaction an entry, in the order of posting, dated by PostedAt; one account
/// a lot, and one for debt. Each transaction asserts the tenant's balance after it, and the last ones what each lot has left, so that
/// hledger confirms both from the amounts alone.
/// </summary>
internal sealed class HledgerExport
{
    private readonly LedgerTransaction _tx;
    private readonly StreamWriter _writer;
    private readonly UsageBatch _batch = new();
    private readonly Dictionary<long, string> _names = [];

    private HledgerExport(LedgerTransaction tx, StreamWriter writer)
    {
        _tx = tx;
        _writer = writer;
    }

    public static void Write(
        LedgerTransaction tx, IReadOnlyList<Tenant> tenants, Stream stream, Instant now, CancellationToken cancellation)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        var export = new HledgerExport(tx, writer);
        export.Declare(tenants, now);
        var postedAt = Instant.Earliest;
        foreach (var (tenant, stored) in EntriesByPosting.Of(tx, tenants))
        {
            cancellation.ThrowIfCancellationRequested();
            export.Write(tenant, stored.Entry);
            postedAt = stored.Entry.PostedAt;
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
            _writer.WriteLine($"account {Balance(tenant)}");
            _writer.WriteLine($"account {DebtOf(tenant)}");
            foreach (var lot in _tx.Lots.All(tenant.Number))
                _writer.WriteLine($"account {LotOf(tenant, lot.Number)}");
            foreach (var counter in Enum.GetNames<CreditTransactionKind>())
                _writer.WriteLine($"account {CounterOf(tenant, counter)}");
            foreach (var service in Enum.GetNames<UsageService>())
                _writer.WriteLine($"account {UsageOf(tenant, service)}");
        }
    }

    private void Write(Tenant tenant, LedgerEntry stored)
    {
        var entry = LedgerSession.Describe(_tx, tenant, stored, _batch);
        Head(stored.PostedAt, stored.Sequence.ToString(CultureInfo.InvariantCulture), stored.Kind.ToString(), entry.Description);
        Tag("effective", stored.EffectiveAt.ToString());
        Tag("posted", stored.PostedAt.ToString());
        Tag("tenant", tenant.Id);
        Tag("actor", stored.Actor);
        Tag("reference", entry.Reference);
        Tag("reverses", stored.Reverses?.ToString(CultureInfo.InvariantCulture));

        var debt = stored.Amount;
        foreach (var move in LotMoves.Of(_tx, tenant.Number, stored))
        {
            Posting(LotOf(tenant, move.Lot), move.Amount, tenant.Currency);
            debt -= move.Amount;
        }

        if (debt != Amount.Zero)
            Posting(DebtOf(tenant), debt, tenant.Currency);
        if (stored.Amount != Amount.Zero)
        {
            var counter = stored.Kind == CreditTransactionKind.Usage && _batch is { Count: 1 }
                ? UsageOf(tenant, (_batch.Calls[0].Service ?? UsageService.Other).ToString())
                : CounterOf(tenant, stored.Kind.ToString());
            Posting(counter, -stored.Amount, tenant.Currency);
        }

        Assertion(Balance(tenant), stored.BalanceAfter, tenant.Currency, "==*");
        _writer.WriteLine();
    }

    /// <summary>Confirms what the ledger keeps of lots and debt besides its entries.</summary>
    private void Confirm(Tenant tenant, Instant postedAt)
    {
        var account = _tx.Tenants.GetAccount(tenant.Number);
        Head(postedAt, null, Confirmation, $"What {tenant.Id} has left");
        foreach (var lot in _tx.Lots.All(tenant.Number))
            Assertion(LotOf(tenant, lot.Number), lot.Remaining - lot.Forfeited, tenant.Currency, "==");
        var debt = new Amount(-_tx.Lots.DebtsBefore(tenant.Number, Instant.Latest).Sum(open => open.Unpaid.Micros));
        Assertion(DebtOf(tenant), debt, tenant.Currency, "==");
        Assertion(Balance(tenant), account.Balance, tenant.Currency, "==*");
        _writer.WriteLine();
    }

    private const string Confirmation = "Confirmation";

    private string NameOf(Tenant tenant) => _names[tenant.Number];

    private string Balance(Tenant tenant) => $"credits:{NameOf(tenant)}";

    private string LotOf(Tenant tenant, long lot) =>
        string.Create(CultureInfo.InvariantCulture, $"{Balance(tenant)}:{NameOf(tenant)}/F{lot}");

    private string DebtOf(Tenant tenant) => $"{Balance(tenant)}:{NameOf(tenant)}/debt";

    private string UsageOf(Tenant tenant, string service) => $"usage:{NameOf(tenant)}/{service}";

    private string CounterOf(Tenant tenant, string kind) => $"{kind.ToLowerInvariant()}:{NameOf(tenant)}/{kind.ToLowerInvariant()}";

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

    private void Posting(string account, Amount amount, string currency) =>
        _writer.WriteLine($"    {account}  {HledgerText.Amount(amount, currency)}");

    private void Assertion(string account, Amount balance, string currency, string sign) =>
        _writer.WriteLine($"    {account}  {HledgerText.Amount(Amount.Zero, currency)} {sign} {HledgerText.Amount(balance, currency)}");
}
