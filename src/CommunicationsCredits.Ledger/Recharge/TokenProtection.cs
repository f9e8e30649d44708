using System.Security.Cryptography;
using System.Text;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>
/// Keeps tokens unreadable in the ledger: AES-GCM with a key that lies in the user's configuration on the machine, not in the
/// ledger, so that a copy of the ledger gives no token away.
/// </summary>
internal sealed class TokenProtection(ConfigurationFolder folder)
{
    private const string KeyFile = "token.key";
    private const int KeyLength = 32;

    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    public byte[] Protect(ReadOnlySpan<byte> content)
    {
        var sealedContent = new byte[NonceLength + TagLength + content.Length];
        var nonce = sealedContent.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Key(), TagLength);
        aes.Encrypt(nonce, content, sealedContent.AsSpan(NonceLength + TagLength), sealedContent.AsSpan(NonceLength, TagLength));
        return sealedContent;
    }

    public byte[] Protect(string content) => Protect(Encoding.UTF8.GetBytes(content));

    /// <summary>What was protected, or null where that was with another machine's or user's key.</summary>
    public byte[]? Reveal(ReadOnlySpan<byte> sealedContent)
    {
        if (sealedContent.Length < NonceLength + TagLength)
            return null;
        try
        {
            var content = new byte[sealedContent.Length - NonceLength - TagLength];
            using var aes = new AesGcm(Key(), TagLength);
            aes.Decrypt(
                sealedContent[..NonceLength], sealedContent[(NonceLength + TagLength)..], sealedContent.Slice(NonceLength, TagLength), content);
            return content;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private byte[] Key()
    {
        var path = folder.PathOf(KeyFile);
        var key = ConfigurationFolder.Read(path);
        if (key is null)
        {
            folder.Create(path, RandomNumberGenerator.GetBytes(KeyLength));
            key = ConfigurationFolder.Read(path);
        }

        return key?.Length == KeyLength ? key : throw new CreditException(
            CreditErrorId.GatewayInvalid, $"The key '{path}' that tokens are protected with is damaged. Put it back from a backup.", path);
    }
}
