using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary><c>gateways.json</c>: the gateways of this machine, as Register-CreditGateway writes them or a person does.</summary>
internal static class GatewayDocument
{
    /// <summary>Reads it; comments are allowed, names are understood in any case, and a mistake is named with its line.</summary>
    /// <exception cref="JsonException">It is not JSON, or does not describe gateways.</exception>
    public static List<CreditGateway> Read(byte[] content)
    {
        var document = JsonDocuments.Read(content, allowComments: true);
        var gateways = new List<CreditGateway>();
        foreach (var item in document as JArray ?? throw Wrong(document, "a list of gateways is expected, in [ ]"))
        {
            var gateway = Gateway(item as JObject ?? throw Wrong(item, "a gateway is expected, in { }"));
            if (gateways.Any(other => string.Equals(other.Name, gateway.Name, StringComparison.OrdinalIgnoreCase)))
                throw Wrong(item, $"'{gateway.Name}' is the name of a gateway above");
            gateways.Add(gateway);
        }

        return gateways;
    }

    /// <summary>The document of these gateways. Comments of an earlier one are not in it.</summary>
    public static byte[] Write(IEnumerable<CreditGateway> gateways)
    {
        using var content = new MemoryStream();
        using (var json = JsonDocuments.NewWriter(content))
        {
            new JArray(gateways.Select(gateway => new JObject
            {
                [nameof(gateway.Name)] = gateway.Name,
                [nameof(gateway.Command)] = gateway.Command,
                [nameof(gateway.ArgumentList)] = new JArray(gateway.ArgumentList),
                [nameof(gateway.Uri)] = gateway.Uri?.OriginalString,
                [nameof(gateway.SecretName)] = gateway.SecretName,
                [nameof(gateway.Timeout)] = gateway.Timeout.ToString("c", CultureInfo.InvariantCulture),
            })).WriteTo(json);
        }

        return content.ToArray();
    }

    private static CreditGateway Gateway(JObject item)
    {
        string? name = null, command = null, secretName = null;
        Uri? uri = null;
        List<string> arguments = [];
        var timeout = Gateways.UsualTimeout;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in item.Properties())
        {
            if (!seen.Add(property.Name))
                throw Wrong(property, $"'{property.Name}' is given twice");
            switch (property.Name.ToUpperInvariant())
            {
                case "NAME":
                    name = Text(property);
                    break;
                case "COMMAND":
                    command = Text(property);
                    break;
                case "ARGUMENTLIST":
                    arguments = Texts(property);
                    break;
                case "URI":
                    uri = Text(property) is not { } text ? null
                        : Uri.TryCreate(text, UriKind.Absolute, out var address) ? address
                        : throw Wrong(property, $"'{text}' is not an address such as https://pay.contoso.com/charge");
                    break;
                case "SECRETNAME":
                    secretName = Text(property);
                    break;
                case "TIMEOUT":
                    timeout = Duration(property);
                    break;
                default:
                    throw Wrong(
                        property, $"a gateway has no '{property.Name}'; it has Name, Command, ArgumentList, Uri, SecretName and Timeout");
            }
        }

        return new()
        {
            Name = name ?? throw Wrong(item, "this gateway has no Name"),
            Command = command,
            ArgumentList = [.. arguments],
            Uri = uri,
            SecretName = secretName,
            Timeout = timeout,
        };
    }

    private static string? Text(JProperty property) => property.Value.Type switch
    {
        JTokenType.Null => null,
        JTokenType.String => (string?)property.Value,
        _ => throw Wrong(property.Value, $"{property.Name} is a text, in \" \""),
    };

    private static List<string> Texts(JProperty property)
    {
        if (property.Value.Type == JTokenType.Null)
            return [];
        var list = property.Value as JArray ?? throw Wrong(property.Value, $"{property.Name} is a list of texts, in [ ]");
        return [.. list.Select(item => item.Type == JTokenType.String
            ? (string)item!
            : throw Wrong(item, $"{property.Name} is a list of texts; write this one in \" \""))];
    }

    private static TimeSpan Duration(JProperty property) =>
        property.Value.Type == JTokenType.String
            && TimeSpan.TryParseExact((string)property.Value!, "c", CultureInfo.InvariantCulture, out var duration)
            ? duration
            : throw Wrong(property.Value, $"{property.Name} is a duration such as \"00:00:30\"");

    private static JsonException Wrong(JToken token, string reason)
    {
        var place = (IJsonLineInfo)token;
        return new(string.Create(CultureInfo.InvariantCulture, $"line {place.LineNumber}, position {place.LinePosition}: {reason}."));
    }
}
