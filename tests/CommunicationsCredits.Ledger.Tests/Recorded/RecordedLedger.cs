using System.Globalization;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recorded;

/// <summary>
/// A ledger that an earlier version of the engine wrote, with what it answered then: <c>ledger-V.sql</c> is the database as
/// statements, <c>ledger-V.facts.txt</c> what <see cref="LedgerFacts"/> said of it, <c>ledger-V.hashes.txt</c> the chains. Never
/// record one anew for an engine that answers differently: then that engine is wrong, or it has migrated the ledger wrongly.
/// </summary>
internal sealed class RecordedLedger : IDisposable
{
    /// <summary>What the clock said when the facts were written.</summary>
    public static readonly DateTimeOffset RecordedAt = new(2027, 3, 20, 9, 30, 0, TimeSpan.Zero);

    /// <summary>The months that the facts cover.</summary>
    public static readonly (DateTimeOffset First, int Count) Months = (new(2025, 12, 1, 0, 0, 0, TimeSpan.Zero), 16);

    private readonly TempFolder _folder = new();

    /// <summary>Makes a file of the recorded statements, and opens it as any ledger is opened.</summary>
    /// <param name="version">The version of the engine that wrote it.</param>
    public RecordedLedger(string version)
    {
        Write(version, File);
        Session = LedgerSession.Open(File, new()
        {
            Clock = Clock,
            Actor = "tester@machine",
            ConfigurationFolder = _folder.File("configuration"),
            Secrets = _ => null,
        });
    }

    public LedgerSession Session { get; }

    public ManualClock Clock { get; } = new(RecordedAt);

    public string File => _folder.File("ledger.db");

    /// <summary>Makes a file of the recorded statements, and leaves it as that version wrote it.</summary>
    public static void Write(string version, string file)
    {
        System.IO.File.WriteAllText(file, string.Empty);
        using var raw = new SqliteStoreConnection(file, readOnly: false);
        raw.Execute(System.IO.File.ReadAllText(PathOf(version, "sql")));
    }

    /// <summary>The lines of a file that was recorded with a ledger.</summary>
    public static string[] Lines(string version, string what) => System.IO.File.ReadAllLines(PathOf(version, what));

    /// <summary>The hash of every entry that the earlier version wrote: tenant, sequence, hash. The one place that knows where a ledger keeps them.</summary>
    public static IEnumerable<string> Hashes(string file)
    {
        using var connection = new SqliteStoreConnection(file, readOnly: true);
        using var rows = connection.Prepare(
            "SELECT t.id, e.sequence, e.hash, t.id_key FROM entry e JOIN tenant t ON t.tenant = e.tenant WHERE e.formula = 1 "
            + "UNION ALL SELECT t.id, u.sequence, u.hash, t.id_key FROM usage u JOIN tenant t ON t.tenant = u.tenant "
            + "WHERE u.formula = 1 AND u.sequence IS NOT NULL ORDER BY 4, 2");
        while (rows.Step())
            yield return string.Create(CultureInfo.InvariantCulture, $"{rows.Text(0)} | {rows.Int64(1)} | {Convert.ToHexString(rows.Bytes(2))}");
    }

    public void Dispose()
    {
        Session.Dispose();
        _folder.Dispose();
    }

    private static string PathOf(string version, string what) => Path.Combine(AppContext.BaseDirectory, "Recorded", $"ledger-{version}.{what}");
}
