namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>Asserts the ledger's errors.</summary>
internal static class Refuses
{
    public static CreditException With(CreditErrorId id, Func<object?> action)
    {
        var error = Assert.Throws<CreditException>(action);
        Assert.Equal(id, error.ErrorId);
        return error;
    }

    public static CreditException With(CreditErrorId id, Action action)
    {
        var error = Assert.Throws<CreditException>(action);
        Assert.Equal(id, error.ErrorId);
        return error;
    }
}
