using System.Net.Mail;
using System.Text.RegularExpressions;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Reads one e-mail address, with or without a name to show.</summary>
internal static partial class EmailAddress
{
    /// <summary>The address, or null where the text is none, or holds several.</summary>
    public static MailAddress? TryParse(string text)
    {
        // Of "a@x, b@y" the runtime would silently take the last one.
        var isOne = Quoted().Replace(text, string.Empty).IndexOfAny([',', ';']) < 0;
        return isOne && !text.Any(char.IsControl) && MailAddress.TryCreate(text.Trim(), out var address) ? address : null;
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
