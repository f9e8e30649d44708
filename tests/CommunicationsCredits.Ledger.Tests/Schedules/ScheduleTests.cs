using System.Text;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Notifications.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Simulation;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Schedules;

/// <summary>
/// Recharges and notifications under interleavings that a seed chooses, workers that are ended at any point included: no second open attempt, no
/// double charge, no cap passed, no notification lost. LEDGER_SCHEDULE_SEED sets where they begin, LEDGER_SCHEDULE_COUNT how many there are.
/// </summary>
public sealed class ScheduleTests
{
    private const int FirstSeedOfProve = 1_000_000;

    [Fact]
    [Trait("Rule", "R2, R4, R5, R6, N3")]
    public void In_any_schedule_nothing_is_charged_twice_and_no_notification_is_lost() =>
        Run(SimulationTests.Setting("LEDGER_SCHEDULE_SEED", 1), SimulationTests.Setting("LEDGER_SCHEDULE_COUNT", 200));

    [Fact]
    [Trait("Tier", "Prove")]
    [Trait("Rule", "R2, R4, R5, R6, N3")]
    public void In_ten_thousand_schedules_nothing_is_charged_twice_and_no_notification_is_lost()
    {
        var progress = new ProveProgress("schedules", goal: 10_000);
        while (progress.GoesOn)
        {
            Run(FirstSeedOfProve + progress.Done, 100);
            progress.Advance(100, $"schedules, seeds from {FirstSeedOfProve}");
        }
    }

    private static void Run(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            using var schedule = new Schedule(seed);
            try
            {
                schedule.Run();
            }
            catch (Exception problem)
            {
                Assert.Fail($"LEDGER_SCHEDULE_SEED={seed} LEDGER_SCHEDULE_COUNT=1: {problem}\n{string.Join(' ', schedule.Trace)}");
            }
        }
    }

    /// <summary>One ledger, and those who work on it.</summary>
    private sealed class Schedule : IRechargeMeans, IDisposable
    {
        private const string Contoso = RuleLedger.Contoso;
        private const decimal MostADay = 120m;

        private static readonly Behaviour[] Behaviours = [Behaviour.Answers, Behaviour.Answers, Behaviour.LosesTheAnswer, Behaviour.DoesNothing];
        private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

        private readonly SeededRandom _random;
        private readonly Scheduler _scheduler;
        private readonly MemoryStore _store = new();
        private readonly Decider _decider;
        private readonly RechargeRun _recharges;
        private readonly OperationRunner _runner;

        // What the gateway and the recipient have got, by idempotency key and by notification.
        private readonly Dictionary<string, (byte[] Request, decimal Charged, bool IsDeclined)> _book = [];
        private readonly Dictionary<long, int> _delivered = [];
        private Instant _now = Instant.Parse("2026-03-15T12:00:00Z");
        private bool _isWell;
        private int _keys;

        public Schedule(int seed)
        {
            _random = new(unchecked(seed * 1_000_003));
            _scheduler = new(_random, killPercent: 2);
            var store = new ScheduledStore(_store, _scheduler, Check);
            _decider = new(
                store, () => new("tester@machine", _now),
                (tenant, trigger, at) => new EvaluateRecharge(tenant, trigger, this, at), Encoding.UTF8.GetBytes, () => { });
            _recharges = new(_decider, this, Ask);
            _runner = new(_decider, _recharges);
            _runner.Execute([new AddTenant(Contoso, new())]);
            _runner.Execute([new AddFunds(Contoso, 30m)]);
            _runner.Execute([new SetPaymentMethod(Contoso, "card") { Gateway = "psp", Token = "tok" }]);
            _runner.Execute([new SetRechargeRule(Contoso)
            {
                MinimumBalance = 20m, RechargeAmount = 15m, PaymentMethod = "card", MaximumPerDay = MostADay,
            }]);
            for (var importer = 0; importer < 2; importer++)
                _scheduler.Add($"import{importer}", Import(importer, store));
            for (var runner = 0; runner < 2; runner++)
                _scheduler.Add($"run{runner}", Recharge);
            _scheduler.Add("hand", WorkByHand);
            for (var sender = 0; sender < 2; sender++)
                _scheduler.Add($"send{sender}", Send);
        }

        public IEnumerable<string> Trace => _scheduler.Trace;

        private MemoryTenant Tenant => _store.Book.Find(Ledger.Tenants.Tenant.KeyOf(Contoso))!;

        public void Run()
        {
            _scheduler.Run();

            // The gateway is well again, and somebody runs once more: what is open is settled, what was raised is sent.
            _isWell = true;
            _now = _now.Add(TimeSpan.FromHours(1));
            _recharges.Run(Contoso, RechargeTrigger.Run);
            Send();

            var attempts = Tenant.Attempts.Values.ToList();
            Assert.DoesNotContain(attempts, attempt => attempt.IsOpen);
            var paid = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded).ToList();
            Assert.Equal(
                _book.Where(asked => asked.Value.Charged > 0).Select(asked => (asked.Key, asked.Value.Charged)).Order(),
                paid.Select(attempt => (attempt.IdempotencyKey, attempt.Amount.ToDecimal())).Order());
            Assert.Equal(
                paid.Sum(attempt => attempt.Amount.ToDecimal()),
                Tenant.Entries.Values.Where(stored => stored.Entry.Kind == CreditTransactionKind.Recharge).Sum(stored => stored.Entry.Amount.ToDecimal()));

            var notices = Tenant.Notifications.Values.ToList();
            Assert.Equal(paid.Count, notices.Count(notice => notice.Kind == CreditNotificationKind.RechargeSucceeded));
            Assert.All(notices, notice => Assert.Equal(CreditNotificationStatus.Sent, notice.Status));
            Assert.All(notices, notice => Assert.InRange(_delivered.GetValueOrDefault(notice.Number), 1, 1 + _scheduler.Killed));
        }

        public void Dispose() => _scheduler.Dispose();

        public string GatewayNamed(string name) => name;

        public byte[]? Reveal(ReadOnlySpan<byte> sealedContent) => sealedContent.ToArray();

        public byte[] Seal(ReadOnlySpan<byte> content) => content.ToArray();

        public string NewKey() => $"key-{++_keys}";

        public byte[] Request(
            string tenantId, string attemptId, string idempotencyKey, string amount, string currency, PaymentMethod method, string? token) =>
            Encoding.UTF8.GetBytes($"{attemptId} {idempotencyKey} {amount} {currency} {token}");

        /// <summary>What holds after each commit.</summary>
        private static void Check(MemoryBook book)
        {
            foreach (var tenant in book.Tenants.Values)
            {
                Assert.True(tenant.Attempts.Values.Count(attempt => attempt.IsOpen) <= 1, "Two attempts are open.");
                var charged = tenant.Attempts.Values.Where(attempt => attempt.MayBeCharged).Sum(attempt => attempt.Amount.ToDecimal());
                Assert.True(charged <= MostADay, $"{charged} may be charged in a day.");
                var lots = tenant.Lots.Values.Sum(lot => lot.Remaining.ToDecimal());
                var debts = tenant.Debts.Values.Sum(debt => debt.Unpaid.ToDecimal());
                Assert.Equal(tenant.Account.Balance.ToDecimal(), lots - debts);
                Assert.True(lots == 0 || debts == 0, "There is debt beside a lot that may pay it.");
            }
        }

        private Action Import(int importer, ILedgerStore store) => () =>
        {
            for (var call = 0; call < 3; call++)
            {
                _runner.Execute([new PostCall(
                    store, Contoso, Call.Paid($"{importer}-{call}", _now.ToDateTimeOffset(), _random.Next(100, 2500) / 100m))]);
            }
        };

        private void Recharge()
        {
            for (var run = 0; run < 2; run++)
                _recharges.Run(Contoso, RechargeTrigger.ForcedRun);
        }

        private void WorkByHand()
        {
            _runner.Execute([new AddAdjustment(Contoso, -_random.Next(1, 20))]);
            _runner.Execute([new SetPaymentMethod(Contoso, "card") { Gateway = "psp", Token = "other" }]);
            _runner.Execute([new AddFunds(Contoso, _random.Next(1, 10))]);
        }

        /// <summary>A gateway that decides on a key once, charged or declined, and does not always say how.</summary>
        private GatewayAnswer Ask(Attempt attempt, CancellationToken cancellation)
        {
            _scheduler.Yield();
            if (_book.TryGetValue(attempt.IdempotencyKey, out var asked))
                Assert.Equal(asked.Request, attempt.ProtectedRequest);
            else
                asked.Request = attempt.ProtectedRequest!;
            var behaviour = _isWell ? Behaviour.Answers : _random.Pick(Behaviours);
            if (asked is { Charged: 0, IsDeclined: false } && behaviour != Behaviour.DoesNothing)
            {
                asked.IsDeclined = !_isWell && _random.Chance(30);
                asked.Charged = asked.IsDeclined ? 0 : attempt.Amount.ToDecimal();
            }

            _book[attempt.IdempotencyKey] = asked;
            _scheduler.Yield();
            return behaviour != Behaviour.Answers ? GatewayAnswer.Unknown("the connection was lost")
                : asked.IsDeclined ? GatewayAnswer.Declined("card_declined")
                : new(AutoRechargeAttemptState.Succeeded, "ch_1", null);
        }

        /// <summary>Claims, hands over, and writes what has become of it, as a delivery does (N3).</summary>
        private void Send()
        {
            for (var round = 0; round < 3; round++)
            {
                _scheduler.Yield();
                foreach (var number in Tenant.Notifications.Keys.ToList())
                {
                    _scheduler.Yield();
                    var notice = Tenant.Notifications[number];
                    if (!DeliveryRules.IsDue(notice, _now))
                        continue;
                    var claimed = DeliveryRules.Claimed(notice, _now, Lease);
                    if (!Change(notice, claimed))
                        continue;
                    _scheduler.Yield();
                    _delivered[number] = _delivered.GetValueOrDefault(number) + 1;
                    _scheduler.Yield();
                    Change(claimed, DeliveryRules.After(claimed, new(HandOverOutcome.Accepted, null), _now));
                }
            }
        }

        private bool Change(Notification before, Notification after) => _decider.Decide(new ChangeNotification(Contoso, before, after)).Result;
    }

    private enum Behaviour
    {
        Answers,
        LosesTheAnswer,
        DoesNothing,
    }
}
