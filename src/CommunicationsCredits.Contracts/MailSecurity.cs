namespace CommunicationsCredits;

/// <summary>How the connection to a mail server is encrypted. A certificate that is not valid is refused wherever TLS is used.</summary>
public enum MailSecurity : long
{
    /// <summary>
    /// TLS from the first byte on port 465; STARTTLS on every other port where the server offers it, and always where somebody signs in.
    /// </summary>
    Auto = 0,

    /// <summary>No encryption. Whatever is sent, a password included, can be read on its way.</summary>
    None = 1,

    /// <summary>STARTTLS before anything is sent; a server that does not offer it gets nothing.</summary>
    StartTls = 2,

    /// <summary>TLS from the first byte.</summary>
    Tls = 3,
}
