namespace CommunicationsCredits;

/// <summary>An error with a stable id, a message that says what to do, and the thing it is about.</summary>
public sealed class CreditException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="errorId">The stable id.</param>
    /// <param name="message">What is wrong, where, and the remedy.</param>
    /// <param name="target">What it is about: a tenant id, a record, a path.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public CreditException(CreditErrorId errorId, string message, object? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Target = target;
    }

    /// <summary>The stable id.</summary>
    public CreditErrorId ErrorId { get; }

    /// <summary>What the error is about: a tenant id, a record, a path.</summary>
    public object? Target { get; }
}
