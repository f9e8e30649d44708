using Npgsql;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>The ledger's errors for PostgreSQL's states.</summary>
internal static class PgErrors
{
    /// <summary>The ledger's error for a failure that is one.</summary>
    /// <param name="location">Where the ledger is, without any secret.</param>
    /// <param name="failure">The provider's failure.</param>
    public static Exception Translate(string location, Exception failure) => failure is PostgresException known
        ? Translate(location, known)
        : LedgerErrors.LedgerUnreadable(
            location,
            $"'{location}' cannot be reached ({failure.Message}). Check the server, its address and the network; what was committed before is kept.",
            failure);

    private static Exception Translate(string location, PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow => LedgerErrors.LedgerBusy(location),
        PostgresErrorCodes.DiskFull => LedgerErrors.LedgerFull(location),
        PostgresErrorCodes.InvalidCatalogName => LedgerErrors.LedgerNotFound(
            location, $"There is no database '{location}'. Create it first, or correct the connection string."),
        PostgresErrorCodes.ReadOnlySqlTransaction => LedgerErrors.LedgerReadOnly(location),
        PostgresErrorCodes.InsufficientPrivilege => LedgerErrors.LedgerUnreadable(
            location, $"'{location}' does not allow it ({failure.MessageText}). Grant the role what it lacks, or connect with another one.", failure),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => LedgerErrors.LedgerUnreadable(
            location, $"'{location}' refused the sign-in ({failure.MessageText}). Check the user and the password.", failure),

        // The statements are the module's own: one that does not fit the tables found them changed.
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.DataCorrupted
            or PostgresErrorCodes.IndexCorrupted => LedgerErrors.LedgerCorrupt(location, failure.MessageText),

        // The server was stopped, or the session ended from outside.
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => LedgerErrors.LedgerUnreadable(
            location, $"'{location}' ended the session ({failure.MessageText}). Connect again; what was committed before is kept.", failure),
        _ => new InvalidOperationException($"PostgreSQL answered {failure.SqlState} for '{location}': {failure.MessageText}", failure),
    };
}
