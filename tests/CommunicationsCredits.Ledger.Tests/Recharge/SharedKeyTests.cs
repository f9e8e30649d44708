using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>Workers that share the secret COMMUNICATIONSCREDITS_KEY can charge for each other; the others leave it to them (R11).</summary>
[Trait("Rule", "R11")]
public sealed class SharedKeyTests : IDisposable
{
    private const string Shared = "a secret of thirty-two characters or more";

    private readonly TestLedger _ledger = new();
    private readonly GatewayServer _server = new();

    [Fact]
    public void A_worker_with_the_secret_charges_a_token_that_another_one_stored()
    {
        _ledger.Secrets[TokenProtection.SecretName] = Shared;
        _ledger.PayBy(_server.Gateway());
        _ledger.SetRule(minimum: 10, amount: 50, method: "card");
        using var elsewhere = Elsewhere(Shared);

        Assert.Equal(AutoRechargeAttemptState.Succeeded, elsewhere.Recharges.Run(TestLedger.Contoso, force: false).Single().State);
        _server.Book.AssertAgrees(_ledger.Session);
        Assert.False(File.Exists(Path.Combine(_ledger.Configuration, "token.key")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another secret of thirty-two characters or more")]
    public void An_attempt_without_its_key_is_left_as_it_is_until_a_worker_has_it(string? secret)
    {
        _ledger.Secrets[TokenProtection.SecretName] = Shared;
        _ledger.PayBy(_server.Gateway());
        _ledger.SetRule(minimum: 10, amount: 50, method: "card");
        _server.Book.Plan("charge-reset");
        _ledger.Recharge();
        var before = Stored();
        _ledger.SetClock("2026-03-15T18:00:00Z");
        using (var elsewhere = Elsewhere(secret))
        {
            for (var run = 0; run < 3; run++)
                Assert.Equal(AutoRechargeAttemptState.Unknown, elsewhere.Recharges.Run(TestLedger.Contoso, force: true).Single().State);
            elsewhere.Recharges.Maintain(TestLedger.Contoso, preview: false, problem => throw problem);
        }

        Assert.Equal((1, before.AskedAt, before.State), (Stored().Asks, Stored().AskedAt, Stored().State));
        Assert.Equal(1, _server.Requests);
        Assert.Equal(AutoRechargeAttemptState.Succeeded, _ledger.Recharge()!.State);
        _server.Book.AssertAgrees(_ledger.Session);
    }

    [Fact]
    public void What_the_accounts_file_sealed_is_read_beside_a_secret_that_came_later()
    {
        _ledger.PayBy(_server.Gateway());
        _ledger.SetRule(minimum: 10, amount: 50, method: "card");
        _ledger.Secrets[TokenProtection.SecretName] = Shared;

        Assert.Equal(AutoRechargeAttemptState.Succeeded, _ledger.Recharge()!.State);
    }

    [Fact]
    public void What_0_1_0_sealed_is_still_read()
    {
        var protection = new TokenProtection(new(_ledger.Configuration), _ => null);
        var content = Encoding.UTF8.GetBytes("tok_of_0.1.0");
        protection.Protect(content);
        using var aes = new AesGcm(File.ReadAllBytes(Path.Combine(_ledger.Configuration, "token.key")), 16);
        var old = new byte[12 + 16 + content.Length];
        RandomNumberGenerator.Fill(old.AsSpan(0, 12));
        aes.Encrypt(old.AsSpan(0, 12), content, old.AsSpan(28), old.AsSpan(12, 16));

        Assert.Equal(content, protection.Reveal(old));
        Assert.Equal(content, new TokenProtection(new(_ledger.Configuration), _ => Shared).Reveal(old));
        Assert.Null(new TokenProtection(new(_ledger.Folder.File("elsewhere")), _ => Shared).Reveal(old));
    }

    [Fact]
    public void Sealed_content_that_was_changed_is_not_read()
    {
        var protection = new TokenProtection(new(_ledger.Configuration), _ => Shared);
        var content = protection.Protect("tok_1");
        Assert.Equal("tok_1", Encoding.UTF8.GetString(protection.Reveal(content)!));
        for (var i = 0; i < content.Length; i++)
        {
            var changed = (byte[])content.Clone();
            changed[i] ^= 1;
            Assert.Null(protection.Reveal(changed));
        }

        Assert.Null(protection.Reveal([]));
    }

    [Fact]
    public void A_secret_that_could_be_guessed_is_refused()
    {
        _ledger.Secrets[TokenProtection.SecretName] = "hunter2";

        var error = Refuses.With(CreditErrorId.GatewayInvalid, () => _ledger.PayBy(_server.Gateway()));
        Assert.Contains("COMMUNICATIONSCREDITS_KEY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _server.Dispose();
        _ledger.Dispose();
    }

    private LedgerSession Elsewhere(string? secret)
    {
        var session = LedgerSession.Open(_ledger.File, new()
        {
            Clock = _ledger.Clock,
            ConfigurationFolder = _ledger.Folder.File("elsewhere"),
            Secrets = name => name == TokenProtection.SecretName ? secret : null,
        });
        session.Recharges.RegisterGateway(_server.Gateway());
        return session;
    }

    private Attempt Stored()
    {
        using var snapshot = _ledger.Session.Store.BeginRead();
        return snapshot.Recharge.Attempts(1).Single();
    }
}
