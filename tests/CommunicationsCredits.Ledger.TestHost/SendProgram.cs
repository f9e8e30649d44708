using System.Globalization;
using System.Net;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>
/// Sends what is due by encrypted mail, in a process of its own: which certificates are trusted is a setting of the process.
/// </summary>
public static class SendProgram
{
    public static int Run(string[] args)
    {
        using var ledger = LedgerSession.Open(args[0]);
        var account = new NetworkCredential(args[3], args[4]);
        var isToken = args[5] == "token";
        var delivery = new SmtpDelivery("localhost", account.UserName)
        {
            Port = int.Parse(args[1], CultureInfo.InvariantCulture),
            Security = Enum.Parse<MailSecurity>(args[2]),
            Credential = isToken ? null : account,
            AccessToken = isToken ? account.SecurePassword : null,
            Timeout = TimeSpan.FromSeconds(20),
        };
        foreach (var notice in ledger.Notifications.Send(TenantSelection.All, delivery))
            Console.WriteLine($"{notice.NotificationId}\t{notice.Status}\t{notice.LastError}");
        return 0;
    }
}
