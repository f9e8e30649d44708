using BenchmarkDotNet.Attributes;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Benchmarks;

/// <summary>The parts of an import that need no ledger, for a batch of calls: run with <c>--parts --filter *</c>.</summary>
[MemoryDiagnoser]
public class Parts
{
    private readonly UsageBatch _batch = new();
    private readonly UsageBatch _again = new();
    private readonly HashChain _chain = new();
    private readonly byte[] _hash = new byte[32];
    private string _file = string.Empty;

    [GlobalSetup]
    public void Begin()
    {
        _file = Path.GetTempFileName();
        UsageData.WriteUsage(_file, UsageBatch.Capacity, 1, new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var reader = UsageSource.Open(_file, UsageFormat.Auto);
        reader.Read(_batch);
    }

    [GlobalCleanup]
    public void End() => File.Delete(_file);

    /// <summary>Reads, splits and parses a file of one batch.</summary>
    [Benchmark(OperationsPerInvoke = UsageBatch.Capacity)]
    public int Read()
    {
        using var reader = UsageSource.Open(_file, UsageFormat.Auto);
        _again.Reset();
        reader.Read(_again);
        return _again.Count;
    }

    /// <summary>Classifies and prices the calls of a batch, without any rate sheet.</summary>
    [Benchmark(OperationsPerInvoke = UsageBatch.Capacity)]
    public int Price()
    {
        var pricing = new CallPricing("USD", null, PricingSource.Auto, new RateBook(1, [], _ => []), "US");
        foreach (ref var call in _batch.Calls)
            CallPricer.Price(_batch, ref call, pricing);
        return _batch.Count;
    }

    /// <summary>Advances a chain of entries.</summary>
    [Benchmark(OperationsPerInvoke = UsageBatch.Capacity)]
    public void Chain()
    {
        Span<byte> digest = stackalloc byte[UsageDigest.MostBytes];
        for (var i = 0; i < _batch.Count; i++)
        {
            _chain.Advance(
                _hash, new() { Sequence = i, Kind = CreditTransactionKind.Usage, EffectiveAt = _batch.Calls[i].StartedAt, Actor = "account@machine", Formula = LedgerEntry.NewestFormula, PostedAt = Instant.Earliest },
                digest, _hash);
        }
    }
}
