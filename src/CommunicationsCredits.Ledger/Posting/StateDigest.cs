using System.Globalization;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The digests of what steers money (H1a): one line each, <c>subject=SHA-256 in hexadecimal digits</c>, which the hash of the entry
/// that made it so includes. Verification compares the newest digest of each subject with the row that is stored.
/// </summary>
internal static class StateDigest
{
    /// <summary>The subject of the tenant's own settings.</summary>
    public const string TenantSubject = "tenant";

    /// <summary>The subject of the recharge rule and what it has come to.</summary>
    public const string RuleSubject = "rule";

    /// <summary>The digest of what was removed.</summary>
    public const string Removed = "removed";

    public static string OfTenant(Tenant tenant) => Line(TenantSubject, chain => chain
        .Write(tenant.Id).Write(tenant.Name).Write(tenant.Currency).Write(tenant.Country)
        .Write(string.Join('\n', tenant.NotificationEmail)).Write(tenant.LowBalance?.Micros).Write(tenant.AccountFrom?.Ticks)
        .Write((long)tenant.Status).Write(tenant.CreatedAt.Ticks).Write(tenant.RemovedAt?.Ticks));

    public static string OfRule(RechargeRule rule) => Line(RuleSubject, chain => chain
        .Write(rule.Enabled ? 1 : 0).Write(rule.Minimum.Micros).Write(rule.FixedAmount?.Micros).Write(rule.Target?.Micros)
        .Write(rule.MaximumPerCharge?.Micros).Write(rule.MaximumPerDay?.Micros).Write(rule.MaximumPerMonth?.Micros).Write(rule.Method)
        .Write(rule.Declines).Write(rule.RetryAt?.Ticks).Write(rule.LastFailure).Write(rule.PausedBecause)
        .Write(rule.HeldAt?.Ticks).Write(rule.HeldBecause));

    public static string OfMethod(PaymentMethod method) => Line(MethodSubject(method.Name), chain => chain
        .Write(method.Name).Write(method.Gateway).Write(method.ProtectedToken).Write(method.TokenEnd).Write(method.ExpiryMonth)
        .Write(method.PurchaseOrder));

    public static string OfRemovedMethod(string name) => $"{MethodSubject(name)}={Removed}";

    /// <summary>The digest of all settings of a pool.</summary>
    public static string OfPool(string capability, string country, IEnumerable<PoolSetting> settings) =>
        Line($"pool/{capability}/{country}", chain =>
        {
            foreach (var setting in settings.OrderBy(setting => setting.From))
            {
                chain.Write(setting.From.Index).Write(setting.Licenses).Write(setting.DomesticMinutes)
                    .Write(setting.InternationalMinutes);
            }
        });

    /// <summary>The digest of all settings of a user. Its subject does not name the user, whose name could not be blanked in the chain (C4).</summary>
    public static string OfUser(string key, IEnumerable<UserSetting> settings) => settings.Any()
        ? Line(UserSubject(key), chain =>
        {
            foreach (var setting in settings.OrderBy(setting => setting.From))
                chain.Write(setting.User).Write(setting.From.Index).Write(setting.DisplayName).Write(setting.Department).Write(setting.CostCenter);
        })
        : $"{UserSubject(key)}={Removed}";

    /// <summary>The digest of how the guard watches the tenant.</summary>
    public static string OfGuard(GuardSetting guard) => Line("guard", chain => chain
        .Write(guard.Enabled ? 1 : 0).Write((long)guard.Sensitivity).Write(guard.HoldRecharge ? 1 : 0).Write(guard.AllowedCountries));

    /// <summary>The digest of an episode.</summary>
    public static string OfAlarm(Alarm alarm) => Line(
        string.Create(CultureInfo.InvariantCulture, $"alarm/{alarm.FirstDay}"), chain => chain
            .Write(alarm.LastDay).Write(alarm.RaisedAt.Ticks).Write(alarm.IsOpen ? 1 : 0).Write(alarm.Seen).Write(alarm.Who));

    /// <summary>The digest of a budget, or that it was removed; null removes it. Its subject does not name whose it is.</summary>
    public static string OfBudget(BudgetKey key, Budget? budget)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"budget/{(int)key.Scope}/{Hash(key.Subject)}");
        return budget is null ? $"{subject}={Removed}" : Line(subject, chain => chain.Write(budget.Subject).Write(budget.Amount.Micros));
    }

    public static string OfAttempt(Attempt attempt) => Line(
        string.Create(CultureInfo.InvariantCulture, $"attempt/{attempt.Number}"), chain => chain
            .Write(attempt.Amount.Micros).Write((long)attempt.State).Write(attempt.Reason).Write(attempt.StartedAt.Ticks)
            .Write(attempt.SettledAt?.Ticks).Write(attempt.AskedAt?.Ticks).Write(attempt.Asks).Write(attempt.Gateway)
            .Write(attempt.PaymentReference).Write(attempt.ProtectedRequest).Write(attempt.IdempotencyKey)
            .Write(attempt.UnknownNotified ? 1 : 0).Write(attempt.Entry));

    public static string OfKey(string operation, string key, IdempotencyUse use) => Line(
        $"key/{operation}/{Uri.EscapeDataString(key)}", chain => chain.Write(use.Parameters).Write(use.Entry));

    /// <summary>The digest of what an import did. What was recharged and how long it took are not part of it.</summary>
    public static string OfImport(ImportTally tally) => Line(
        string.Create(CultureInfo.InvariantCulture, $"import/{tally.Number}"), chain => chain
            .Write((long)tally.Kind).Write((long)tally.Status).Write(tally.Source).Write((long)tally.Format).Write(tally.StartedAt.Ticks).Write(tally.Actor)
            .Write(tally.Read).Write(tally.Imported).Write(tally.Duplicate).Write(tally.Free).Write(tally.Excluded)
            .Write(tally.Unrated).Write(tally.Rejected).Write(tally.Charged.Micros).Write(tally.PeriodFrom?.Ticks)
            .Write(tally.PeriodTo?.Ticks).Write(tally.ExportedFrom?.Ticks).Write(tally.ExportedTo?.Ticks).Write(tally.Undoes));

    /// <summary>The running digest of an import's records that have no entry.</summary>
    public static string OfRecords(long import, ReadOnlySpan<byte> records) => string.Create(
        CultureInfo.InvariantCulture, $"records/{import}={Convert.ToHexString(records)}");

    /// <summary>The subject and the digest of a line.</summary>
    public static (string Subject, string Digest) Parse(string line)
    {
        var equals = line.LastIndexOf('=');
        return equals < 0 ? (line, string.Empty) : (line[..equals], line[(equals + 1)..]);
    }

    /// <summary>What a user is called in digests and notes: the beginning of a hash.</summary>
    public static string UserSubject(string key) => $"user/{Hash(key)}";

    private static string Hash(string name) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 12));

    private static string MethodSubject(string name) => $"method/{Uri.EscapeDataString(name.ToUpperInvariant())}";

    private static string Line(string subject, Action<HashChain> write)
    {
        var chain = new HashChain().Begin();
        write(chain);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        chain.Finish(digest);
        return $"{subject}={Convert.ToHexString(digest)}";
    }
}
