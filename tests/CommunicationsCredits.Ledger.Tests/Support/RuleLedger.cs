using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Corrections;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>Operations on a store, with a clock that the test sets and no session, machine or gateway about it.</summary>
internal sealed class RuleLedger
{
    public const string Contoso = "contoso.com";

    public RuleLedger(ILedgerStore store, string now = "2026-03-15T12:00:00Z", bool contoso = true)
    {
        Store = store;
        SetClock(now);
        var means = new NoMeans();
        Decider = new(
            store, () => new("tester@machine", Now),
            (tenant, trigger, at) => new EvaluateRecharge(tenant, trigger, means, at), Encoding.UTF8.GetBytes, () => { });
        if (contoso)
            Execute(new AddTenant(Contoso, new()));
    }

    public ILedgerStore Store { get; }

    public Decider Decider { get; }

    public Instant Now { get; private set; }

    public static DateTimeOffset At(string text) => Instant.Parse(text).ToDateTimeOffset();

    public void SetClock(string now) => Now = Instant.Parse(now);

    public void Advance(TimeSpan by) => Now = Now.Add(by);

    public T Execute<T>(LedgerOperation<T> operation, bool preview = false) => Decider.Decide(operation, preview).Result!;

    public CreditFunds AddFunds(decimal amount, string? expiresAt = null, int? priority = null, string? purchasedAt = null) =>
        Execute(new AddFunds(Contoso, amount)
        {
            ExpiresAt = expiresAt is null ? null : At(expiresAt),
            PurchasedAt = purchasedAt is null ? null : At(purchasedAt),
            Priority = priority,
        });

    /// <summary>Posts a call with its own charge, as an import of one record.</summary>
    public Decided<long> Post(string id, decimal charge, string? start = null) =>
        Decider.Decide(new PostCall(Store, Contoso, Call.Paid(id, start is null ? Now.ToDateTimeOffset() : At(start), charge)));

    /// <summary>What is known of a tenant: all debts, and all lots, those that are spent aside.</summary>
    public TenantState State(string tenant = Contoso)
    {
        using var facts = Store.BeginFacts();
        return facts.Load([Needs.Of(tenant) with { Debts = new Amount(long.MaxValue), AllLots = true, AttemptsSince = Instant.Earliest }])[0]!;
    }

    /// <summary>What has not been drawn, by the lot's number.</summary>
    public decimal[] Remaining(string tenant = Contoso)
    {
        var state = State(tenant);
        return [.. state.Lots.Concat(state.SpentLots.Values).OrderBy(lot => lot.Number).Select(lot => lot.Remaining.ToDecimal())];
    }

    /// <summary>The balance now (F8).</summary>
    public decimal Balance(string tenant = Contoso)
    {
        var state = State(tenant);
        return Ledger.Funds.BalanceRules.Now(state.Account.Balance, state.Lots, Now).ToDecimal();
    }

    public static string Sha(byte[] hash) => Convert.ToHexString(hash);

    /// <summary>A machine that knows no gateway and whose keys count.</summary>
    private sealed class NoMeans : IRechargeMeans
    {
        private int _keys;

        public string GatewayNamed(string name) => throw new CreditException(CreditErrorId.GatewayNotFound, $"No gateway '{name}'.", name);

        public byte[]? Reveal(ReadOnlySpan<byte> sealedContent) => sealedContent.ToArray();

        public byte[] Seal(ReadOnlySpan<byte> content) => content.ToArray();

        public string NewKey() => $"key-{++_keys}";

        public byte[] Request(
            string tenantId, string attemptId, string idempotencyKey, string amount, string currency, PaymentMethod method, string? token) =>
            Encoding.UTF8.GetBytes($"{attemptId} {idempotencyKey} {amount} {currency}");
    }
}

/// <summary>Posts one call by its own charge, as the import of a file of one line does; its salt is its key, so that hashes repeat.</summary>
internal sealed class PostCall(ILedgerStore store, string tenantId, Call call) : LedgerOperation<long>
{
    private static readonly ILookup<long, DrawRow> NoDraws = Array.Empty<DrawRow>().ToLookup(draw => draw.Entry);

    internal override bool LowersBalance => true;

    internal override Needs Needs
    {
        get
        {
            var month = Month.Of(Instant.From(RuleLedger.At(call.Start)));
            return Needs.Of(tenantId) with { PoolMonths = (month, month), Use = (month, month) };
        }
    }

    internal override long Decide(Draft draft)
    {
        var batch = new UsageBatch { Format = UsageFormat.TeamsPstnCsv };
        var (text, read) = call.Read();
        batch.Append(text.Text.AsSpan(0, text.TextLength));
        ref var one = ref batch.Add();
        one = read;
        var tenant = draft.Tenant;
        CallPricer.Price(batch, ref one, new(tenant.Currency, tenant.AccountFrom, PricingSource.Auto, new RateBook(0, [], _ => []), tenant.Country));
        one.Salt = one.Key;
        one.Formula = LedgerEntry.NewestFormula;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        UsageDigest.Content(new(), batch, one, digest);
        one.Content = batch.Append(digest);

        var known = new KnownRecords(withCharges: true);
        using (var facts = store.BeginFacts())
            known.Find(facts, tenant.Number, batch, draft.Account.Records + 1);
        var tally = new ImportTally { Source = call.Id, Format = batch.Format, StartedAt = draft.Now, Actor = draft.Actor };
        new ImportDecision(known, ConflictAction.Error).Decide(draft, batch, NoDraws, tally);
        draft.Finish();
        tally.Status = UsageImportStatus.Complete;
        ImportEntry.Append(draft, tally, $"Imported {call.Id}");
        return batch.Calls[0].Sequence;
    }
}
