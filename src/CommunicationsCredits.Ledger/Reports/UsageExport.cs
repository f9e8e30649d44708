using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// Writes usage as CSV (RFC 4180, UTF-8), a row a call or a group: for a spreadsheet, or with the columns of FOCUS 1.2. No cell is
/// one that a spreadsheet runs.
/// </summary>
internal sealed class UsageExport : IDisposable
{
    private static readonly string[] CallColumns =
    [
        "TenantId", "TenantName", "RecordId", "StartedAt", "Duration", "Service", "CallType", "User", "Caller", "Callee", "Destination", "Country",
        "AdministrativeUnit", "Capability", "Sheet", "BilledSeconds", "PooledSeconds", "Charge", "Currency", "Status",
    ];

    private static readonly string[] FocusColumns =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory",
        "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
        "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName",
        "PublisherName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails",
        "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
    ];

    /// <summary>What a charge is further divided by, the first that is known.</summary>
    private static readonly (string Tag, string Type)[] SubAccounts = [("costCenter", "Cost Center"), ("department", "Department")];

    private const string Provider = "Microsoft";
    private const string Product = "Communications Credits";
    private const string Meter = "Calling Minutes";
    private const string InMinutes = "Minutes";

    /// <summary>How exact a unit price is, so that it comes to the charge again however many minutes there are.</summary>
    private const int PriceDecimals = 18;

    /// <summary>What is billed here, or costs nothing: what waits for a rate or is another operator's bill is no charge yet.</summary>
    private static readonly UsageStatus[] FocusStatuses = [UsageStatus.Charged, UsageStatus.Pooled, UsageStatus.Free];

    private readonly StreamWriter _writer;
    private readonly StringBuilder _line = new();

    public UsageExport(Stream stream) => _writer = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };

    /// <summary>Writes a row a call.</summary>
    public void WriteCalls(LedgerSnapshot snapshot, IEnumerable<Tenant> tenants, UsageMeasure measure, bool isFocus, CancellationToken cancellation)
    {
        Header(isFocus ? FocusColumns : CallColumns);
        var sheets = snapshot.Rates.Sheets().ToDictionary(sheet => sheet.Number, sheet => sheet.Name);
        var batch = new UsageBatch();
        foreach (var tenant in tenants)
        {
            foreach (var read in snapshot.Usage.Query(tenant.Number, FilterOf(measure), batch, isShown: true))
            {
                cancellation.ThrowIfCancellationRequested();
                var call = UsageRecords.ToContract(read, read.Calls[0], tenant, sheets);
                if (isFocus)
                    FocusCall(tenant, call);
                else if (measure.Statuses.Count > 0 || call.Status != UsageStatus.Reversed)
                    Call(call);
            }
        }
    }

    /// <summary>Writes a row a group.</summary>
    public void WriteGroups(
        LedgerSnapshot snapshot, IEnumerable<Tenant> tenants, UsageMeasure measure, bool isFocus, Instant now, CancellationToken cancellation)
    {
        if (isFocus && measure.Statuses.Count == 0)
            measure = measure with { Statuses = FocusStatuses };

        // A charge of FOCUS is of one billing period.
        if (isFocus && !measure.By.Contains(UsageDimension.Day) && !measure.By.Contains(UsageDimension.Month))
            measure = measure with { By = [UsageDimension.Month, .. measure.By] };
        Header(isFocus ? FocusColumns : ["TenantId", "TenantName", .. measure.By.Select(by => by.ToString()), "Calls", "Duration", "PooledMinutes", "Charge", "Currency", "Share"]);
        foreach (var tenant in tenants)
        {
            foreach (var group in snapshot.Measures.Query(tenant.Number, measure, now))
            {
                cancellation.ThrowIfCancellationRequested();
                var usage = UsageGroups.ToContract(group, measure.By, tenant);
                if (isFocus)
                    FocusGroup(tenant, usage, group.BilledSeconds - group.PooledSeconds, measure.By);
                else
                    Group(usage, measure.By);
            }
        }
    }

    public void Dispose() => _writer.Dispose();

    private static UsageFilter FilterOf(UsageMeasure measure)
    {
        var (from, to) = Instant.Between(measure.From, measure.To);
        return new() { From = from, To = to, Statuses = measure.Statuses };
    }

    private void Call(UsageRecord call)
    {
        Text(call.TenantId);
        Text(call.TenantName);
        Text(call.RecordId);
        Own(Iso(call.StartedAt));
        Own(call.Duration.ToString("c", CultureInfo.InvariantCulture));
        Own(call.Service?.ToString());
        Text(call.CallType);
        Text(call.User);
        Text(call.Caller);
        Text(call.Callee);
        Text(call.Destination);
        Text(call.Country);
        Text(call.AdministrativeUnit);
        Text(call.Capability);
        Text(call.Sheet);
        Own(Number(call.BilledSeconds));
        Own(Number(call.PooledSeconds));
        Own(Number(call.Charge));
        Own(call.Currency);
        Own(call.Status.ToString());
        End();
    }

    private void Group(CreditUsage usage, IReadOnlyList<UsageDimension> by)
    {
        Text(usage.TenantId);
        Text(usage.TenantName);
        foreach (var dimension in by)
            Text(ValueOf(usage, dimension));
        Own(Number(usage.Calls));
        Own(usage.Duration.ToString("c", CultureInfo.InvariantCulture));
        Own(Number(usage.PooledMinutes));
        Own(Number(usage.Charge));
        Own(usage.Currency);
        Own(Number(usage.Share));
        End();
    }

    private void FocusCall(Tenant tenant, UsageRecord call)
    {
        if (!FocusStatuses.Contains(call.Status))
            return;
        var end = call.StartedAt + (call.Duration > TimeSpan.Zero ? call.Duration : TimeSpan.FromSeconds(1));
        Focus(
            tenant, new(call.Charge, (long)call.Duration.TotalSeconds, call.BilledSeconds - call.PooledSeconds, 1), call.StartedAt, end,
            $"{call.Service?.ToString() ?? "Other"} call to {call.Destination ?? "a destination that is not named"}", call.User, call.Capability,
            call.Sheet is null || call.Prefix is null ? call.Service?.ToString() : $"{call.Sheet}/{call.Prefix}",
            [("user", call.User), ("destination", call.Destination), ("country", call.Country), ("recordId", call.RecordId)]);
    }

    private void FocusGroup(Tenant tenant, CreditUsage usage, long paidSeconds, IReadOnlyList<UsageDimension> by)
    {
        var start = DateTimeOffset.ParseExact(
            usage.Day ?? $"{usage.Month}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Focus(
            tenant, new(usage.Charge, (long)usage.Duration.TotalSeconds, paidSeconds, usage.Calls), start,
            usage.Day is null ? start.AddMonths(1) : start.AddDays(1),
            $"{usage.Calls.ToString(CultureInfo.InvariantCulture)} calls: {usage.Group}", usage.User, usage.Capability, usage.Service?.ToString(),
            [.. by.Where(one => one is not (UsageDimension.Day or UsageDimension.Month)).Select(one => (char.ToLowerInvariant(one.ToString()[0]) + one.ToString()[1..], ValueOf(usage, one)))]);
    }

    private void Focus(
        Tenant tenant, Charged charged, DateTimeOffset start, DateTimeOffset end, string description, string? user,
        string? capability, string? price, IReadOnlyList<(string Key, string? Value)> tags)
    {
        var (cost, unitPrice) = (Number(charged.Cost), Number(charged.UnitPrice));
        var month = new DateTimeOffset(start.UtcDateTime.Year, start.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        Own(cost);
        Text(tenant.Id);
        Text(tenant.Name);
        Own("Tenant");
        Own(tenant.Currency);
        Own(Iso(month.AddMonths(1)));
        Own(Iso(month));
        Own("Usage");
        Own(null);
        Text(description);
        Own("Usage-Based");
        Own(Iso(end));
        Own(Iso(start));
        Own(Number(charged.Minutes));
        Own(InMinutes);
        Own(cost);
        Own(unitPrice);
        Own(cost);
        Own(Provider);
        Own(cost);
        Own(unitPrice);
        Own("Standard");
        Own(Number(charged.Quantity));
        Own(charged.Unit);
        Own(Provider);
        Own(Provider);
        Text(user);
        Text(user);
        Own(user is null ? null : "User");
        Own("Business Applications");
        Own(Product);
        Own("Productivity and Collaboration");

        // A row of usage has both, and a price has one SKU.
        var sku = capability ?? Product;
        Text(sku);
        Own(Meter);
        Own(null);
        Text(price is null ? sku : $"{sku}/{price}");
        var account = Array.Find(SubAccounts, of => tags.Any(tag => tag.Key == of.Tag && tag.Value is not null));
        var name = account.Tag is null ? null : tags.First(tag => tag.Key == account.Tag).Value;
        Text(name);
        Text(name);
        Own(account.Type);
        Text(TagsOf(tags));
        End();
    }

    private static string TagsOf(IEnumerable<(string Key, string? Value)> tags)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var (key, value) in tags)
            {
                if (value is not null)
                    json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string? ValueOf(CreditUsage usage, UsageDimension by) => by switch
    {
        UsageDimension.User => usage.User,
        UsageDimension.Department => usage.Department,
        UsageDimension.CostCenter => usage.CostCenter,
        UsageDimension.AdministrativeUnit => usage.AdministrativeUnit,
        UsageDimension.Country => usage.Country,
        UsageDimension.Destination => usage.Destination,
        UsageDimension.Service => usage.Service?.ToString(),
        UsageDimension.Capability => usage.Capability,
        UsageDimension.Number => usage.Number,
        UsageDimension.Sheet => usage.Sheet,
        UsageDimension.Day => usage.Day,
        _ => usage.Month,
    };

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private void Header(IEnumerable<string> columns) => _writer.WriteLine(string.Join(',', columns));

    private void Text(string? text) => Own(text is null ? null : CsvExport.Cell(text));

    private void Own(string? text) => _line.Append(text).Append(',');

    private void End()
    {
        _line.Length--;
        _writer.WriteLine(_line);
        _line.Clear();
    }

    /// <summary>What was charged for, as FOCUS has it: the unit price times the quantity is the cost.</summary>
    /// <param name="Cost">The charge.</param>
    /// <param name="Seconds">The seconds connected.</param>
    /// <param name="PaidSeconds">The seconds billed that no included minutes paid.</param>
    /// <param name="Calls">How many calls.</param>
    private readonly record struct Charged(decimal Cost, long Seconds, long PaidSeconds, long Calls)
    {
        public decimal Minutes => MinutesOf(Seconds);

        public decimal Quantity => IsByCall ? Calls : MinutesOf(PricedSeconds);

        public string Unit => IsByCall ? "Calls" : InMinutes;

        /// <summary>The price of a minute; of several calls the average.</summary>
        public decimal UnitPrice => Quantity == 0 ? 0 : decimal.Round(Cost / Quantity, PriceDecimals);

        /// <summary>A charge that the export itself has may be of a call without a billed second.</summary>
        private long PricedSeconds => PaidSeconds > 0 || Cost == 0 ? PaidSeconds : Seconds;

        private bool IsByCall => Cost > 0 && PricedSeconds == 0;

        private static decimal MinutesOf(long seconds) => decimal.Round(seconds / 60m, 4);
    }
}
