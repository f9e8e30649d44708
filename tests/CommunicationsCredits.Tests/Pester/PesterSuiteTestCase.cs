using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>A Pester suite: a case that a filter finds by the suite's name, and that reports a result per <c>It</c>.</summary>
public sealed class PesterSuiteTestCase : XunitTestCase
{
    /// <summary>What the name of a suite's file ends with.</summary>
    public const string Ending = ".Tests.ps1";

    private string _suite = "";

    /// <summary>Made by xunit, which then calls <see cref="Deserialize"/>.</summary>
    [Obsolete("Only xunit calls this.")]
    public PesterSuiteTestCase()
    {
    }

    /// <summary>A case for a suite.</summary>
    public PesterSuiteTestCase(IMessageSink diagnostics, ITestMethod method, string suite)
        : base(diagnostics, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method) => _suite = suite;

    /// <inheritdoc/>
    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Suite", _suite);
    }

    /// <inheritdoc/>
    public override void Deserialize(IXunitSerializationInfo data)
    {
        _suite = data.GetValue<string>("Suite");
        base.Deserialize(data);
    }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource) =>
        new Runner(this, (PesterWorker)constructorArguments.Single(), messageBus, aggregator, cancellationTokenSource).RunAsync();

    /// <inheritdoc/>
    protected override string GetUniqueID() => $"{base.GetUniqueID()}:{_suite}";

    /// <inheritdoc/>
    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) => _suite;

    private sealed class Runner(
        PesterSuiteTestCase testCase, PesterWorker worker, IMessageBus bus, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : TestCaseRunner<PesterSuiteTestCase>(testCase, bus, aggregator, cancellation)
    {
        protected override Task<RunSummary> RunTestAsync()
        {
            var summary = new RunSummary();
            foreach (var result in worker.Run(TestCase._suite, $"{TestCase._suite}{Ending}"))
            {
                var test = new XunitTest(TestCase, result.Name);
                var seconds = (decimal)result.Seconds;
                summary.Total++;
                summary.Time += seconds;
                MessageBus.QueueMessage(new TestStarting(test));
                switch (result.Outcome)
                {
                    case PesterOutcome.Passed:
                        MessageBus.QueueMessage(new TestPassed(test, seconds, ""));
                        break;
                    case PesterOutcome.Skipped:
                        summary.Skipped++;
                        MessageBus.QueueMessage(new TestSkipped(test, result.Problem));
                        break;
                    default:
                        summary.Failed++;
                        MessageBus.QueueMessage(new TestFailed(test, seconds, "", [typeof(XunitException).FullName], [result.Problem], [""], [-1]));
                        break;
                }

                if (!MessageBus.QueueMessage(new TestFinished(test, seconds, "")))
                    CancellationTokenSource.Cancel();
            }

            return Task.FromResult(summary);
        }
    }
}
