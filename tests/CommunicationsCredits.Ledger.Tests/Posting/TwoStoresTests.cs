using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>The same operations on a ledger in memory and on SQLite make the same entries, hash for hash.</summary>
public sealed class TwoStoresTests(ITestOutputHelper output) : IDisposable
{
    private const int Steps = 120;
    private const string Fabrikam = "fabrikam.com";

    private static readonly int FirstSeed =
        int.TryParse(Environment.GetEnvironmentVariable("LEDGER_STORES_SEED"), out var seed) ? seed : 1;

    private readonly TempFolder _folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(FirstSeed, 8)];

    [Theory, MemberData(nameof(Seeds))]
    public void Every_store_gets_the_same_postings(int seed)
    {
        output.WriteLine($"LEDGER_STORES_SEED={seed}");
        using var sqlite = SqliteStore.Open(_folder.File("ledger.db"), false);
        RuleLedger[] ledgers = [new(new MemoryStore()), new(sqlite)];
        foreach (var ledger in ledgers)
            ledger.Execute(new AddTenant(Fabrikam, new() { Currency = "EUR", Country = "DE", LowBalance = 5 }));
        var random = new SeededRandom(seed);
        var refused = 0;
        for (var step = 1; step <= Steps; step++)
        {
            var (what, act) = Next(random, step);
            var by = TimeSpan.FromMinutes(random.Chance(5) ? -90 : random.Chance(10) ? 60 * 24 * 40 : random.Next(600));
            var outcomes = ledgers.Select(ledger =>
            {
                ledger.Advance(by);
                return Outcome(() => act(ledger));
            }).ToList();

            Assert.True(outcomes[0] == outcomes[1], $"Seed {seed}, step {step}, {what}: {outcomes[0]} in memory, {outcomes[1]} in SQLite.");
            Assert.Equal(Describe(ledgers[0]), Describe(ledgers[1]));
            refused += outcomes[0].StartsWith("refused", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(refused, 1, Steps / 2);
        Assert.True(ledgers[0].State().Account.Sequence > Steps / 4, "Too little was posted to say anything.");
    }

    public void Dispose() => _folder.Dispose();

    private static (string What, Func<RuleLedger, object?> Act) Next(SeededRandom random, int step)
    {
        var tenant = random.Chance(70) ? RuleLedger.Contoso : Fabrikam;
        var amount = random.Next(1, 5000) / 100m;
        var preview = random.Chance(10);
        var key = random.Chance(30) ? $"key-{random.Next(6)}" : null;
        var (days, priority, sequence, minutes) = (random.Next(-5, 400), random.Next(3), random.Next(1, 3 * step), random.Next(60 * 24 * 60));
        switch (random.Next(11))
        {
            case 0 or 1:
                return ($"funds {amount}", ledger => ledger.Execute(
                    new AddFunds(tenant, amount)
                    {
                        ExpiresAt = ledger.Now.Add(TimeSpan.FromDays(days)).ToDateTimeOffset(),
                        Priority = priority,
                        IdempotencyKey = key,
                    },
                    preview));
            case 2:
                return ($"adjustment -{amount}", ledger => ledger.Execute(new AddAdjustment(tenant, -amount) { IdempotencyKey = key }, preview));
            case 3:
                return ($"undo of {sequence}", ledger => ledger.Execute(new UndoTransaction($"{tenant}/{sequence}") { IdempotencyKey = key }, preview));
            case 4:
                return ($"undo of import {1 + (sequence / 8)}", ledger =>
                    ledger.Decider.Decide(new UndoImport($"{tenant}/I{1 + (sequence / 8)}", "wrong file"), preview).Result);
            case 5:
                return ("maintenance", ledger => ledger.Execute(new MaintainTenant(tenant), preview));
            case 6:
                return ($"rule below {priority * 10}", ledger => ledger.Execute(
                    new SetRechargeRule(tenant)
                    {
                        MinimumBalance = priority * 10,
                        RechargeAmount = days % 2 == 0 ? amount : null,
                        TargetBalance = days % 2 == 0 ? null : (priority * 10) + amount,
                        MaximumPerDay = key is null ? null : amount * 3,
                    },
                    preview));
            case 7:
                return ("pool", ledger => ledger.Execute(
                    new SetPool(tenant, "MCOPSTN1") { Licenses = priority, MinutesPerLicense = 10, InternationalMinutesPerLicense = 5 }, preview));
            case 8:
                return ("batch", ledger =>
                {
                    LedgerOperation<CreditFunds>[] batch =
                    [
                        new AddFunds(tenant, amount), new AddFunds(tenant, amount + 1) { Priority = -1 }, new AddFunds("nobody.com", 1),
                        new AddFunds(Fabrikam, amount),
                    ];
                    return string.Join(' ', ledger.Decider.Decide(batch, preview).Select(one => one.Error?.ErrorId.ToString() ?? one.Result!.FundsId));
                });
            default:
                var call = new Call
                {
                    Id = $"call-{(random.Chance(15) ? random.Next(step) : step)}",
                    Charge = random.Chance(15) ? "0" : (amount / 10).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Seconds = $"{random.Next(1, 900)}",
                    Capability = random.Chance(50) ? "MCOPSTN1" : "MCOPSTNPP",
                    Context = random.Chance(50) ? "Domestic" : "International",
                    Currency = tenant == Fabrikam ? "EUR" : "USD",
                    Country = tenant == Fabrikam ? "DE" : "US",
                };
                return ($"call {call.Id}", ledger =>
                {
                    var start = ledger.Now.Add(TimeSpan.FromMinutes(-minutes)).ToString();
                    return ledger.Execute(new PostCall(ledger.Store, tenant, call with { Start = start }), preview);
                });
        }
    }

    private static string Outcome(Func<object?> act)
    {
        try
        {
            return $"{act()}";
        }
        catch (CreditException refusal)
        {
            return $"refused: {refusal.ErrorId} {refusal.Message}";
        }
    }

    /// <summary>All that the next decision could be made upon.</summary>
    private static string Describe(RuleLedger ledger)
    {
        using var facts = ledger.Store.BeginFacts();
        var head = facts.LedgerHead();
        return string.Join('\n', new[] { $"{head.Sequence} {RuleLedger.Sha(head.Hash)} {head.Tenants}" }.Concat(
            new[] { RuleLedger.Contoso, Fabrikam }.SelectMany(tenant => Describe(ledger.State(tenant)))));
    }

    private static IEnumerable<string> Describe(TenantState state)
    {
        yield return $"{state.Account with { Hash = [] }} {RuleLedger.Sha(state.Account.Hash)}";
        yield return $"{state.Tenant with { NotificationEmail = [] }} {state.Rule} {state.LastAttemptAt}";
        foreach (var lot in state.Lots.Concat(state.SpentLots.Values.OrderBy(lot => lot.Number)))
            yield return $"lot {lot.Number}: {lot.Remaining} of {lot.Amount}, {lot.Forfeited}, {lot.Reversed}, {lot.ExpiresAt}, {lot.Priority}, {lot.Entry}";
        foreach (var debt in state.Debts!)
            yield return $"{debt}";
        foreach (var attempt in state.Attempts.Values.OrderBy(attempt => attempt.Number))
            yield return $"{attempt}";
        foreach (var setting in state.PoolSettings)
            yield return $"{setting}";
        foreach (var mark in state.Notified.OrderBy(mark => mark.Kind).ThenBy(mark => mark.Subject, StringComparer.Ordinal))
            yield return $"{mark}";
    }
}
