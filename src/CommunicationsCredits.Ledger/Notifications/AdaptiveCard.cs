using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>
/// A message as a card in an envelope, as workflows of Teams take it ("Post to a channel when a webhook request is received"). Its text is
/// made of runs, which show what they hold: a block of text would take a tenant's name for Markdown.
/// </summary>
/// <seealso href="https://adaptivecards.io/explorer/RichTextBlock.html"/>
internal static class AdaptiveCard
{
    /// <summary>The first version with runs of text is 1.2; Teams shows up to 1.5.</summary>
    private const string Version = "1.4";

    /// <summary>The card of a message.</summary>
    public static JObject Of(Tenant tenant, NotificationMessage message)
    {
        var body = new JArray(Block(Run(message.Subject, isStrong: true)));
        foreach (var notice in message.Shown)
            body.Add(Block(Run(notice.Body)));
        var time = string.Create(CultureInfo.InvariantCulture, $"{message.Gravest.RaisedAt.ToDateTimeOffset():yyyy-MM-dd HH:mm} UTC");
        body.Add(Block(Run($"{NotificationMessage.AccountOf(tenant)} · {time} · {message.IdsOf(tenant)}", isSubtle: true)));
        return new()
        {
            ["type"] = "message",
            ["attachments"] = new JArray(new JObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = new JObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = Version,
                    ["body"] = body,
                },
            }),
        };
    }

    private static JObject Block(JObject run) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JArray(run) };

    private static JObject Run(string text, bool isStrong = false, bool isSubtle = false)
    {
        var run = new JObject { ["type"] = "TextRun", ["text"] = text };
        if (isStrong)
            run["weight"] = "Bolder";
        if (isSubtle)
        {
            run["size"] = "Small";
            run["isSubtle"] = true;
        }

        return run;
    }
}
