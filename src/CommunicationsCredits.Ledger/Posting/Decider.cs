using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What came of an operation: a result or an error, and what else its posting did.</summary>
/// <typeparam name="T">The result's type.</typeparam>
internal sealed class Decided<T>
{
    /// <summary>The result, where there is no error.</summary>
    public T? Result { get; set; }

    /// <summary>Why nothing was posted, or null.</summary>
    public CreditException? Error { get; set; }

    /// <summary>The tenant as it is afterwards; null where it is not in the ledger.</summary>
    public Tenant? Tenant { get; set; }

    /// <summary>The attempt that is open afterwards, or null.</summary>
    public Attempt? OpenAttempt { get; set; }

    /// <summary>The attempt that the evaluation after the posting made or refused (R8), or null.</summary>
    public Attempt? Recharge { get; set; }

    /// <summary>Why no recharge was started though one is wanted, or null.</summary>
    public CreditException? RechargeProblem { get; set; }

    /// <summary>What the posting notified.</summary>
    public IReadOnlyList<Notifications.Notification> Notified { get; set; } = [];
}

/// <summary>
/// Loads what operations need, lets them decide one after another in memory, and writes what they decided as one commit. Where
/// somebody else was faster with one of the tenants, all is decided again, under the locks, from what is there now.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="context">Who posts, and when: asked anew for each decision.</param>
/// <param name="evaluate">The evaluation of a tenant's rule, which follows every posting that lowers its balance (R8).</param>
/// <param name="seal">Makes a text unreadable to all but this machine.</param>
/// <param name="leaveNoTrace">Empties what the store keeps of deleted content (C4).</param>
internal sealed class Decider(
    ILedgerStore store,
    Func<PostingContext> context,
    Func<string, RechargeTrigger, Instant, LedgerOperation<Attempt?>> evaluate,
    Func<string, byte[]> seal,
    Action leaveNoTrace)
{
    private static readonly ILookup<long, DrawRow> NoDraws = Array.Empty<DrawRow>().ToLookup(draw => draw.Entry);

    /// <summary>Who posts, and when: asked anew each time.</summary>
    public PostingContext Context => context();

    /// <summary>Decides on one operation and writes it.</summary>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public Decided<T> Decide<T>(LedgerOperation<T> operation, bool preview = false)
    {
        var decided = Decide([operation], preview)[0];
        return decided.Error is null ? decided : throw decided.Error;
    }

    /// <summary>Decides on operations in their order and writes them as one commit; one that is refused changes nothing.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="preview">Whether nothing is written: no lock is taken.</param>
    /// <param name="endsAtRefusal">Whether nothing after a refused operation is decided.</param>
    /// <returns>What came of each; of those after a refusal that ends the work, nothing.</returns>
    public IReadOnlyList<Decided<T>> Decide<T>(IReadOnlyList<LedgerOperation<T>> operations, bool preview, bool endsAtRefusal = false)
    {
        foreach (var operation in operations)
            operation.Seal(seal);

        var round = store.RunUnit(() => DecideOnce(operations, preview, endsAtRefusal));
        if (!preview && round.Postings.Any(posting => posting.Effects.HasFlag(Effects.LeaveNoTrace)))
            leaveNoTrace();
        return round.Outcomes;
    }

    private Round<T> DecideOnce<T>(IReadOnlyList<LedgerOperation<T>> operations, bool preview, bool endsAtRefusal)
    {
        var round = new Round<T>(this, operations, endsAtRefusal);
        if (preview)
        {
            using var facts = store.BeginFacts();
            round.Decide(facts, facts.LedgerHead());
            return round;
        }

        var isLedgers = operations.Any(operation => operation.ChangesLedger);
        var underLock = operations.Any(operation => operation.DecidesUnderLock);
        if (!underLock)
        {
            using (var facts = store.BeginFacts())
                round.Decide(facts, null);
            if (round.Postings.Count == 0)
                return round;
        }

        using var write = store.BeginWrite(underLock ? LoadTenants(round) : round.Tenants);

        // Whoever was overtaken once decides under the lock, so that nobody starves.
        if (underLock || round.Postings.Any(posting => !IsCurrent(write, posting)))
        {
            round = new(this, operations, endsAtRefusal);
            round.Decide(write, isLedgers ? write.LockLedger() : null);
        }

        foreach (var posting in round.Postings)
            write.Write(posting);
        if (round.Ledger is { Entries.Count: > 0 } ledger)
            write.Write(ledger);
        write.Commit();
        return round;
    }

    /// <summary>Decides on a change of the ledger as a whole and writes it.</summary>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Decide<T>(LedgerWideOperation<T> operation, bool preview) => store.RunUnit(() => DecideOnce(operation, preview));

    private T DecideOnce<T>(LedgerWideOperation<T> operation, bool preview)
    {
        if (preview)
        {
            using var facts = store.BeginFacts();
            return operation.Decide(new(facts, facts.LedgerHead(), context()));
        }

        using var write = store.BeginWrite([]);
        var draft = new LedgerDraft(write, write.LockLedger(), context());
        var result = operation.Decide(draft);
        if (draft.Posting.Entries.Count > 0)
        {
            write.Write(draft.Posting);
            write.Commit();
        }

        return result;
    }

    /// <summary>Decides on an operation part by part, and writes the parts.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is written.</param>
    /// <param name="isStopped">Is asked between parts that are committed each by itself whether no more are wanted.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public Decided<T> Decide<T>(PartedOperation<T> operation, bool preview, Func<bool>? isStopped = null)
    {
        var isKept = false;
        return store.RunUnit(() => DecideOnce(operation, preview, isStopped, ref isKept));
    }

    private Decided<T> DecideOnce<T>(PartedOperation<T> operation, bool preview, Func<bool>? isStopped, ref bool isKept)
    {
        var needs = operation.Needs;
        var batch = new UsageBatch();
        var decided = new Decided<T>();
        IStoreWrite? write = null;
        ILedgerRead? facts = store.BeginFacts();
        try
        {
            var state = facts.Load([needs])[0] ?? throw operation.NotFound(needs.TenantId);
            if (!preview)
            {
                facts.Dispose();
                facts = null;
                write = store.BeginWrite([state.Tenant.Number]);
                state = write.Load([needs])[0] ?? throw operation.NotFound(needs.TenantId);
            }

            if (isKept)
                operation.GoOn(state);
            else
                operation.Begin(state);
            var traces = false;
            var notified = new List<Notifications.Notification>();
            while (operation.NextPage is { } page && isStopped?.Invoke() != true)
            {
                ILedgerFacts from = (ILedgerFacts?)write ?? facts!;
                batch.Reset();
                from.LoadPage(state.Tenant.Number, page, batch);
                if (batch.Count == 0)
                    break;
                operation.Load(from, state.Tenant.Number, batch);
                if (operation.More(state, batch) is { } more)
                    from.LoadMore([(state, more)]);
                var draws = page.WithDraws ? from.LoadDraws(state.Tenant.Number, [.. Sequences(batch)]) : NoDraws;
                var draft = new Draft(state, context());
                operation.Decide(draft, batch, draws);
                var posting = draft.Accept(null);
                traces |= posting.Effects.HasFlag(Effects.LeaveNoTrace);
                notified.AddRange(posting.Notifications.Values);
                write?.Write(posting);
                Forget(state);
                if (write is not null && operation.CommitsParts)
                {
                    write.Commit();
                    operation.Keep();
                    isKept = true;
                    write.Dispose();
                    write = store.BeginWrite([state.Tenant.Number]);
                    if (write.HeadOf(state.Tenant.Number)?.IsAt(state.Account) != true)
                        state = write.Load([needs])[0] ?? throw operation.NotFound(needs.TenantId);
                }
            }

            var ending = context();
            operation.LoadEnd((ILedgerFacts?)write ?? facts!, state, ending.Now);
            var last = new Draft(state, ending);
            decided.Result = operation.End(last);
            TenantPosting? ended = last.Accept(null);
            traces |= ended.Effects.HasFlag(Effects.LeaveNoTrace);
            if (operation.LowersBalance)
                Recharge((ILedgerFacts?)write ?? facts!, state, ref ended, decided);
            decided.Tenant = state.Tenant;
            decided.OpenAttempt = state.OpenAttempt;
            decided.Notified = [.. notified, .. ended!.Notifications.Values];
            write?.Write(ended);
            write?.Commit();
            if (traces && write is not null)
            {
                write.Dispose();
                write = null;
                leaveNoTrace();
            }

            return decided;
        }
        finally
        {
            facts?.Dispose();
            write?.Dispose();
        }
    }

    /// <summary>Whether a decision was made upon what is there.</summary>
    public static bool IsCurrent(IStoreWrite write, TenantPosting posting) =>
        (posting.Before is null || write.HeadOf(posting.Tenant.Number)?.IsAt(posting.Before) == true)
        && (posting.RateVersion is null || posting.RateVersion == write.RateVersion);

    /// <summary>Evaluates a tenant's rule after what was decided, in the same posting (R8).</summary>
    public void Recharge<T>(
        ILedgerFacts from, TenantState state, ref TenantPosting? posting, Decided<T> decided, RechargeTrigger trigger = RechargeTrigger.Posting)
    {
        var now = context();
        var evaluation = evaluate(state.Tenant.Id, trigger, now.Now);
        try
        {
            from.LoadMore([(state, evaluation.Needs)]);
            if (evaluation.More(state, now.Now) is { } more)
                from.LoadMore([(state, more)]);
            var draft = new Draft(state, now);
            decided.Recharge = evaluation.Decide(draft);
            if (draft.HasChanges)
                posting = draft.Accept(posting);
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            // That it cannot be asked from this machine is no error of the posting; the next run elsewhere makes up for it.
            decided.RechargeProblem = problem;
        }
    }

    private IReadOnlyCollection<long> LoadTenants<T>(Round<T> round)
    {
        using var facts = store.BeginFacts();
        return round.LoadTenants(facts);
    }

    private static IEnumerable<long> Sequences(UsageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var (sequence, isPaidByOne) = SequenceOf(batch, i);
            if (sequence != 0 && !isPaidByOne)
                yield return sequence;
        }
    }

    private static (long Sequence, bool IsPaidByOne) SequenceOf(UsageBatch batch, int i)
    {
        ref readonly var call = ref batch.Calls[i];
        return (call.Sequence, call.Lot is not null || call.Charge == Amount.Zero);
    }

    /// <summary>Forgets what was loaded for one part: the next one asks anew, and sees what was written.</summary>
    private static void Forget(TenantState state)
    {
        state.Entries.Clear();
        state.Debts = null;
        state.ChangedDebts.Clear();
    }

    /// <summary>One go at a list of operations.</summary>
    private sealed class Round<T>(Decider decider, IReadOnlyList<LedgerOperation<T>> operations, bool endsAtRefusal)
    {
        private readonly Dictionary<string, TenantState?> _states = [];
        private readonly Dictionary<TenantState, TenantPosting> _postings = [];
        private ILedgerFacts? _from;
        private HashSet<string>? _names;
        private IReadOnlyList<Tenant> _named = [];
        private readonly Needs?[] _needs = new Needs?[operations.Count];

        /// <summary>What came of each operation that was carried out.</summary>
        public Decided<T>[] Outcomes { get; private set; } = [.. operations.Select(_ => new Decided<T>())];

        public IReadOnlyCollection<TenantPosting> Postings => _postings.Values;

        public IReadOnlyCollection<long> Tenants =>
            [.. Postings.Where(posting => posting.Before is not null).Select(posting => posting.Tenant.Number)];

        public LedgerPosting? Ledger { get; private set; }

        /// <summary>The numbers of the tenants that the operations are about, as far as they are known.</summary>
        public IReadOnlyCollection<long> LoadTenants(ILedgerFacts from)
        {
            Load(from);
            return [.. _states.Values.OfType<TenantState>().Select(state => state.Tenant.Number)];
        }

        public void Decide(ILedgerFacts from, LedgerHead? head)
        {
            _from = from;
            _names = null;
            if (head is not null)
                Ledger = new(head);
            Load(from);
            var toRecharge = new Dictionary<TenantState, int>();
            for (var i = 0; i < Outcomes.Length; i++)
            {
                if (endsAtRefusal && i > 0 && Outcomes[i - 1].Error is not null)
                {
                    Outcomes = Outcomes[..i];
                    break;
                }

                if (_needs[i] is not { } needs)
                    continue;
                try
                {
                    Decide(operations[i], Outcomes[i], needs);
                    if (operations[i].Evaluates is not null)
                        toRecharge[_states[Tenant.KeyOf(needs.TenantId)]!] = i;
                }
                catch (CreditException error) when (!error.ErrorId.EndsTheLedger())
                {
                    Outcomes[i].Error = error;
                }
                catch (Exception unforeseen) when (unforeseen is OverflowException or ArgumentOutOfRangeException)
                {
                    // One record's failure never undoes another's, whatever it is.
                    Outcomes[i].Error = LedgerErrors.OutOfRange(needs.TenantId, unforeseen);
                }
            }

            foreach (var (state, i) in toRecharge)
            {
                var posting = _postings.GetValueOrDefault(state);
                decider.Recharge(from, state, ref posting, Outcomes[i], operations[i].Evaluates!.Value);
                if (posting is not null)
                    _postings[state] = posting;
            }

            for (var i = 0; i < Outcomes.Length; i++)
            {
                if (_needs[i] is { } needs && _states.GetValueOrDefault(Tenant.KeyOf(needs.TenantId)) is { } state)
                {
                    Outcomes[i].Tenant = state.Tenant;
                    Outcomes[i].OpenAttempt = state.OpenAttempt;
                    if (_postings.TryGetValue(state, out var posting))
                        Outcomes[i].Notified = [.. posting.Notifications.Values];
                }
            }
        }

        private void Decide(LedgerOperation<T> operation, Decided<T> outcome, Needs needs)
        {
            var key = Tenant.KeyOf(needs.TenantId);
            var state = _states[key];
            if (operation.AddsTenant && state is not null)
                throw LedgerErrors.TenantExists(state.Tenant.Id);
            var draft = operation.AddsTenant
                ? new Draft(NewState(needs.TenantId), decider.Context, isNew: true) { TenantsCalled = TenantsCalled }
                : new Draft(state ?? throw operation.NotFound(needs.TenantId), decider.Context) { TenantsCalled = TenantsCalled };
            outcome.Result = operation.Decide(draft);
            _states[key] = state = draft.State;
            if (operation.AddsTenant)
                Ledger!.NextTenant();
            if (draft.HasChanges)
                _postings[state] = draft.Accept(_postings.GetValueOrDefault(state));
            foreach (var change in draft.ForLedger)
                Ledger!.Append(change, decider.Context);
            if (draft.Tenant.RemovedAt is not null)
                _states[key] = null;
        }

        /// <summary>The tenants called something, as they are after what was decided so far.</summary>
        private IEnumerable<Tenant> TenantsCalled(string text)
        {
            var decided = _postings.Values.Select(posting => posting.Tenant);
            return StoredCalled(text).Where(tenant => decided.All(other => other.Number != tenant.Number)).Concat(decided)
                .Where(tenant => tenant.RemovedAt is null && tenant.IsCalled(text));
        }

        /// <summary>The stored tenants that may be called something: those that any of the operations may ask for are read at once.</summary>
        private IEnumerable<Tenant> StoredCalled(string text)
        {
            if (_names is null)
            {
                _names = new(operations.SelectMany(operation => operation.Names).Append(text), StringComparer.OrdinalIgnoreCase);
                _named = _from!.TenantsCalled(_names);
            }

            return _names.Contains(text) ? _named : _from!.TenantsCalled([text]);
        }

        private TenantState NewState(string id) => new()
        {
            Tenant = new()
            {
                Number = Ledger!.After.Tenants + 1,
                Id = id,
                Name = id,
                Currency = "USD",
                Country = "US",
                NotificationEmail = [],
                LowBalance = null,
                AccountFrom = null,
                Status = CreditTenantStatus.Active,
                CreatedAt = decider.Context.Now,
            },
            Account = new(),
            Lots = [],
            Debts = [],
            PaymentMethods = new(StringComparer.OrdinalIgnoreCase),
        };

        private void Load(ILedgerFacts from)
        {
            _states.Clear();
            var merged = new Dictionary<string, Needs>();
            for (var i = 0; i < operations.Count; i++)
            {
                try
                {
                    var needs = _needs[i] = operations[i].Needs;
                    var key = Tenant.KeyOf(needs.TenantId);
                    merged[key] = merged.TryGetValue(key, out var others) ? others.With(needs) : needs;
                }
                catch (CreditException refusal)
                {
                    Outcomes[i].Error = refusal;
                }
            }

            var keys = merged.Keys.ToList();
            var states = from.Load([.. merged.Values]);
            for (var i = 0; i < keys.Count; i++)
                _states[keys[i]] = states[i];

            var now = decider.Context.Now;
            var more = new Dictionary<TenantState, Needs>();
            for (var i = 0; i < operations.Count; i++)
            {
                if (_needs[i] is { } needs && _states[Tenant.KeyOf(needs.TenantId)] is { } state && operations[i].More(state, now) is { } besides)
                    more[state] = more.TryGetValue(state, out var others) ? others.With(besides) : besides;
            }

            if (more.Count > 0)
                from.LoadMore([.. more.Select(pair => (pair.Key, pair.Value))]);
        }
    }
}
