using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>A tenant's account between two instants.</summary>
internal sealed record Statement
{
    public required Amount Opening { get; init; }

    public required Amount Purchased { get; init; }

    public required Amount Recharged { get; init; }

    /// <summary>0 or less.</summary>
    public required Amount Used { get; init; }

    /// <summary>Booked or not; as a rule 0 or less.</summary>
    public required Amount Forfeited { get; init; }

    public required Amount Corrected { get; init; }

    public required Amount Closing { get; init; }

    public required IReadOnlyList<ServiceUse> Services { get; init; }

    /// <summary>The statement of the time from an instant on and before another.</summary>
    /// <param name="snapshot">The transaction.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="account">The account.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends, exclusive.</param>
    /// <param name="isByService">Whether use is split by service: to find that out, every record has to be read.</param>
    public static Statement Between(
        LedgerSnapshot snapshot, long tenant, AccountView account, Instant from, Instant to, bool isByService = true)
    {
        var sums = snapshot.Reports.SumsByKind(tenant, from, to, account.Last);
        var services = isByService ? snapshot.Reports.UseByService(tenant, from, to, account.Last) : [];
        var used = isByService ? new(services.Sum(use => use.Charge.Micros)) : snapshot.Reports.Use(tenant, from, to, account.Last);
        Amount Of(CreditTransactionKind kind) => sums.GetValueOrDefault(kind);

        var closing = account.BalanceAt(to.Previous);
        var statement = new Statement
        {
            Opening = closing,
            Purchased = Of(CreditTransactionKind.Purchase),
            Recharged = Of(CreditTransactionKind.Recharge),
            Used = -used,
            Forfeited = Of(CreditTransactionKind.Forfeiture) + Of(CreditTransactionKind.Release) - account.UnbookedBetween(from, to),
            Corrected = Of(CreditTransactionKind.Reversal) + Of(CreditTransactionKind.Adjustment),
            Closing = closing,
            Services = services,
        };

        // What changed in between is the same however much came before and after, so it need not be summed up twice.
        return statement with { Opening = closing - statement.Change };
    }

    /// <summary>The statement of a month, or null where it has not begun; the running month closes at the instant.</summary>
    public static Statement? OfMonth(LedgerSnapshot snapshot, long tenant, AccountView account, Month month, Instant now) =>
        month.Start > now ? null : Between(snapshot, tenant, account, TimeOf(month, now).From, TimeOf(month, now).To);

    /// <summary>The time of a month's statement, its end not included; the running month ends just after the instant.</summary>
    public static (Instant From, Instant To) TimeOf(Month month, Instant now) => (month.Start, month.Next.Start < now.Next ? month.Next.Start : now.Next);

    /// <summary>What all of it changed.</summary>
    public Amount Change => Purchased + Recharged + Used + Forfeited + Corrected;

    /// <summary>The statement as the border shows it.</summary>
    public CreditStatement ToContract(Tenant tenant, Month month, StatementDetail detail) => new()
    {
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Month = month.ToString(),
        Currency = tenant.Currency,
        Opening = Opening.ToDecimal(),
        Purchased = Purchased.ToDecimal(),
        Recharged = Recharged.ToDecimal(),
        Used = Used.ToDecimal(),
        Forfeited = Forfeited.ToDecimal(),
        Corrected = Corrected.ToDecimal(),
        Closing = Closing.ToDecimal(),
        Services =
        [
            .. Services.Select(use => new CreditStatementService
            {
                Service = use.Service,
                Calls = use.Calls,
                Amount = (-use.Charge).ToDecimal(),
                Currency = tenant.Currency,
            }),
        ],
        Departments = [.. detail.Departments],
        Users = [.. detail.Users],
        Budgets = [.. detail.Budgets],
        Alarms = [.. detail.Alarms],
    };
}
