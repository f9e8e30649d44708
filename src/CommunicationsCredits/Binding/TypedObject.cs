using System.Management.Automation;

namespace CommunicationsCredits.Binding;

/// <summary>
/// A result of the module's own that a command was given, live or from a job or a file. It is about its tenant, or about one thing of its
/// tenant's.
/// </summary>
internal sealed class TypedObject
{
    private const string Namespace = "CommunicationsCredits.";
    private const string Deserialized = "Deserialized.";

    private static readonly HashSet<string> AboutTenant = new(StringComparer.Ordinal)
    {
        "CreditTenant", "CreditBalance", "CreditForecast", "CreditStatement", "CreditMaintenance", "AutoRecharge", "CreditGuard", "CreditUsage",
    };

    // What is about one thing, with the parameter that takes such a thing.
    private static readonly Dictionary<string, string> AboutThing = new(StringComparer.Ordinal)
    {
        ["UsageImport"] = "ImportId",
        ["UsageRecord"] = "RecordId",
        ["UsageChargeDifference"] = "RecordId",
        ["CreditTransaction"] = "TransactionId",
        ["CreditFunds"] = "FundsId",
        ["AutoRechargeAttempt"] = "AttemptId",
        ["CreditNotification"] = "NotificationId",
        ["CreditPool"] = "Capability",
        ["CreditPaymentMethod"] = "PaymentMethodName",
        ["CreditUser"] = "User",
        ["CreditBudget"] = "Budget",
    };

    private readonly PSObject _object;

    private TypedObject(PSObject source, string type) => (_object, Type) = (source, type);

    /// <summary>The type's name, as in <c>CreditFunds</c>.</summary>
    public string Type { get; }

    /// <summary>Whether it stands for its whole tenant.</summary>
    public bool IsAboutTenant => AboutTenant.Contains(Type);

    /// <summary>The parameter that takes such a thing, or null of an object about a tenant.</summary>
    public string? Key => AboutThing.GetValueOrDefault(Type);

    /// <summary>The tenant's id.</summary>
    public string TenantId => TextOf("TenantId") ?? string.Empty;

    /// <summary>The text of a property, or null.</summary>
    public string? TextOf(string property) => PropertyText.Of(_object.Properties[property]);

    /// <summary>The object that a value is, or null where it is not one of the module's own.</summary>
    public static TypedObject? From(object? value)
    {
        if (value is null or string or ValueType || (value is PSObject wrapped && wrapped.BaseObject is string or ValueType))
            return null;
        var source = PSObject.AsPSObject(value);
        foreach (var name in source.TypeNames)
        {
            var live = name.StartsWith(Deserialized, StringComparison.Ordinal) ? name[Deserialized.Length..] : name;
            if (!live.StartsWith(Namespace, StringComparison.Ordinal))
                continue;
            var type = live[Namespace.Length..];
            if (AboutTenant.Contains(type) || AboutThing.ContainsKey(type))
                return new(source, type);
        }

        return null;
    }
}
