using System.Collections.Concurrent;
using System.Text.Json;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>Runs suites in few PowerShells beside each other, each suite once, and keeps what became of each test.</summary>
internal static class PesterRun
{
    /// <summary>How the name of a suite's file ends.</summary>
    public const string Extension = ".Tests.ps1";

    private static readonly ConcurrentDictionary<string, TaskCompletionSource<PesterAnswer>> Answers = new(StringComparer.Ordinal);

    /// <summary>Starts the run of these tests.</summary>
    /// <returns>The suites in the order in which they are run: those with most tests first, so that no PowerShell ends long before another.</returns>
    public static IReadOnlyList<string> Begin(IEnumerable<PesterIt> tests)
    {
        var suites = tests.Where(it => it.Problem is null).GroupBy(it => it.Suite).OrderByDescending(suite => Weight(suite.Key))
            .ThenByDescending(suite => suite.Count()).ThenBy(suite => suite.Key, StringComparer.Ordinal).ToList();
        var queue = new ConcurrentQueue<PesterRequest>(suites.Select(suite => new PesterRequest(
            suite.Key, suite.Count() == PesterIt.All.Count(it => it.Suite == suite.Key) ? [] : [.. suite.Select(it => it.Line).Distinct()])));
        foreach (var suite in suites)
            Answers[suite.Key] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = Math.Min(suites.Count, Math.Clamp(Environment.ProcessorCount, 2, 3));
        for (var i = 0; i < workers; i++)
            new Thread(() => Work(queue)) { IsBackground = true, Name = "Pester" }.Start();
        return [.. suites.Select(suite => suite.Key)];
    }

    /// <summary>What became of a test, once its suite has run.</summary>
    public static async Task<PesterResult> ResultOf(PesterIt it, CancellationToken cancellation)
    {
        if (it.Problem is not null)
            return Failed(it, it.Problem);
        var answer = await Answers[it.Suite].Task.WaitAsync(cancellation);
        return answer.Results.FirstOrDefault(result => result.Number == it.Number)
            ?? Failed(it, answer.Problem.Length > 0 ? answer.Problem : "Its suite ran without it.");
    }

    private static void Work(ConcurrentQueue<PesterRequest> queue)
    {
        PesterWorker? worker = null;
        while (queue.TryDequeue(out var request))
        {
            try
            {
                worker ??= new();
                Answers[request.Suite].SetResult(worker.Run(request));
            }
            catch (Exception problem) when (problem is IOException or JsonException or InvalidOperationException or TimeoutException or System.ComponentModel.Win32Exception)
            {
                // A suite may bring its PowerShell down; the next one gets another.
                Answers[request.Suite].SetResult(new($"{problem.Message}\n{worker?.Output}", []));
                worker?.Dispose();
                worker = null;
            }
        }

        worker?.Dispose();
    }

    private static PesterResult Failed(PesterIt it, string problem) => new(it.Number, it.Name, 0, "Failed", problem, "");

    // Started first, since they take longest: they start PowerShells or wait for other programs.
    private static int Weight(string suite) => Path.GetFileName(suite).Split('.')[0] switch
    {
        "Documentation" => 3,
        "Send-CreditNotification" or "Concurrency" or "Module" or "Culture" or "Import-UsageRecord" => 2,
        _ => 1,
    };
}

/// <summary>What a PowerShell is asked for: a suite, and the lines of the tests that are to run (all of them where there is no line).</summary>
internal sealed record PesterRequest(string Suite, IReadOnlyList<int> Lines);

/// <summary>What a PowerShell answers.</summary>
/// <param name="Problem">Why the suite did not run.</param>
/// <param name="Results">What became of each test.</param>
internal sealed record PesterAnswer(string Problem, IReadOnlyList<PesterResult> Results);
