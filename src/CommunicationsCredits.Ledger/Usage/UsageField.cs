namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The fields of a usage record that the ledger reads, whatever the format (U1).</summary>
public enum UsageField
{
    /// <summary>The record's id (U2).</summary>
    RecordId,

    /// <summary>The user's usage country.</summary>
    Country,

    /// <summary>The user's object id.</summary>
    UserId,

    /// <summary>The user's sign-in name.</summary>
    UserPrincipalName,

    /// <summary>The user's display name.</summary>
    UserDisplayName,

    /// <summary>The number that called.</summary>
    Caller,

    /// <summary>The call type, as in <c>user_out</c>.</summary>
    CallType,

    /// <summary>Whether the call was domestic or international.</summary>
    Context,

    /// <summary>The destination's name.</summary>
    Destination,

    /// <summary>The number that was called.</summary>
    Callee,

    /// <summary>When the call started.</summary>
    StartedAt,

    /// <summary>The connected seconds.</summary>
    Duration,

    /// <summary>The charge for connecting it.</summary>
    ConnectionCharge,

    /// <summary>Its own charge.</summary>
    Charge,

    /// <summary>The currency of its charge.</summary>
    Currency,

    /// <summary>The license's capability.</summary>
    Capability,

    /// <summary>The other party's country.</summary>
    OtherCountry,

    /// <summary>The telephone operator that carried it.</summary>
    Operator,

    /// <summary>The user's administrative units.</summary>
    AdministrativeUnits,

    /// <summary>The type of the user's number.</summary>
    NumberType,
}
