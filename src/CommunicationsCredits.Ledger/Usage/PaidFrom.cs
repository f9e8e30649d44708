namespace CommunicationsCredits.Ledger.Usage;

/// <summary>What a call is paid from (U4).</summary>
internal enum PaidFrom : byte
{
    /// <summary>Another operator's bill, or from before the account is kept here.</summary>
    Excluded,

    /// <summary>It costs nothing.</summary>
    Free,

    /// <summary>Credits.</summary>
    Credits,

    /// <summary>The included minutes of its capability, then credits.</summary>
    CapabilityPool,

    /// <summary>The included dial-out minutes, then credits.</summary>
    DialOutPool,

    /// <summary>Its own charge; a type of call that is not known has no rate.</summary>
    RecordedChargeState,
}
