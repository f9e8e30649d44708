using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The tenants, and where their accounts have got to.</summary>
internal sealed class TenantTable(StoreConnection connection)
{
    private const string Columns =
        "tenant, id, name, currency, country, notification_email, low_balance, account_from, status, created_at";

    private static readonly char[] AddressSeparator = ['\n'];

    public int Count() => (int)connection.Scalar("SELECT count(*) FROM tenant")!.Value;

    public Tenant? Find(string id)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM tenant WHERE id_key = $1").Bind(1, Tenant.KeyOf(id));
        return select.Step() ? Read(select) : null;
    }

    /// <summary>A tenant of a name, in whatever case, other than one.</summary>
    public Tenant? FindNamed(string name, long except)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM tenant WHERE upper(name) = upper($1) AND tenant <> $2 LIMIT 1");
        select.Bind(1, name).Bind(2, except);
        return select.Step() ? Read(select) : null;
    }

    /// <summary>The tenant.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public Tenant Get(string id) => Find(id) ?? throw LedgerErrors.TenantNotFound(id);

    /// <summary>All tenants, in order of their ids.</summary>
    public IEnumerable<Tenant> All()
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM tenant ORDER BY id_key");
        while (select.Step())
            yield return Read(select);
    }

    /// <summary>Adds a tenant with an empty account.</summary>
    public Tenant Add(Tenant tenant)
    {
        using (var insert = connection.Prepare(
            "INSERT INTO tenant (id, name, currency, country, notification_email, low_balance, account_from, status, created_at, "
            + "id_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING tenant"))
        {
            BindValues(insert, tenant).Bind(9, tenant.CreatedAt.Ticks).Bind(10, Tenant.KeyOf(tenant.Id)).Step();
            tenant = tenant with { Number = insert.Int64(0) };
        }

        using var account = connection.Prepare("INSERT INTO account VALUES ($1, 0, $2, 0, 0, 0, 0, 0, 0)");
        account.Bind(1, tenant.Number).BindBlob(2, HashChain.Start).Step();
        return tenant;
    }

    /// <summary>Writes all that can change of a tenant.</summary>
    public void Update(Tenant tenant)
    {
        using var update = connection.Prepare(
            "UPDATE tenant SET id = $1, name = $2, currency = $3, country = $4, notification_email = $5, low_balance = $6, "
            + "account_from = $7, status = $8 WHERE tenant = $9");
        BindValues(update, tenant).Bind(9, tenant.Number).Step();
    }

    /// <summary>Removes a tenant and its settings.</summary>
    public void Remove(long tenant)
    {
        foreach (var table in (string[])["pool_month", "pool_setting", "told", "notification", "attempt", "payment_method", "recharge_rule", "idempotency", "import", "usage_key", "usage", "entry", "account", "tenant"])
        {
            using var delete = connection.Prepare($"DELETE FROM {table} WHERE tenant = $1");
            delete.Bind(1, tenant).Step();
        }
    }

    public AccountState GetAccount(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT sequence, hash, posted_at, balance, money_entries, lots, records, imports FROM account WHERE tenant = $1");
        select.Bind(1, tenant).Step();
        return new()
        {
            Sequence = select.Int64(0),
            Hash = select.Bytes(1).ToArray(),
            PostedAt = new(select.Int64(2)),
            Balance = new(select.Int64(3)),
            MoneyEntries = select.Int64(4),
            Lots = select.Int64(5),
            Records = select.Int64(6),
            Imports = select.Int64(7),
        };
    }

    public void UpdateAccount(long tenant, AccountState account)
    {
        using var update = connection.Prepare(
            "UPDATE account SET sequence = $1, hash = $2, posted_at = $3, balance = $4, money_entries = $5, lots = $6, "
            + "records = $7, imports = $8 WHERE tenant = $9");
        update.Bind(1, account.Sequence).BindBlob(2, account.Hash).Bind(3, account.PostedAt.Ticks)
            .Bind(4, account.Balance.Micros).Bind(5, account.MoneyEntries).Bind(6, account.Lots).Bind(7, account.Records)
            .Bind(8, account.Imports).Bind(9, tenant).Step();
    }

    private static StoreStatement BindValues(StoreStatement statement, Tenant tenant) => statement
        .Bind(1, tenant.Id).Bind(2, tenant.Name).Bind(3, tenant.Currency).Bind(4, tenant.Country)
        .Bind(5, string.Join('\n', tenant.NotificationEmail)).Bind(6, tenant.LowBalance?.Micros)
        .Bind(7, tenant.AccountFrom?.Ticks).Bind(8, (long)tenant.Status);

    private static Tenant Read(StoreStatement row) => new()
    {
        Number = row.Int64(0),
        Id = row.Text(1),
        Name = row.Text(2),
        Currency = row.Text(3),
        Country = row.Text(4),
        NotificationEmail = row.Text(5).Split(AddressSeparator, StringSplitOptions.RemoveEmptyEntries),
        LowBalance = row.Int64OrNull(6) is { } low ? new Amount(low) : null,
        AccountFrom = row.Int64OrNull(7) is { } from ? new Instant(from) : null,
        Status = (CreditTenantStatus)row.Int32(8),
        CreatedAt = new(row.Int64(9)),
    };
}
