using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The tenants, and where their accounts have got to.</summary>
internal sealed class TenantTable(StoreConnection connection)
{
    public const string Columns =
        "t.tenant, t.id, t.name, t.currency, t.country, t.notification_email, t.low_balance, t.account_from, t.status, t.created_at, t.removed_at";

    public const string AccountColumns =
        "a.sequence, a.hash, a.posted_at, a.balance, a.debt, a.money_entries, a.lots, a.records, a.imports, a.attempts, a.notifications, a.episodes";

    /// <summary>So many names are looked up one by one.</summary>
    private const int FewTexts = 4;

    private static readonly char[] AddressSeparator = ['\n'];

    public int Count() => (int)connection.Scalar("SELECT count(*) FROM tenant WHERE id_key IS NOT NULL")!.Value;

    public Tenant? Find(string id)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM tenant t WHERE t.id_key = $1").Bind(1, Tenant.KeyOf(id));
        return select.Step() ? Read(select, 0) : null;
    }

    /// <summary>
    /// The tenants whose id or name is one of some texts, in whatever case. A database's own idea of a letter's case is not .NET's: names are compared here.
    /// It looks at every tenant for them, and therefore once where there are more than a few.
    /// </summary>
    public IReadOnlyList<Tenant> Called(IReadOnlyCollection<string> texts)
    {
        if (texts.Count <= FewTexts)
            return [.. texts.SelectMany(Called).DistinctBy(tenant => tenant.Number)];
        var wanted = texts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var tenants = new List<Tenant>();
        using var select = connection.Prepare($"SELECT {Columns} FROM tenant t WHERE t.id_key IS NOT NULL");
        while (select.Step())
        {
            if (wanted.Contains(select.Text(1)) || wanted.Contains(select.Text(2)))
                tenants.Add(Read(select, 0));
        }

        return tenants;
    }

    /// <summary>The tenant.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public Tenant Get(string id) => Find(id) ?? throw LedgerErrors.TenantNotFound(id);

    /// <summary>All tenants, in order of their ids; removed ones come last where they are wanted.</summary>
    public IReadOnlyList<Tenant> All(bool withRemoved = false)
    {
        var tenants = new List<Tenant>();
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM tenant t{(withRemoved ? string.Empty : " WHERE t.id_key IS NOT NULL")} ORDER BY t.id_key IS NULL, t.id_key, t.tenant");
        while (select.Step())
            tenants.Add(Read(select, 0));
        return tenants;
    }

    public AccountState GetAccount(long tenant)
    {
        using var select = connection.Prepare($"SELECT {AccountColumns} FROM account a WHERE a.tenant = $1").Bind(1, tenant);
        return select.Step() ? ReadAccount(select, 0) : new();
    }

    /// <summary>Where the accounts of all tenants have got to, by tenant.</summary>
    public Dictionary<long, AccountState> Accounts()
    {
        var accounts = new Dictionary<long, AccountState>();
        using var select = connection.Prepare($"SELECT a.tenant, {AccountColumns} FROM account a");
        while (select.Step())
            accounts[select.Int64(0)] = ReadAccount(select, 1);
        return accounts;
    }

    public static Tenant Read(StoreStatement row, int first) => new()
    {
        Number = row.Int64(first),
        Id = row.Text(first + 1),
        Name = row.Text(first + 2),
        Currency = row.Text(first + 3),
        Country = row.Text(first + 4),
        NotificationEmail = row.Text(first + 5).Split(AddressSeparator, StringSplitOptions.RemoveEmptyEntries),
        LowBalance = row.Int64OrNull(first + 6) is { } low ? new Amount(low) : null,
        AccountFrom = row.Int64OrNull(first + 7) is { } from ? new Instant(from) : null,
        Status = (CreditTenantStatus)row.Int32(first + 8),
        CreatedAt = new(row.Int64(first + 9)),
        RemovedAt = row.Int64OrNull(first + 10) is { } removed ? new Instant(removed) : null,
    };

    public static AccountState ReadAccount(StoreStatement row, int first) => new()
    {
        Sequence = row.Int64(first),
        Hash = row.Bytes(first + 1).ToArray(),
        PostedAt = new(row.Int64(first + 2)),
        Balance = new(row.Int64(first + 3)),
        Debt = new(row.Int64(first + 4)),
        MoneyEntries = row.Int64(first + 5),
        Lots = row.Int64(first + 6),
        Records = row.Int64(first + 7),
        Imports = row.Int64(first + 8),
        Attempts = row.Int64(first + 9),
        Notifications = row.Int64(first + 10),
        Episodes = row.Int64(first + 11),
    };

    private List<Tenant> Called(string text)
    {
        var tenants = new List<Tenant>();
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM tenant t WHERE t.id_key IS NOT NULL AND (t.id_key = $1 OR length(t.name) = $2)")
            .Bind(1, Tenant.KeyOf(text)).Bind(2, text.EnumerateRunes().Count());
        while (select.Step())
            tenants.Add(Read(select, 0));
        return tenants;
    }
}
