using System.Globalization;
using System.Text.RegularExpressions;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Storage;

/// <summary>
/// The numbers that ledgers keep, exports carry and scripts compare. A member that gets another number makes every old ledger mean
/// something else, and its chain still verifies: so a new member takes the next free number, and no number is ever used again.
/// </summary>
public sealed partial class StoredNumbersTests
{
    /// <summary>Every enumeration of the contracts; those of errors are known by name alone.</summary>
    public static TheoryData<string, string> Golden { get; } = new()
    {
        { nameof(AutoRechargeAttemptState), "Pending = 0, Succeeded = 1, Declined = 2, Unknown = 3, Refused = 4" },
        { nameof(ConflictAction), "Error = 0, Correct = 1, Skip = 2" },
        { nameof(CreditAutoRecharge), "Off = 0, On = 1, Waiting = 2, Paused = 3, Held = 4" },
        { nameof(CreditBalanceState), "Open = 0, Low = 1, Exhausted = 2, Closed = 3" },
        { nameof(CreditBudgetStatus), "Open = 0, AtRisk = 1, UsedUp = 2" },
        { nameof(CreditExportFormat), "Hledger = 0, Csv = 1, Json = 2" },
        { nameof(CreditFundsSource), "Manual = 0, AutoRecharge = 1, Adjustment = 2" },
        { nameof(CreditFundsStatus), "Live = 0, Spent = 1, Expired = 2, Reversed = 3" },
        {
            nameof(CreditNotificationKind),
            "RechargeSucceeded = 0, RechargeFailed = 1, RechargePaused = 2, RechargeCapped = 3, BalanceExhausted = 4, LowBalance = 5, "
            + "FundsExpiring = 6, FundsExpired = 7, PoolUsed = 8, BudgetReached = 9, UnusualUse = 10, RechargeHeld = 11"
        },
        { nameof(CreditNotificationStatus), "Pending = 0, Sent = 1, Failed = 2, NoRecipient = 3" },
        { nameof(CreditPoolStatus), "Open = 0, UsedUp = 1" },
        { nameof(CreditRateService), "Outbound = 0, TollFreeInbound = 1" },
        { nameof(CreditRounding), "HalfUp = 0, HalfEven = 1, Up = 2, Down = 3" },
        {
            nameof(CreditService),
            "TollFreeInbound = 0, International = 1, Domestic = 2, ConferenceDialOut = 3, ConferencePayPerMinute = 4"
        },
        {
            nameof(CreditServiceReason),
            "Credits = 0, Pool = 1, BalanceExhausted = 2, PoolExhausted = 3, TenantClosed = 4, NoRate = 5"
        },
        { nameof(CreditTenantStatus), "Active = 0, Closed = 1" },
        {
            nameof(CreditTransactionKind),
            "Purchase = 0, Recharge = 1, Usage = 2, Forfeiture = 3, Release = 4, Reversal = 5, Adjustment = 6, Setting = 7"
        },
        { nameof(CreditSensitivity), "Low = 0, Normal = 1, High = 2" },
        { nameof(CreditUsageFormat), "Csv = 0, Focus = 1" },
        { nameof(MailSecurity), "Auto = 0, None = 1, StartTls = 2, Tls = 3" },
        { nameof(WebhookFormat), "Json = 0, AdaptiveCard = 1" },
        { nameof(PricingSource), "Auto = 0, Record = 1, RateSheet = 2" },
        {
            nameof(UsageDimension),
            "User = 0, Department = 1, CostCenter = 2, AdministrativeUnit = 3, Country = 4, Destination = 5, Service = 6, Capability = 7, "
            + "Number = 8, Sheet = 9, Day = 10, Month = 11"
        },
        { nameof(UsageFormat), "Auto = 0, GraphPstnCalls = 1, TeamsPstnCsv = 2" },
        { nameof(UsageImportStatus), "Running = 0, Complete = 1, Stopped = 2, Reversed = 3" },
        {
            nameof(UsageService),
            "Domestic = 0, International = 1, TollFreeInbound = 2, Inbound = 3, ConferenceDialOut = 4, ConferencePayPerMinute = 5, Other = 6"
        },
        { nameof(UsageStatus), "Charged = 0, Pooled = 1, Free = 2, Excluded = 3, Unrated = 4, Reversed = 5" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_numbers_of_an_enumeration_stay_what_ledgers_mean_by_them(string name, string members)
    {
        var type = typeof(CreditTransactionKind).Assembly.GetType($"CommunicationsCredits.{name}", throwOnError: true)!;

        Assert.Equal(members, string.Join(", ", Enum.GetNames(type).Select(member =>
            string.Create(CultureInfo.InvariantCulture, $"{member} = {Convert.ToInt64(Enum.Parse(type, member), CultureInfo.InvariantCulture)}"))));
    }

    [Fact]
    public void Every_enumeration_of_the_contracts_is_in_the_list()
    {
        var contracts = typeof(CreditTransactionKind).Assembly.GetExportedTypes()
            .Where(type => type.IsEnum && type != typeof(CreditErrorId)).Select(type => type.Name);

        Assert.Equal(contracts.Order(StringComparer.Ordinal), Golden.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_member_has_its_number_written_beside_it()
    {
        var folder = Path.Combine(Shared.Repository, "src", "CommunicationsCredits.Contracts");
        var files = Directory.GetFiles(folder, "*.cs").Where(file => !file.EndsWith("CreditErrorId.cs", StringComparison.Ordinal));

        var members = files.SelectMany(file => Enumeration().Matches(File.ReadAllText(file)))
            .SelectMany(found => Member().Matches(found.Value)).Select(member => member.Value.Trim()).ToList();

        Assert.True(members.Count > 50);
        Assert.DoesNotContain(members, member => !member.Contains(" = ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_enumeration_that_the_storage_reads_is_in_the_list()
    {
        var folder = Path.Combine(Shared.Repository, "src", "CommunicationsCredits.Ledger", "Storage");

        var read = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => ReadAsEnumeration().Matches(File.ReadAllText(file))).Select(found => found.Groups[1].Value)
            .Distinct().ToList();

        Assert.Contains(nameof(CreditTransactionKind), read);
        Assert.Empty(read.Except(Golden.Select(row => (string)row[0])).Except(Engines.Keys));
    }

    /// <summary>The enumerations of the engine's own that are stored.</summary>
    private static readonly Dictionary<string, string> Engines = new()
    {
        [nameof(Ledger.Budgets.BudgetScope)] = "Tenant = 0, User = 1, Department = 2, CostCenter = 3",
        [nameof(Ledger.Usage.ImportKind)] = "Usage = 0, Rating = 1, Undo = 2, Rerating = 3",
        [nameof(Ledger.Posting.LedgerEntryKind)] =
            "TenantAdded = 0, TenantRemoved = 1, SheetAdded = 2, SheetRemoved = 3, Migrated = 4, Restored = 5",
    };

    [Fact]
    public void The_numbers_of_the_engines_own_enumerations_stay_what_ledgers_mean_by_them()
    {
        foreach (var (name, members) in Engines)
        {
            var type = typeof(LedgerSession).Assembly.GetTypes().Single(type => type.IsEnum && type.Name == name);

            Assert.Equal(members, string.Join(", ", Enum.GetNames(type).Select(member =>
                string.Create(CultureInfo.InvariantCulture, $"{member} = {Convert.ToInt64(Enum.Parse(type, member), CultureInfo.InvariantCulture)}"))));
        }
    }

    [GeneratedRegex(@"public enum \w+(?: : long)?\n\{.*?\n\}", RegexOptions.Singleline)]
    private static partial Regex Enumeration();

    [GeneratedRegex(@"(?m)^    \w+( = \d+)?,$")]
    private static partial Regex Member();

    /// <summary>A cast of a column: a type whose name begins with a capital.</summary>
    [GeneratedRegex(@"\(([A-Z]\w+)\)\w+\.(?:Get)?Int(?:16|32|64)\(")]
    private static partial Regex ReadAsEnumeration();
}
