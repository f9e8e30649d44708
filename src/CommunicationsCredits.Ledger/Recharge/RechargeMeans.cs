namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>What makes a rule be evaluated.</summary>
internal enum RechargeTrigger
{
    /// <summary>A posting that lowered the balance, or the end of an import (R8).</summary>
    Posting,

    /// <summary>A run: it also asks again for what is open (R6).</summary>
    Run,

    /// <summary>A run that ignores the back-off, but never a cap.</summary>
    ForcedRun,
}

/// <summary>What this machine can do for a recharge: decisions use it, and do no I/O of their own.</summary>
internal interface IRechargeMeans
{
    /// <summary>The gateway's name as it is registered here.</summary>
    /// <exception cref="CreditException"><c>GatewayNotFound</c>, <c>GatewayInvalid</c>.</exception>
    string GatewayNamed(string name);

    /// <summary>What was sealed, or null where the key is not here.</summary>
    byte[]? Reveal(ReadOnlySpan<byte> sealedContent);

    /// <summary>Seals content, so that the ledger gives nothing of it away.</summary>
    byte[] Seal(ReadOnlySpan<byte> content);

    /// <summary>A new idempotency key for a gateway.</summary>
    string NewKey();

    /// <summary>The exact request that a gateway gets.</summary>
    byte[] Request(string tenantId, string attemptId, string idempotencyKey, string amount, string currency, PaymentMethod method, string? token);
}
