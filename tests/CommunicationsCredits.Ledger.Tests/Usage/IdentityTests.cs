using System.Globalization;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Usage;

/// <summary>A call is known again whatever happened to the ledger since, with its identity in the index or not yet (U2, U3).</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "U2")]
    public void A_file_is_known_again_where_the_import_was_killed_before_its_identities_were_indexed()
    {
        var file = Call.Csv(Calls(0, 500));
        _ledger.Import(file);
        foreach (var record in (long[])[0, 1, 250, 499])
        {
            Unindex(record);
            Assert.Empty(_ledger.Verify());

            _ledger.Reopen();
            var again = _ledger.Import(file).Result;

            Assert.Equal((500, 0), (again.Duplicate, again.Imported));
            Assert.Equal((500, 500), Indexed());
        }
    }

    [Fact]
    [Trait("Rule", "U2")]
    public void A_record_is_found_by_its_id_before_its_identity_is_indexed()
    {
        _ledger.Import(Calls(0, 5));
        Unindex(2);

        foreach (var id in (string[])["call-0", "call-4"])
            Assert.Equal(id, Assert.Single(_ledger.Session.Usage.GetRecords(TenantSelection.All, new() { RecordIds = [id] })).RecordId);
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void A_correction_of_a_call_that_is_not_indexed_yet_is_the_one_that_is_known_from_then_on() => KnowsCorrections(_ledger, Unindex);

    [Fact]
    [Trait("Rule", "C1")]
    public void An_undo_in_between_changes_nothing_about_what_is_known() => KnowsWhatWasUndone(_ledger, Unindex);

    [Theory]
    [Trait("Rule", "U6")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Two_imports_of_one_file_at_once_keep_each_call_once(bool indexed) => KeepsEachCallOnce(_ledger, () =>
    {
        if (!indexed)
            Unindex(0);
    });

    [Fact]
    [Trait("Rule", "U2")]
    public void Whatever_came_before_the_newest_record_of_an_identity_is_found() => FindsTheNewest(_ledger, random =>
    {
        if (random.Chance(30))
            Unindex(random.Next((int)Indexed().Records + 1));
    });

    [Fact]
    public void A_filter_forgets_nothing_and_seldom_takes_one_identity_for_another()
    {
        var filter = new KeyFilter();
        const int count = 100_000;
        for (uint key = 0; key < count; key++)
            filter.Add(new UInt128(key, 7));

        for (uint key = 0; key < count; key++)
            Assert.True(filter.MayContain(new UInt128(key, 7)));
        Assert.InRange(Enumerable.Range(count, count).Count(key => filter.MayContain(new UInt128((ulong)key, 7))), 0, count / 20);
    }

    [Fact]
    [Trait("Rule", "H1")]
    public void Verification_names_an_index_that_knows_of_records_that_there_are_not()
    {
        _ledger.Import(Calls(0, 5));
        using (var raw = new SqliteStoreConnection(_ledger.File, readOnly: false))
            raw.Execute("UPDATE usage_keyed SET record = 6");

        Assert.Equal("U2", Assert.Single(_ledger.Verify()).Rule);
    }

    public void Dispose() => _ledger.Dispose();

    /// <summary>What is corrected is known as corrected, whatever store it is in.</summary>
    /// <param name="ledger">A ledger with nothing in it but a tenant.</param>
    /// <param name="unindex">Takes the identities of the records after one out of the index, where the store has one apart.</param>
    internal static void KnowsCorrections(TestLedger ledger, Action<long> unindex)
    {
        var calls = Calls(0, 20);
        ledger.Import(calls);
        unindex(5);
        var corrected = calls.Select(call => call with { Charge = "2.00" }).ToArray();

        Assert.Equal(20, ledger.Import(Call.Csv(corrected), ConflictAction.Correct).Result.Imported);
        unindex(25);

        Assert.Equal(20, ledger.Import(corrected).Result.Duplicate);
        Assert.Equal(20, ledger.Import(calls).Rejections.Count());
        Assert.Equal(-40m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    /// <inheritdoc cref="KnowsCorrections"/>
    internal static void KnowsWhatWasUndone(TestLedger ledger, Action<long> unindex)
    {
        var calls = Calls(0, 30);
        var import = ledger.Import(calls).Result;
        unindex(10);
        ledger.Session.Execute(new UndoImport(import.ImportId, null));
        unindex(10);

        Assert.Equal(30, ledger.Import(calls).Result.Duplicate);
        Assert.Equal(30, ledger.Import(Call.Csv(calls), ConflictAction.Correct).Result.Imported);
        Assert.Equal(30, ledger.Import(calls).Result.Duplicate);
        Assert.Equal(-30m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    /// <summary>Two sessions import one file at once, of which some calls are known.</summary>
    /// <param name="ledger">A ledger with nothing in it but a tenant.</param>
    /// <param name="before">Is run before they begin.</param>
    internal static async Task KeepsEachCallOnce(TestLedger ledger, Action before)
    {
        const int known = 3_000;
        const int count = (2 * UsageBatch.Capacity) + 1_000;
        ledger.Import(Calls(0, known));
        before();
        var file = ledger.Folder.Write("both.csv", Call.Csv(Calls(known - 100, count)));
        using var other = ledger.Open();

        var imports = await Task.WhenAll(
            Task.Run(() => ledger.Session.Usage.Import(TestLedger.Contoso, file, new(), new RecordingObserver(), CancellationToken.None)),
            Task.Run(() => other.Usage.Import(TestLedger.Contoso, file, new(), new RecordingObserver(), CancellationToken.None)));

        Assert.Equal(count - 100, imports.Sum(import => import.Imported));
        Assert.Equal(count + 100, imports.Sum(import => import.Duplicate));
        Assert.Equal(-(known + count - 100), ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    /// <summary>Two sessions import what overlaps and contradicts itself, step by step.</summary>
    /// <param name="ledger">A ledger with nothing in it but a tenant.</param>
    /// <param name="disturb">Is run between the steps.</param>
    internal static void FindsTheNewest(TestLedger ledger, Action<SeededRandom> disturb)
    {
        var seed = Environment.TickCount;
        var random = new SeededRandom(seed);
        using var other = ledger.Open();
        var expected = new Dictionary<string, decimal>();
        for (var step = 0; step < 60; step++)
        {
            var session = random.Chance(50) ? ledger.Session : other;
            var calls = Calls(random.Next(200), 1 + random.Next(80)).Select(call => call with { Charge = $"{1 + random.Next(2)}.00" }).ToList();
            var file = ledger.Folder.Write($"step-{step}.csv", Call.Csv(calls));
            var action = random.Pick([ConflictAction.Correct, ConflictAction.Skip, ConflictAction.Error]);
            session.Usage.Import(TestLedger.Contoso, file, new() { OnConflict = action }, new RecordingObserver(), CancellationToken.None);
            foreach (var call in calls)
            {
                if (action == ConflictAction.Correct || !expected.ContainsKey(call.Id))
                    expected[call.Id] = decimal.Parse(call.Charge, CultureInfo.InvariantCulture);
            }

            disturb(random);
            if (random.Chance(20))
                ledger.Reopen();
            Assert.True(ledger.Balance() == -expected.Values.Sum(), $"step {step} of seed {seed}");
        }

        Assert.Empty(ledger.Verify());
    }

    internal static Call[] Calls(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => Call.Paid($"call-{i}", "2026-03-01T00:00:00Z", 1m))];

    /// <summary>Leaves the ledger as an import does that is killed once it has kept so many records and indexed none after that one.</summary>
    private void Unindex(long record)
    {
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);
        raw.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            BEGIN IMMEDIATE;
            DELETE FROM usage_key WHERE record > {record} AND NOT EXISTS (
                SELECT 1 FROM usage u WHERE u.tenant = usage_key.tenant AND u.key = usage_key.key AND u.record <= {record});
            UPDATE usage_keyed SET record = min(record, {record});
            COMMIT
            """));
    }

    private (long Indexed, long Records) Indexed()
    {
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: true);
        return (raw.Scalar("SELECT record FROM usage_keyed") ?? 0, raw.Scalar("SELECT records FROM account") ?? 0);
    }
}
