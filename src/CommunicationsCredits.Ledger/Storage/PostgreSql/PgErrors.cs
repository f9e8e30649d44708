using Npgsql;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>The ledger's errors for PostgreSQL's states.</summary>
internal static class PgErrors
{
    /// <summary>The server ended a session that did nothing for too long within a transaction.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>The same outside of one.</summary>
    private const string IdleSession = "57P05";

    /// <summary>The ledger's error for a failure that is one.</summary>
    /// <param name="location">Where the ledger is, without any secret.</param>
    /// <param name="failure">The provider's failure.</param>
    public static Exception Translate(string location, Exception failure) => failure switch
    {
        PostgresException known => Translate(location, known),

        // A statement that takes too long would take as long again.
        NpgsqlException { InnerException: TimeoutException } => LedgerErrors.LedgerUnreachable(location, "it did not answer in time", failure),
        _ => LedgerErrors.LedgerUnreachable(location, failure.Message, new PgInterruption(failure)),
    };

    /// <summary>
    /// Whether an error says that the same would have succeeded without a fault from outside, and that nothing of it was kept. What the
    /// provider calls transient is not that: a commit whose answer was lost is transient to it, and may have happened.
    /// </summary>
    public static bool IsInterruption(CreditException error) => error.InnerException is PgInterruption;

    /// <summary>The error of an interruption that lasts, which nobody is to try again.</summary>
    public static CreditException Lasting(CreditException interruption) =>
        new(interruption.ErrorId, interruption.Message, interruption.Target, interruption.InnerException!.InnerException);

    private static Exception Translate(string location, PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable => LedgerErrors.LedgerBusy(location),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.TooManyConnections =>
            new CreditException(CreditErrorId.LedgerBusy, LedgerErrors.LedgerBusy(location).Message, location, new PgInterruption(failure)),
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter => LedgerErrors.LedgerUnreadable(
            location, $"'{location}' keeps no text with a NUL character in it, and the database has to be in UTF-8 ({failure.MessageText}). Nothing was kept.", failure),
        PostgresErrorCodes.DiskFull => LedgerErrors.LedgerFull(location),
        PostgresErrorCodes.InvalidCatalogName => LedgerErrors.LedgerNotFound(
            location, $"There is no database '{location}'. Create it first, or correct the connection string."),
        PostgresErrorCodes.ReadOnlySqlTransaction => LedgerErrors.LedgerReadOnly(location),
        PostgresErrorCodes.InsufficientPrivilege => LedgerErrors.LedgerDenied(
            location, $"'{location}' does not allow it ({failure.MessageText}). Grant the role what it lacks, or connect with another one.", failure),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => LedgerErrors.LedgerDenied(
            location, $"'{location}' refused the sign-in ({failure.MessageText}). Check the user and the password.", failure),

        // The statements are the module's own: one that does not fit the tables found them changed.
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.DataCorrupted
            or PostgresErrorCodes.IndexCorrupted => LedgerErrors.LedgerCorrupt(location, failure.MessageText),

        // The server was stopped or is starting, or the session was ended from outside.
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleInTransaction or IdleSession =>
            LedgerErrors.LedgerUnreachable(location, failure.MessageText, new PgInterruption(failure)),
        var state when state.StartsWith("08", StringComparison.Ordinal) || failure.Routine == "RevalidateCachedQuery" =>
            LedgerErrors.LedgerUnreachable(location, failure.MessageText, new PgInterruption(failure)),
        _ => new InvalidOperationException($"PostgreSQL answered {failure.SqlState} for '{location}': {failure.MessageText}", failure),
    };
}

/// <summary>Marks a failure of a transaction of which nothing was kept, and which can be tried again.</summary>
/// <param name="cause">The provider's failure.</param>
internal sealed class PgInterruption(Exception cause) : Exception(cause.Message, cause);
