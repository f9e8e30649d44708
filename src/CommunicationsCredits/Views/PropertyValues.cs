using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Views;

/// <summary>
/// The properties of results, for the types file: each has the value itself; what would have another text in another culture has a text of
/// its own that is the same everywhere. It is for the types file; scripts use the properties.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PropertyValues
{
    private static readonly ConcurrentDictionary<(Type Type, string Name), PropertyInfo> Properties = new();
    private static readonly MethodInfo TextMethod = typeof(PropertyValues).GetMethod(nameof(ToText))!;

    /// <summary>The property AccountFrom.</summary>
    public static object? AccountFrom(PSObject instance) => Of(instance);

    /// <summary>The property Actor.</summary>
    public static object? Actor(PSObject instance) => Of(instance);

    /// <summary>The property AdministrativeUnit.</summary>
    public static object? AdministrativeUnit(PSObject instance) => Of(instance);

    /// <summary>The property Alarm.</summary>
    public static object? Alarm(PSObject instance) => Of(instance);

    /// <summary>The property AlarmedAt.</summary>
    public static object? AlarmedAt(PSObject instance) => Of(instance);

    /// <summary>The property Alarms.</summary>
    public static object? Alarms(PSObject instance) => Of(instance);

    /// <summary>The property Allowed.</summary>
    public static object? Allowed(PSObject instance) => Of(instance);

    /// <summary>The property AllowedCountry.</summary>
    public static object? AllowedCountry(PSObject instance) => Of(instance);

    /// <summary>The property Amount.</summary>
    public static object? Amount(PSObject instance) => Of(instance);

    /// <summary>The property ArgumentList.</summary>
    public static object? ArgumentList(PSObject instance) => Of(instance);

    /// <summary>The property AsOf.</summary>
    public static object? AsOf(PSObject instance) => Of(instance);

    /// <summary>The property AttemptId.</summary>
    public static object? AttemptId(PSObject instance) => Of(instance);

    /// <summary>The property Attempts.</summary>
    public static object? Attempts(PSObject instance) => Of(instance);

    /// <summary>The property Attention.</summary>
    public static object? Attention(PSObject instance) => Of(instance);

    /// <summary>The property AutoRecharge.</summary>
    public static object? AutoRecharge(PSObject instance) => Of(instance);

    /// <summary>The property Balance.</summary>
    public static object? Balance(PSObject instance) => Of(instance);

    /// <summary>The property BalanceAfter.</summary>
    public static object? BalanceAfter(PSObject instance) => Of(instance);

    /// <summary>The property BilledSeconds.</summary>
    public static object? BilledSeconds(PSObject instance) => Of(instance);

    /// <summary>The property Body.</summary>
    public static object? Body(PSObject instance) => Of(instance);

    /// <summary>The property Budgets.</summary>
    public static object? Budgets(PSObject instance) => Of(instance);

    /// <summary>The property CallType.</summary>
    public static object? CallType(PSObject instance) => Of(instance);

    /// <summary>The property Callee.</summary>
    public static object? Callee(PSObject instance) => Of(instance);

    /// <summary>The property Caller.</summary>
    public static object? Caller(PSObject instance) => Of(instance);

    /// <summary>The property Calls.</summary>
    public static object? Calls(PSObject instance) => Of(instance);

    /// <summary>The property Capability.</summary>
    public static object? Capability(PSObject instance) => Of(instance);

    /// <summary>The property Charge.</summary>
    public static object? Charge(PSObject instance) => Of(instance);

    /// <summary>The property Charged.</summary>
    public static object? Charged(PSObject instance) => Of(instance);

    /// <summary>The property Closing.</summary>
    public static object? Closing(PSObject instance) => Of(instance);

    /// <summary>The property Command.</summary>
    public static object? Command(PSObject instance) => Of(instance);

    /// <summary>The property ConnectionFee.</summary>
    public static object? ConnectionFee(PSObject instance) => Of(instance);

    /// <summary>The property Corrected.</summary>
    public static object? Corrected(PSObject instance) => Of(instance);

    /// <summary>The property Cost.</summary>
    public static object? Cost(PSObject instance) => Of(instance);

    /// <summary>The property CostCenter.</summary>
    public static object? CostCenter(PSObject instance) => Of(instance);

    /// <summary>The property Country.</summary>
    public static object? Country(PSObject instance) => Of(instance);

    /// <summary>The property CreatedAt.</summary>
    public static object? CreatedAt(PSObject instance) => Of(instance);

    /// <summary>The property Currency.</summary>
    public static object? Currency(PSObject instance) => Of(instance);

    /// <summary>The property DailyUse.</summary>
    public static object? DailyUse(PSObject instance) => Of(instance);

    /// <summary>The property Day.</summary>
    public static object? Day(PSObject instance) => Of(instance);

    /// <summary>The property Decimals.</summary>
    public static object? Decimals(PSObject instance) => Of(instance);

    /// <summary>The property Department.</summary>
    public static object? Department(PSObject instance) => Of(instance);

    /// <summary>The property Departments.</summary>
    public static object? Departments(PSObject instance) => Of(instance);

    /// <summary>The property Description.</summary>
    public static object? Description(PSObject instance) => Of(instance);

    /// <summary>The property Destination.</summary>
    public static object? Destination(PSObject instance) => Of(instance);

    /// <summary>The property Difference.</summary>
    public static object? Difference(PSObject instance) => Of(instance);

    /// <summary>The property DisplayName.</summary>
    public static object? DisplayName(PSObject instance) => Of(instance);

    /// <summary>The property Draw.</summary>
    public static object? Draw(PSObject instance) => Of(instance);

    /// <summary>The property Duplicate.</summary>
    public static object? Duplicate(PSObject instance) => Of(instance);

    /// <summary>The property Duration.</summary>
    public static object? Duration(PSObject instance) => Of(instance);

    /// <summary>The property EffectiveAt.</summary>
    public static object? EffectiveAt(PSObject instance) => Of(instance);

    /// <summary>The property EffectiveFrom.</summary>
    public static object? EffectiveFrom(PSObject instance) => Of(instance);

    /// <summary>The property Elapsed.</summary>
    public static object? Elapsed(PSObject instance) => Of(instance);

    /// <summary>The property Enabled.</summary>
    public static object? Enabled(PSObject instance) => Of(instance);

    /// <summary>The property Episode.</summary>
    public static object? Episode(PSObject instance) => Of(instance);

    /// <summary>The property Excluded.</summary>
    public static object? Excluded(PSObject instance) => Of(instance);

    /// <summary>The property ExpiresAt.</summary>
    public static object? ExpiresAt(PSObject instance) => Of(instance);

    /// <summary>The property ExpiringAt.</summary>
    public static object? ExpiringAt(PSObject instance) => Of(instance);

    /// <summary>The property ExpiringUnused.</summary>
    public static object? ExpiringUnused(PSObject instance) => Of(instance);

    /// <summary>The property ExpiryMonth.</summary>
    public static object? ExpiryMonth(PSObject instance) => Of(instance);

    /// <summary>The property Failed.</summary>
    public static object? Failed(PSObject instance) => Of(instance);

    /// <summary>The property Field.</summary>
    public static object? Field(PSObject instance) => Of(instance);

    /// <summary>The property Forfeited.</summary>
    public static object? Forfeited(PSObject instance) => Of(instance);

    /// <summary>The property Format.</summary>
    public static object? Format(PSObject instance) => Of(instance);

    /// <summary>The property Free.</summary>
    public static object? Free(PSObject instance) => Of(instance);

    /// <summary>The property FundsId.</summary>
    public static object? FundsId(PSObject instance) => Of(instance);

    /// <summary>The property Gateway.</summary>
    public static object? Gateway(PSObject instance) => Of(instance);

    /// <summary>The property Group.</summary>
    public static object? Group(PSObject instance) => Of(instance);

    /// <summary>The property HoldRecharge.</summary>
    public static object? HoldRecharge(PSObject instance) => Of(instance);

    /// <summary>The property ImportId.</summary>
    public static object? ImportId(PSObject instance) => Of(instance);

    /// <summary>The property Imported.</summary>
    public static object? Imported(PSObject instance) => Of(instance);

    /// <summary>The property ImportedAt.</summary>
    public static object? ImportedAt(PSObject instance) => Of(instance);

    /// <summary>The property Increment.</summary>
    public static object? Increment(PSObject instance) => Of(instance);

    /// <summary>The property InitialIncrement.</summary>
    public static object? InitialIncrement(PSObject instance) => Of(instance);

    /// <summary>The property InternationalMinutes.</summary>
    public static object? InternationalMinutes(PSObject instance) => Of(instance);

    /// <summary>The property InternationalMinutesUsed.</summary>
    public static object? InternationalMinutesUsed(PSObject instance) => Of(instance);

    /// <summary>The property Kind.</summary>
    public static object? Kind(PSObject instance) => Of(instance);

    /// <summary>The property LastAttemptAt.</summary>
    public static object? LastAttemptAt(PSObject instance) => Of(instance);

    /// <summary>The property LastError.</summary>
    public static object? LastError(PSObject instance) => Of(instance);

    /// <summary>The property LastFailure.</summary>
    public static object? LastFailure(PSObject instance) => Of(instance);

    /// <summary>The property Licenses.</summary>
    public static object? Licenses(PSObject instance) => Of(instance);

    /// <summary>The property Line.</summary>
    public static object? Line(PSObject instance) => Of(instance);

    /// <summary>The property Location.</summary>
    public static object? Location(PSObject instance) => Of(instance);

    /// <summary>The property LowBalance.</summary>
    public static object? LowBalance(PSObject instance) => Of(instance);

    /// <summary>The property MaximumPerCharge.</summary>
    public static object? MaximumPerCharge(PSObject instance) => Of(instance);

    /// <summary>The property MaximumPerDay.</summary>
    public static object? MaximumPerDay(PSObject instance) => Of(instance);

    /// <summary>The property MaximumPerMonth.</summary>
    public static object? MaximumPerMonth(PSObject instance) => Of(instance);

    /// <summary>The property Message.</summary>
    public static object? Message(PSObject instance) => Of(instance);

    /// <summary>The property MinimumBalance.</summary>
    public static object? MinimumBalance(PSObject instance) => Of(instance);

    /// <summary>The property Minutes.</summary>
    public static object? Minutes(PSObject instance) => Of(instance);

    /// <summary>The property MinutesUsed.</summary>
    public static object? MinutesUsed(PSObject instance) => Of(instance);

    /// <summary>The property Month.</summary>
    public static object? Month(PSObject instance) => Of(instance);

    /// <summary>The property Name.</summary>
    public static object? Name(PSObject instance) => Of(instance);

    /// <summary>The property NextAttemptAt.</summary>
    public static object? NextAttemptAt(PSObject instance) => Of(instance);

    /// <summary>The property NextExpiryAmount.</summary>
    public static object? NextExpiryAmount(PSObject instance) => Of(instance);

    /// <summary>The property NextExpiryAt.</summary>
    public static object? NextExpiryAt(PSObject instance) => Of(instance);

    /// <summary>The property NotificationEmail.</summary>
    public static object? NotificationEmail(PSObject instance) => Of(instance);

    /// <summary>The property NotificationId.</summary>
    public static object? NotificationId(PSObject instance) => Of(instance);

    /// <summary>The property Number.</summary>
    public static object? Number(PSObject instance) => Of(instance);

    /// <summary>The property NumberType.</summary>
    public static object? NumberType(PSObject instance) => Of(instance);

    /// <summary>The property Opening.</summary>
    public static object? Opening(PSObject instance) => Of(instance);

    /// <summary>The property Operator.</summary>
    public static object? Operator(PSObject instance) => Of(instance);

    /// <summary>The property PaymentMethod.</summary>
    public static object? PaymentMethod(PSObject instance) => Of(instance);

    /// <summary>The property PaymentReference.</summary>
    public static object? PaymentReference(PSObject instance) => Of(instance);

    /// <summary>The property PercentUsed.</summary>
    public static object? PercentUsed(PSObject instance) => Of(instance);

    /// <summary>The property PeriodFrom.</summary>
    public static object? PeriodFrom(PSObject instance) => Of(instance);

    /// <summary>The property PeriodTo.</summary>
    public static object? PeriodTo(PSObject instance) => Of(instance);

    /// <summary>The property PoolMinutesLeft.</summary>
    public static object? PoolMinutesLeft(PSObject instance) => Of(instance);

    /// <summary>The property PooledMinutes.</summary>
    public static object? PooledMinutes(PSObject instance) => Of(instance);

    /// <summary>The property PooledSeconds.</summary>
    public static object? PooledSeconds(PSObject instance) => Of(instance);

    /// <summary>The property PostedAt.</summary>
    public static object? PostedAt(PSObject instance) => Of(instance);

    /// <summary>The property PostedBy.</summary>
    public static object? PostedBy(PSObject instance) => Of(instance);

    /// <summary>The property Prefix.</summary>
    public static object? Prefix(PSObject instance) => Of(instance);

    /// <summary>The property PricePerMinute.</summary>
    public static object? PricePerMinute(PSObject instance) => Of(instance);

    /// <summary>The property Priority.</summary>
    public static object? Priority(PSObject instance) => Of(instance);

    /// <summary>The property PurchaseOrder.</summary>
    public static object? PurchaseOrder(PSObject instance) => Of(instance);

    /// <summary>The property Purchased.</summary>
    public static object? Purchased(PSObject instance) => Of(instance);

    /// <summary>The property PurchasedAt.</summary>
    public static object? PurchasedAt(PSObject instance) => Of(instance);

    /// <summary>The property RaisedAt.</summary>
    public static object? RaisedAt(PSObject instance) => Of(instance);

    /// <summary>The property RateCount.</summary>
    public static object? RateCount(PSObject instance) => Of(instance);

    /// <summary>The property RatedCharge.</summary>
    public static object? RatedCharge(PSObject instance) => Of(instance);

    /// <summary>The property Read.</summary>
    public static object? Read(PSObject instance) => Of(instance);

    /// <summary>The property ReadOnly.</summary>
    public static object? ReadOnly(PSObject instance) => Of(instance);

    /// <summary>The property Reason.</summary>
    public static object? Reason(PSObject instance) => Of(instance);

    /// <summary>The property Recharge.</summary>
    public static object? Recharge(PSObject instance) => Of(instance);

    /// <summary>The property RechargeAmount.</summary>
    public static object? RechargeAmount(PSObject instance) => Of(instance);

    /// <summary>The property Recharged.</summary>
    public static object? Recharged(PSObject instance) => Of(instance);

    /// <summary>The property RecordId.</summary>
    public static object? RecordId(PSObject instance) => Of(instance);

    /// <summary>The property RecordedCharge.</summary>
    public static object? RecordedCharge(PSObject instance) => Of(instance);

    /// <summary>The property Reference.</summary>
    public static object? Reference(PSObject instance) => Of(instance);

    /// <summary>The property Rejected.</summary>
    public static object? Rejected(PSObject instance) => Of(instance);

    /// <summary>The property Remaining.</summary>
    public static object? Remaining(PSObject instance) => Of(instance);

    /// <summary>The property Rounding.</summary>
    public static object? Rounding(PSObject instance) => Of(instance);

    /// <summary>The property Rule.</summary>
    public static object? Rule(PSObject instance) => Of(instance);

    /// <summary>The property RunsOutAt.</summary>
    public static object? RunsOutAt(PSObject instance) => Of(instance);

    /// <summary>The property SchemaVersion.</summary>
    public static object? SchemaVersion(PSObject instance) => Of(instance);

    /// <summary>The property Seal.</summary>
    public static object? Seal(PSObject instance) => Of(instance);

    /// <summary>The property SecretName.</summary>
    public static object? SecretName(PSObject instance) => Of(instance);

    /// <summary>The property Sensitivity.</summary>
    public static object? Sensitivity(PSObject instance) => Of(instance);

    /// <summary>The property Sequence.</summary>
    public static object? Sequence(PSObject instance) => Of(instance);

    /// <summary>The property Service.</summary>
    public static object? Service(PSObject instance) => Of(instance);

    /// <summary>The property Services.</summary>
    public static object? Services(PSObject instance) => Of(instance);

    /// <summary>The property SettledAt.</summary>
    public static object? SettledAt(PSObject instance) => Of(instance);

    /// <summary>The property Share.</summary>
    public static object? Share(PSObject instance) => Of(instance);

    /// <summary>The property Sheet.</summary>
    public static object? Sheet(PSObject instance) => Of(instance);

    /// <summary>The property Source.</summary>
    public static object? Source(PSObject instance) => Of(instance);

    /// <summary>The property StartedAt.</summary>
    public static object? StartedAt(PSObject instance) => Of(instance);

    /// <summary>The property State.</summary>
    public static object? State(PSObject instance) => Of(instance);

    /// <summary>The property Status.</summary>
    public static object? Status(PSObject instance) => Of(instance);

    /// <summary>The property Subject.</summary>
    public static object? Subject(PSObject instance) => Of(instance);

    /// <summary>The property SuggestedMinimum.</summary>
    public static object? SuggestedMinimum(PSObject instance) => Of(instance);

    /// <summary>The property SuggestedRecharge.</summary>
    public static object? SuggestedRecharge(PSObject instance) => Of(instance);

    /// <summary>The property TargetBalance.</summary>
    public static object? TargetBalance(PSObject instance) => Of(instance);

    /// <summary>The property TenantCount.</summary>
    public static object? TenantCount(PSObject instance) => Of(instance);

    /// <summary>The property TenantId.</summary>
    public static object? TenantId(PSObject instance) => Of(instance);

    /// <summary>The property TenantName.</summary>
    public static object? TenantName(PSObject instance) => Of(instance);

    /// <summary>The property Timeout.</summary>
    public static object? Timeout(PSObject instance) => Of(instance);

    /// <summary>The property Token.</summary>
    public static object? Token(PSObject instance) => Of(instance);

    /// <summary>The property TransactionId.</summary>
    public static object? TransactionId(PSObject instance) => Of(instance);

    /// <summary>The property Unrated.</summary>
    public static object? Unrated(PSObject instance) => Of(instance);

    /// <summary>The property Uri.</summary>
    public static object? Uri(PSObject instance) => Of(instance);

    /// <summary>The property UsageCountry.</summary>
    public static object? UsageCountry(PSObject instance) => Of(instance);

    /// <summary>The property Used.</summary>
    public static object? Used(PSObject instance) => Of(instance);

    /// <summary>The property User.</summary>
    public static object? User(PSObject instance) => Of(instance);

    /// <summary>The property Users.</summary>
    public static object? Users(PSObject instance) => Of(instance);

    /// <summary>The property Warnings.</summary>
    public static object? Warnings(PSObject instance) => Of(instance);

    /// <summary>
    /// What ToString gives of such a value: ISO 8601, or a number with a point, or a list with semicolons; with arguments, what the value's
    /// own ToString gives of them.
    /// </summary>
    public static string ToText(PSObject instance, params object?[] arguments) => (instance?.BaseObject, arguments) switch
    {
        (null, _) => string.Empty,
        (IFormattable value, [var format, var provider]) => value.ToString(format?.ToString(), provider as IFormatProvider),
        (IFormattable value, [IFormatProvider provider]) => value.ToString(null, provider),
        (IFormattable value, [{ } format]) => value.ToString(format.ToString(), CultureInfo.CurrentCulture),
        (DateTimeOffset instant, _) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture),
        (IFormattable number, _) => number.ToString(null, CultureInfo.InvariantCulture),
        (IEnumerable list and not string, _) => string.Join("; ", list.Cast<object?>()),
        (var other, _) => other.ToString() ?? string.Empty,
    };

    private static object? Of(PSObject instance, [CallerMemberName] string name = "")
    {
        var value = Value(instance, name);
        if (value is not (decimal or DateTimeOffset or Array))
            return value;
        var result = new PSObject(value);
        result.Members.Add(new PSCodeMethod("ToString", TextMethod));
        return result;
    }

    private static object? Value(PSObject instance, string name)
    {
        var live = instance.BaseObject;
        return Properties.GetOrAdd((live.GetType(), name), key => key.Type.GetProperty(key.Name)!).GetValue(live);
    }
}
