using Newtonsoft.Json;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>The payment gateways that this machine knows, by name. A ledger holds the names only.</summary>
public sealed class Gateways
{
    /// <summary>The built-in gateway: it accepts, and records the purchase order.</summary>
    public const string Invoice = "Invoice";

    private const string File = "gateways.json";
    private const int LongestName = 64;

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private readonly ConfigurationFolder _folder;

    internal Gateways(ConfigurationFolder folder) => _folder = folder;

    /// <summary>How long an answer is waited for where nothing else is said.</summary>
    public static TimeSpan UsualTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The built-in gateway.</summary>
    public static CreditGateway BuiltIn { get; } = new()
    {
        Name = Invoice,
        Command = null,
        ArgumentList = [],
        Uri = null,
        SecretName = null,
        Timeout = TimeSpan.Zero,
    };

    /// <summary>Those in a folder of configuration; no ledger is needed for them.</summary>
    /// <param name="folder">The folder; the usual one where nothing is given.</param>
    public static Gateways Of(string? folder) => new(new ConfigurationFolder(folder));

    /// <summary>All gateways, the built-in one first.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: the configuration cannot be used.</exception>
    public IReadOnlyList<CreditGateway> All() => [BuiltIn, .. Registered()];

    /// <summary>The gateway of that name, in any case, or null.</summary>
    public CreditGateway? Find(string name) => All().FirstOrDefault(gateway => IsNamed(gateway, name));

    /// <summary>The gateway, to be asked.</summary>
    /// <exception cref="CreditException"><c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public CreditGateway Get(string name)
    {
        var gateway = Find(name) ?? throw NotFound(name);

        // The file may have been written by hand.
        if (!ReferenceEquals(gateway, BuiltIn))
            Check(gateway);
        return gateway;
    }

    /// <summary>Adds a gateway, or replaces the one of that name.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="preview">Whether it is only checked.</param>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>, <c>CardNumberRefused</c>.</exception>
    public CreditGateway Register(CreditGateway gateway, bool preview = false)
    {
        Check(gateway);
        if (!preview)
            Save([.. Registered().Where(other => !IsNamed(other, gateway.Name)), gateway]);
        return gateway;
    }

    /// <summary>Removes a gateway.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="preview">Whether it stays.</param>
    /// <exception cref="CreditException"><c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    public void Unregister(string name, bool preview = false)
    {
        if (IsNamed(BuiltIn, name))
            throw Invalid($"'{Invoice}' is built in, and stays.");
        var registered = Registered();
        if (!registered.Any(gateway => IsNamed(gateway, name)))
            throw NotFound(name);
        if (!preview)
            Save([.. registered.Where(gateway => !IsNamed(gateway, name))]);
    }

    /// <summary>Whether what is sent to an address cannot be read on its way: HTTPS, or this machine itself.</summary>
    internal static bool IsSafe(Uri uri) =>
        uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private static bool IsNamed(CreditGateway gateway, string name) =>
        string.Equals(gateway.Name, name, StringComparison.OrdinalIgnoreCase);

    private static void Check(CreditGateway gateway)
    {
        if (gateway.Name.Length is 0 or > LongestName || gateway.Name.Any(char.IsControl))
            throw Invalid($"A gateway's name has to be 1 to {LongestName} characters on one line.");
        if (IsNamed(BuiltIn, gateway.Name))
            throw Invalid($"'{Invoice}' is built in, and cannot be replaced. Choose another name.");
        if (string.IsNullOrWhiteSpace(gateway.Command) == gateway.Uri is null)
            throw Invalid("A gateway is either a program (-Command) or an address (-Uri).");
        if (gateway.Uri is { } uri)
        {
            if (!IsSafe(uri))
                throw Invalid($"'{uri}' is not an HTTPS address. Plain HTTP is for this machine itself only.");
            if (uri.UserInfo.Length > 0)
                throw Invalid("The address holds a user or a password. Sign requests with -SecretName instead.");
        }

        if (gateway.Timeout < ShortestTimeout || gateway.Timeout > LongestTimeout)
            throw Invalid($"A time-out of {gateway.Timeout} is not between 0.1 seconds and 10 minutes.");
        foreach (var argument in gateway.ArgumentList)
            Money.CardNumbers.Refuse(argument, "argument list");
    }

    private static CreditException NotFound(string name) => new(
        CreditErrorId.GatewayNotFound,
        $"This machine knows no payment gateway '{name}'. Get-CreditGateway lists those it knows; Register-CreditGateway adds one.",
        name);

    private static CreditException Invalid(string reason) => new(CreditErrorId.GatewayInvalid, reason);

    private List<CreditGateway> Registered()
    {
        var path = _folder.PathOf(File);
        try
        {
            return ConfigurationFolder.Read(path) is { } content ? GatewayDocument.Read(content) : [];
        }
        catch (JsonException problem)
        {
            throw Invalid($"The configuration '{path}' cannot be used: {problem.Message}");
        }
    }

    private void Save(List<CreditGateway> gateways) => _folder.Write(_folder.PathOf(File), GatewayDocument.Write(gateways));
}
