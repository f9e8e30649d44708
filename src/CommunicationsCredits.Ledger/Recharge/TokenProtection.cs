using System.Security.Cryptography;
using System.Text;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>
/// Keeps tokens and open requests unreadable in the ledger: AES-GCM with a key that is not in the ledger, so that a copy of the ledger gives no token away
/// (R11). The key is made of the secret <see cref="SecretName"/> where there is one, so that several workers can charge; else it lies in the user's
/// configuration on the machine. What is sealed names its key.
/// </summary>
/// <param name="folder">The user's configuration.</param>
/// <param name="secrets">Reads a secret by its name.</param>
internal sealed class TokenProtection(ConfigurationFolder folder, Func<string, string?> secrets)
{
    /// <summary>The secret that workers of one ledger share.</summary>
    public const string SecretName = "COMMUNICATIONSCREDITS_KEY";

    /// <summary>A shorter one could be guessed.</summary>
    private const int FewestCharacters = 32;

    private const string KeyFile = "token.key";
    private const int KeyLength = 32;
    private const int NameLength = 8;

    private static readonly byte[] Mark = [0xCC, 0x4B, 0x45, 0x02];
    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;
    private static readonly int HeaderLength = Mark.Length + NameLength;

    /// <summary>Seals content with the key of this worker.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: the key cannot be used.</exception>
    public byte[] Protect(ReadOnlySpan<byte> content)
    {
        var key = SharedKey() ?? FileKey(create: true)!;
        var sealedContent = new byte[HeaderLength + NonceLength + TagLength + content.Length];
        var header = sealedContent.AsSpan(0, HeaderLength);
        Mark.CopyTo(header);
        NameOf(key).CopyTo(header[Mark.Length..]);
        var nonce = sealedContent.AsSpan(HeaderLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(
            nonce, content, sealedContent.AsSpan(HeaderLength + NonceLength + TagLength), sealedContent.AsSpan(HeaderLength + NonceLength, TagLength), header);
        return sealedContent;
    }

    public byte[] Protect(string content) => Protect(Encoding.UTF8.GetBytes(content));

    /// <summary>What was sealed, or null where its key is not here.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: a key of this worker cannot be used.</exception>
    public byte[]? Reveal(ReadOnlySpan<byte> sealedContent)
    {
        if (sealedContent.Length >= HeaderLength && sealedContent.StartsWith(Mark))
        {
            var name = sealedContent[Mark.Length..HeaderLength];
            if (SharedKey() is { } shared && name.SequenceEqual(NameOf(shared)))
                return Open(shared, sealedContent[HeaderLength..], sealedContent[..HeaderLength]);
            if (FileKey(create: false) is { } own && name.SequenceEqual(NameOf(own)))
                return Open(own, sealedContent[HeaderLength..], sealedContent[..HeaderLength]);
        }

        // 0.1.0 sealed with the file's key and did not name it; a nonce may look like the mark.
        return FileKey(create: false) is { } key ? Open(key, sealedContent, default) : null;
    }

    private static byte[]? Open(byte[] key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> header)
    {
        if (content.Length < NonceLength + TagLength)
            return null;
        try
        {
            var revealed = new byte[content.Length - NonceLength - TagLength];
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(content[..NonceLength], content[(NonceLength + TagLength)..], content.Slice(NonceLength, TagLength), revealed, header);
            return revealed;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>What sealed content calls a key; it says nothing of the key itself.</summary>
    private static byte[] NameOf(byte[] key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, NameLength, info: "CommunicationsCredits key name"u8.ToArray());

    private byte[]? SharedKey()
    {
        if (secrets(SecretName) is not { Length: > 0 } secret)
            return null;
        return secret.Length >= FewestCharacters
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyLength, info: "CommunicationsCredits token key"u8.ToArray())
            : throw new CreditException(
                CreditErrorId.GatewayInvalid,
                $"The secret {SecretName} is too short to be a key: it has at least {FewestCharacters} characters, as random as possible.", SecretName);
    }

    private byte[]? FileKey(bool create)
    {
        var path = folder.PathOf(KeyFile);
        var key = ConfigurationFolder.Read(path);
        if (key is null)
        {
            if (!create)
                return null;
            folder.Create(path, RandomNumberGenerator.GetBytes(KeyLength));
            key = ConfigurationFolder.Read(path);
        }

        return key?.Length == KeyLength ? key : throw new CreditException(
            CreditErrorId.GatewayInvalid, $"The key '{path}' that tokens are protected with is damaged. Put it back from a backup.", path);
    }
}
