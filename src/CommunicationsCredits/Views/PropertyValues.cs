using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Views;

/// <summary>
/// The properties whose text would depend on the culture, for the types file: each has the value itself, with a text of its own that
/// is the same everywhere. It is for the types file; scripts use the properties.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PropertyValues
{
    private static readonly ConcurrentDictionary<(Type Type, string Name), PropertyInfo> Properties = new();
    private static readonly MethodInfo TextMethod = typeof(PropertyValues).GetMethod(nameof(ToText))!;

    /// <summary>The property AccountFrom.</summary>
    public static object? AccountFrom(PSObject instance) => Of(instance);

    /// <summary>The property Amount.</summary>
    public static object? Amount(PSObject instance) => Of(instance);

    /// <summary>The property ArgumentList.</summary>
    public static object? ArgumentList(PSObject instance) => Of(instance);

    /// <summary>The property AsOf.</summary>
    public static object? AsOf(PSObject instance) => Of(instance);

    /// <summary>The property Balance.</summary>
    public static object? Balance(PSObject instance) => Of(instance);

    /// <summary>The property BalanceAfter.</summary>
    public static object? BalanceAfter(PSObject instance) => Of(instance);

    /// <summary>The property Charge.</summary>
    public static object? Charge(PSObject instance) => Of(instance);

    /// <summary>The property Charged.</summary>
    public static object? Charged(PSObject instance) => Of(instance);

    /// <summary>The property Closing.</summary>
    public static object? Closing(PSObject instance) => Of(instance);

    /// <summary>The property ConnectionFee.</summary>
    public static object? ConnectionFee(PSObject instance) => Of(instance);

    /// <summary>The property Corrected.</summary>
    public static object? Corrected(PSObject instance) => Of(instance);

    /// <summary>The property Cost.</summary>
    public static object? Cost(PSObject instance) => Of(instance);

    /// <summary>The property CreatedAt.</summary>
    public static object? CreatedAt(PSObject instance) => Of(instance);

    /// <summary>The property DailyUse.</summary>
    public static object? DailyUse(PSObject instance) => Of(instance);

    /// <summary>The property Difference.</summary>
    public static object? Difference(PSObject instance) => Of(instance);

    /// <summary>The property EffectiveAt.</summary>
    public static object? EffectiveAt(PSObject instance) => Of(instance);

    /// <summary>The property EffectiveFrom.</summary>
    public static object? EffectiveFrom(PSObject instance) => Of(instance);

    /// <summary>The property ExpiresAt.</summary>
    public static object? ExpiresAt(PSObject instance) => Of(instance);

    /// <summary>The property ExpiringAt.</summary>
    public static object? ExpiringAt(PSObject instance) => Of(instance);

    /// <summary>The property ExpiringUnused.</summary>
    public static object? ExpiringUnused(PSObject instance) => Of(instance);

    /// <summary>The property Forfeited.</summary>
    public static object? Forfeited(PSObject instance) => Of(instance);

    /// <summary>The property InternationalMinutes.</summary>
    public static object? InternationalMinutes(PSObject instance) => Of(instance);

    /// <summary>The property InternationalMinutesUsed.</summary>
    public static object? InternationalMinutesUsed(PSObject instance) => Of(instance);

    /// <summary>The property LastAttemptAt.</summary>
    public static object? LastAttemptAt(PSObject instance) => Of(instance);

    /// <summary>The property LowBalance.</summary>
    public static object? LowBalance(PSObject instance) => Of(instance);

    /// <summary>The property MaximumPerCharge.</summary>
    public static object? MaximumPerCharge(PSObject instance) => Of(instance);

    /// <summary>The property MaximumPerDay.</summary>
    public static object? MaximumPerDay(PSObject instance) => Of(instance);

    /// <summary>The property MaximumPerMonth.</summary>
    public static object? MaximumPerMonth(PSObject instance) => Of(instance);

    /// <summary>The property MinimumBalance.</summary>
    public static object? MinimumBalance(PSObject instance) => Of(instance);

    /// <summary>The property Minutes.</summary>
    public static object? Minutes(PSObject instance) => Of(instance);

    /// <summary>The property MinutesUsed.</summary>
    public static object? MinutesUsed(PSObject instance) => Of(instance);

    /// <summary>The property NextAttemptAt.</summary>
    public static object? NextAttemptAt(PSObject instance) => Of(instance);

    /// <summary>The property NextExpiryAmount.</summary>
    public static object? NextExpiryAmount(PSObject instance) => Of(instance);

    /// <summary>The property NextExpiryAt.</summary>
    public static object? NextExpiryAt(PSObject instance) => Of(instance);

    /// <summary>The property NotificationEmail.</summary>
    public static object? NotificationEmail(PSObject instance) => Of(instance);

    /// <summary>The property Opening.</summary>
    public static object? Opening(PSObject instance) => Of(instance);

    /// <summary>The property PercentUsed.</summary>
    public static object? PercentUsed(PSObject instance) => Of(instance);

    /// <summary>The property PoolMinutesLeft.</summary>
    public static object? PoolMinutesLeft(PSObject instance) => Of(instance);

    /// <summary>The property PostedAt.</summary>
    public static object? PostedAt(PSObject instance) => Of(instance);

    /// <summary>The property PricePerMinute.</summary>
    public static object? PricePerMinute(PSObject instance) => Of(instance);

    /// <summary>The property Purchased.</summary>
    public static object? Purchased(PSObject instance) => Of(instance);

    /// <summary>The property PurchasedAt.</summary>
    public static object? PurchasedAt(PSObject instance) => Of(instance);

    /// <summary>The property RaisedAt.</summary>
    public static object? RaisedAt(PSObject instance) => Of(instance);

    /// <summary>The property RatedCharge.</summary>
    public static object? RatedCharge(PSObject instance) => Of(instance);

    /// <summary>The property RechargeAmount.</summary>
    public static object? RechargeAmount(PSObject instance) => Of(instance);

    /// <summary>The property Recharged.</summary>
    public static object? Recharged(PSObject instance) => Of(instance);

    /// <summary>The property RecordedCharge.</summary>
    public static object? RecordedCharge(PSObject instance) => Of(instance);

    /// <summary>The property Remaining.</summary>
    public static object? Remaining(PSObject instance) => Of(instance);

    /// <summary>The property RunsOutAt.</summary>
    public static object? RunsOutAt(PSObject instance) => Of(instance);

    /// <summary>The property Services.</summary>
    public static object? Services(PSObject instance) => Of(instance);

    /// <summary>The property SettledAt.</summary>
    public static object? SettledAt(PSObject instance) => Of(instance);

    /// <summary>The property StartedAt.</summary>
    public static object? StartedAt(PSObject instance) => Of(instance);

    /// <summary>The property SuggestedMinimum.</summary>
    public static object? SuggestedMinimum(PSObject instance) => Of(instance);

    /// <summary>The property SuggestedRecharge.</summary>
    public static object? SuggestedRecharge(PSObject instance) => Of(instance);

    /// <summary>The property TargetBalance.</summary>
    public static object? TargetBalance(PSObject instance) => Of(instance);

    /// <summary>The property Used.</summary>
    public static object? Used(PSObject instance) => Of(instance);

    /// <summary>What ToString gives of such a value: ISO 8601, or a number with a point, or a list with semicolons.</summary>
    public static string ToText(PSObject instance) => instance?.BaseObject switch
    {
        null => string.Empty,
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list and not string => string.Join("; ", list.Cast<object?>()),
        var other => other.ToString() ?? string.Empty,
    };

    private static PSObject? Of(PSObject instance, [CallerMemberName] string name = "")
    {
        var value = Value(instance, name);
        if (value is null)
            return null;
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
