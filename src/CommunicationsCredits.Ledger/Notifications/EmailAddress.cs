using MimeKit;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Reads one e-mail address, with or without a name to show.</summary>
internal static class EmailAddress
{
    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
    };

    /// <summary>The address, or null where the text is not exactly one.</summary>
    public static MailboxAddress? TryParse(string text) =>
        !text.Any(char.IsControl) && MailboxAddress.TryParse(Strict, text.Trim(), out var mailbox) && mailbox.Domain.Length > 0
            ? mailbox
            : null;
}
