using System.Diagnostics;
using CommunicationsCredits.Ledger.Tests.Support;
using Npgsql;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>What can happen to a session.</summary>
internal enum PgFault
{
    Terminated,
    Killed,
    Restarted,
    Crashed,
    LinesCut,
    AnswerOfCommitLost,
    CommitLost,
}

/// <summary>Disturbs the sessions of a database, again and again, after amounts of traffic that a seed says.</summary>
internal sealed class PgMonkey : IDisposable
{
    private readonly PgServer _server;
    private readonly CutLine _line;
    private readonly string _database;
    private readonly SeededRandom _random;
    private readonly int _most;
    private readonly int _traffic;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    /// <summary>Begins.</summary>
    /// <param name="server">The server, which nobody else uses.</param>
    /// <param name="line">The line over which the sessions come.</param>
    /// <param name="database">The database.</param>
    /// <param name="seed">What decides upon the faults.</param>
    /// <param name="most">After how many faults it leaves the sessions alone.</param>
    /// <param name="traffic">How many bytes a session sends at most between two faults.</param>
    public PgMonkey(PgServer server, CutLine line, string database, int seed, int most, int traffic)
    {
        (_server, _line, _database, _random, _most, _traffic) = (server, line, database, new(seed), most, traffic);
        _work = Task.Factory.StartNew(Disturb, TaskCreationOptions.LongRunning);
    }

    /// <summary>How often each fault has happened.</summary>
    public Dictionary<PgFault, int> Faults { get; } = Enum.GetValues<PgFault>().ToDictionary(fault => fault, _ => 0);

    public void Dispose()
    {
        _end.Cancel();
        _work.Wait();
        _end.Dispose();
    }

    private void Disturb()
    {
        while (Faults.Values.Sum() < _most)
        {
            var next = _line.Bytes + _random.Next(_traffic);
            var fault = (PgFault)_random.Next(Faults.Count);
            var among = _random.Next(1 << 16);
            while (_line.Bytes < next)
            {
                if (_end.Token.WaitHandle.WaitOne(1))
                    return;
            }

            try
            {
                if (Happens(fault, among))
                    Faults[fault]++;
            }
            catch (NpgsqlException)
            {
                // The server is still away after the one before.
                Thread.Sleep(5);
            }
        }
    }

    private bool Happens(PgFault fault, int among)
    {
        switch (fault)
        {
            case PgFault.Terminated:
                _server.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}'");
                return true;
            case PgFault.Killed:
                var sessions = _server.Numbers($"SELECT pid FROM pg_stat_activity WHERE datname = '{_database}' ORDER BY pid");
                return sessions.Count > 0 && Kill(sessions[among % sessions.Count]);
            case PgFault.Restarted or PgFault.Crashed:
                _server.Restart(fault == PgFault.Crashed);
                return true;
            case PgFault.LinesCut:
                _line.CutAll();
                return true;
            default:
                _line.CutAt(PgStoreTests.Commit, arrives: fault == PgFault.AnswerOfCommitLost);
                while (!_line.IsCut)
                {
                    if (_end.Token.WaitHandle.WaitOne(1))
                        return false;
                }

                return true;
        }
    }

    private static bool Kill(int process)
    {
        try
        {
            Process.GetProcessById(process).Kill();
            return true;
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
            return false;
        }
    }
}
