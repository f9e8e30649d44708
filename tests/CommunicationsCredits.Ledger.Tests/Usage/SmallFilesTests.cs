using System.Collections.Concurrent;
using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Ledger.Tests.Usage;

/// <summary>Many small files, which are imported several a commit: each comes to what it comes to by itself.</summary>
public sealed class SmallFilesTests
{
    private const int Tenants = 6;

    [Theory]
    [Trait("Rule", "U2")]
    [Trait("Rule", "U3")]
    [Trait("Rule", "U5")]
    [InlineData(1, ConflictAction.Error)]
    [InlineData(2, ConflictAction.Error)]
    [InlineData(3, ConflictAction.Skip)]
    [InlineData(4, ConflictAction.Correct)]
    [InlineData(5, ConflictAction.Correct)]
    public void Files_together_come_to_what_each_comes_to_by_itself(int seed, ConflictAction onConflict)
    {
        using var singly = OpenLedger();
        using var together = OpenLedger();
        var files = MakeFiles(new(seed));
        var options = new UsageImportOptions { OnConflict = onConflict };

        var expected = files.Select(file => Outcome(file, observer => singly.Session.Usage.Import(
            file.Tenant, file.Write(singly), options, observer, CancellationToken.None))).ToList();
        var outcomes = new List<string>();
        using (var imports = together.Session.Usage.ImportFiles(options, CancellationToken.None))
        {
            foreach (var file in files)
            {
                var path = file.Write(together);
                Assert.True(UsageFileImports.Takes(path, options));
                imports.Add(file.Tenant, path);
            }

            var taken = 0;
            foreach (var done in imports.Rest())
            {
                Assert.Equal((files[taken].Tenant, Path.GetFileName(files[taken].Name)), (done.TenantId, Path.GetFileName(done.Path)));
                outcomes.Add(Outcome(files[taken++], done.Take));
            }
        }

        for (var i = 0; i < expected.Count; i++)
            Assert.True(i < outcomes.Count && expected[i] == outcomes[i], $"seed {seed}, file {i}:\n{expected[i]}\n{outcomes.ElementAtOrDefault(i)}");
        Assert.Equal(expected.Count, outcomes.Count);
        Assert.Equal(Contents(singly), Contents(together));
        Assert.Empty(together.Verify());
    }

    [Fact]
    [Trait("Rule", "U2")]
    public void Whoever_posts_and_changes_rates_meanwhile_is_not_overwritten()
    {
        using var ledger = OpenLedger();
        using var other = ledger.Open();
        var options = new UsageImportOptions();
        var failures = new ConcurrentQueue<Exception>();
        var isOver = false;
        var added = 0;
        var posting = new Thread(() =>
        {
            try
            {
                for (; !Volatile.Read(ref isOver); added++)
                    other.Execute(new AddFunds(TenantOf(added % Tenants), 1m));
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        });
        posting.Start();
        const int files = 120, calls = 40;
        using (var imports = ledger.Session.Usage.ImportFiles(options, CancellationToken.None))
        {
            for (var i = 0; i < files; i++)
            {
                var file = i;
                imports.Add(TenantOf(i % Tenants), ledger.Folder.Write($"{i}.csv", Call.Csv([.. Enumerable.Range(0, calls).Select(
                    n => new Call { Id = $"{file}-{n}", Start = "2026-03-01T10:00:00Z" })])));
                if (i == files / 2)
                    ledger.AddRates("Prefix,Price / min,Destination Name,Country\n1,0.02,United States,US\n", from: "2026-02-01");
            }

            foreach (var done in imports.Rest())
                Assert.Equal(calls, done.Take(new RecordingObserver()).Imported);
        }

        Volatile.Write(ref isOver, true);
        posting.Join();
        Assert.Empty(failures);
        Assert.True(added > 0);
        Assert.Empty(ledger.Verify());
        var usage = Enumerable.Range(0, Tenants).SelectMany(tenant => ledger.Usage(TenantOf(tenant))).ToList();
        Assert.Equal(files * calls, usage.Select(record => record.RecordId).Distinct().Count());
        Assert.Equal(
            (100m * Tenants) + added - usage.Sum(record => record.Charge), Enumerable.Range(0, Tenants).Sum(tenant => ledger.Balance(tenant: TenantOf(tenant))));
    }

    [Fact]
    [Trait("Rule", "U7")]
    public void Stopped_and_begun_again_every_call_is_kept_once()
    {
        using var ledger = OpenLedger();
        var files = Enumerable.Range(0, 200).Select(i => (Tenant: TenantOf(i % Tenants), Path: ledger.Folder.Write(
            $"{i}.csv", Call.Csv([.. Enumerable.Range(0, 10).Select(n => Call.Paid($"{i}-{n}", "2026-03-01T10:00:00Z", 0.01m))])))).ToList();
        using var stop = new CancellationTokenSource();
        long first = 0;
        using (var imports = ledger.Session.Usage.ImportFiles(new(), stop.Token))
        {
            try
            {
                foreach (var (tenant, path) in files)
                {
                    imports.Add(tenant, path);
                    if (imports.TryTake() is { } done)
                    {
                        first += done.Take(new RecordingObserver()).Imported;
                        stop.Cancel();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // It was.
            }

            first += imports.Rest().Sum(done => done.Take(new RecordingObserver()).Imported);
        }

        Assert.Equal(first, KeptIn(ledger).Count);
        var second = files.Sum(file => ledger.ImportFile(file.Path, tenant: file.Tenant).Result.Imported);
        Assert.Equal(2000, first + second);
        Assert.Equal(2000, KeptIn(ledger).Distinct().Count());
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    public void What_is_accepted_is_imported_though_nobody_asks_what_it_came_to()
    {
        using var ledger = OpenLedger();
        using (var imports = ledger.Session.Usage.ImportFiles(new(), CancellationToken.None))
        {
            for (var i = 0; i < 20; i++)
                imports.Add(TenantOf(i % Tenants), ledger.Folder.Write($"{i}.csv", Call.Csv([Call.Paid($"{i}", "2026-03-01T10:00:00Z", 1m)])));
        }

        Assert.Equal(20, KeptIn(ledger).Count);
        Assert.Equal(20, ledger.Session.Usage.GetImports(TenantSelection.All).Count(import => import.Status == UsageImportStatus.Complete));
    }

    [Fact]
    public void A_preview_a_quarantine_and_a_large_or_missing_file_go_by_themselves()
    {
        using var folder = new TempFolder();
        var small = folder.Write("small.csv", Call.Csv([new() { Id = "a" }]));

        Assert.True(UsageFileImports.Takes(small, new()));
        Assert.False(UsageFileImports.Takes(small, new() { Preview = true }));
        Assert.False(UsageFileImports.Takes(small, new() { QuarantinePath = folder.File("refused.csv") }));
        Assert.False(UsageFileImports.Takes(folder.File("none.csv"), new()));
        Assert.False(UsageFileImports.Takes(folder.Write("large.csv", new string('x', (int)UsageFileImports.LargestFile + 1)), new()));
    }

    private static string TenantOf(int number) => string.Create(CultureInfo.InvariantCulture, $"tenant{number}.com");

    private static TestLedger OpenLedger()
    {
        var ledger = new TestLedger(contoso: false);
        ledger.AddRates();
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            ledger.AddTenant(TenantOf(tenant));
            ledger.AddFunds(100m, "2026-01-01", tenant: TenantOf(tenant));
        }

        return ledger;
    }

    private static List<string> KeptIn(TestLedger ledger) =>
        [.. Enumerable.Range(0, Tenants).SelectMany(tenant => ledger.Usage(TenantOf(tenant))).Select(record => record.RecordId)];

    /// <summary>Files that repeat and contradict each other, with bad lines, pages of Graph, a large one, and some that are no usage.</summary>
    private static List<SmallFile> MakeFiles(SeededRandom random)
    {
        var files = new List<SmallFile>();
        for (var i = 0; i < 60; i++)
        {
            // One more than there are.
            var tenant = TenantOf(random.Next(Tenants + (i % 10 == 0 ? 1 : 0)));
            var isLarge = i == 30;
            var calls = Enumerable.Range(0, isLarge ? 13_000 : random.Next(30)).Select(n => new Call
            {
                Id = isLarge ? $"large-{n}" : $"{random.Next(200)}",
                Start = $"2026-03-{1 + (n % 14):d2}T10:00:00Z",
                Seconds = random.Next(20) == 0 ? "no time" : "60",
                Charge = random.Next(3) == 0 ? string.Empty : $"0.0{random.Next(1, 3)}",
                To = random.Next(15) == 0 ? "+99912345678" : "+12065550100",
                User = $"u{random.Next(9)}@contoso.com",
            }).ToArray();
            var text = random.Next(12) switch
            {
                0 => "no usage at all",
                1 when !isLarge => Call.Json(calls),
                2 => Call.Csv(calls) + "\"an open quote",
                3 when !isLarge => $"{Call.Header}\n",
                _ => Call.Csv(calls),
            };
            files.Add(new($"usage-{i}.csv", tenant, text));
        }

        return files;
    }

    /// <summary>An import's result and its reports, without its folder.</summary>
    private static string Outcome(SmallFile file, Func<IUsageImportObserver, UsageImport> import)
    {
        var observer = new RecordingObserver();
        string result;
        try
        {
            result = InWords(import(observer));
        }
        catch (CreditException failure)
        {
            result = $"{failure.ErrorId} {failure.Message[^20..]}";
        }

        return $"{file.Name} {file.Tenant}: {result}\n{string.Join('\n', observer.Refusals.Select(refusal => refusal.Message))}"
            + $"\n{string.Join('\n', observer.Warnings)}\n{string.Join('\n', observer.Incomplete)}";
    }

    private static string InWords(UsageImport import) => string.Join(' ', import.Values());

    private static List<string> Contents(TestLedger ledger)
    {
        var contents = new List<string>();
        for (var i = 0; i < Tenants; i++)
        {
            var tenant = TenantOf(i);
            contents.Add($"{tenant} {ledger.Balance(tenant: tenant)} {string.Join(' ', ledger.Remaining(tenant))}");
            contents.AddRange(ledger.Entries(tenant).Select(entry => $"{entry.TransactionId} {entry.Kind} {entry.Amount} {entry.BalanceAfter} {entry.Description}"));
            contents.AddRange(ledger.Usage(tenant).Select(record => $"{record.RecordId} {record.ImportId} {record.Status} {record.Charge} {record.User}"));
        }

        contents.AddRange(ledger.Session.Usage.GetImports(TenantSelection.All).Select(InWords));
        return contents;
    }

    private sealed record SmallFile(string Name, string Tenant, string Text)
    {
        public string Write(TestLedger ledger) => ledger.Folder.Write(Name, Text);
    }
}
