using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>What a key needs to be known of, and what is said of one that was used with other parameters (C2).</summary>
public sealed class IdempotencyTests
{
    [Fact]
    [Trait("Rule", "C2")]
    public void Parameters_are_told_as_given_and_defaults_are_not()
    {
        Assert.Equal("Amount 5, Reference r", Idempotency.Describe(("Amount", "5"), ("ExpiresAt", null), ("Reference", "r")));
        Assert.Equal("Reference ", Idempotency.Describe(("Reference", "")));
        Assert.Equal("", Idempotency.Describe());
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void A_conflict_names_the_key_the_tenant_and_both_uses()
    {
        var tenant = new Tenant
        {
            Number = 1, Id = "contoso.com", Name = "Contoso", Currency = "USD", Country = "US", NotificationEmail = [], LowBalance = null, AccountFrom = null,
            Status = CreditTenantStatus.Active, CreatedAt = Instant.Earliest,
        };

        var error = Idempotency.Conflict(tenant, "k1", "Amount 5", "Amount 6");

        Assert.Equal((CreditErrorId.IdempotencyConflict, "contoso.com"), (error.ErrorId, error.Target));
        Assert.Equal(
            $"The idempotency key 'k1' of {tenant.InWords} was used before with Amount 5, and now with Amount 6. Nothing was posted; use a new key for another "
            + "posting.",
            error.Message);
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void Only_a_key_that_was_given_is_needed()
    {
        Assert.Equal([("AddFunds", "k1")], Idempotency.Need("AddFunds", "k1"));
        Assert.Empty(Idempotency.Need("AddFunds", null));
        Assert.Empty(Idempotency.Need("AddFunds", ""));
    }
}
