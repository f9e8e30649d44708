using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>A test case that is an <c>It</c>: its result comes from the run of its suite.</summary>
public sealed class PesterTestCase : XunitTestCase
{
    /// <summary>For deserialization.</summary>
    [Obsolete("Called by the deserializer", error: true)]
    public PesterTestCase() => It = null!;

    /// <summary>Makes a test case of an <c>It</c>.</summary>
    public PesterTestCase(IMessageSink diagnostics, ITestMethod method, PesterIt it)
        : base(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method) => It = it;

    /// <summary>Which it is.</summary>
    public PesterIt It { get; private set; }

    /// <inheritdoc/>
    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(It.Suite), It.Suite);
        data.AddValue(nameof(It.Number), It.Number);
        data.AddValue(nameof(It.Line), It.Line);
        data.AddValue(nameof(It.Name), It.Name);
        data.AddValue(nameof(It.Problem), It.Problem);
    }

    /// <inheritdoc/>
    public override void Deserialize(IXunitSerializationInfo data)
    {
        It = new(
            data.GetValue<string>(nameof(It.Suite)), data.GetValue<int>(nameof(It.Number)), data.GetValue<int>(nameof(It.Line)),
            data.GetValue<string>(nameof(It.Name)), data.GetValue<string>(nameof(It.Problem)));
        base.Deserialize(data);
    }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource) =>
        new Runner(this, messageBus, aggregator, cancellationTokenSource).RunAsync();

    /// <inheritdoc/>
    protected override void Initialize()
    {
        base.Initialize();
        DisplayName = $"{It.Suite[..^PesterRun.Extension.Length]}: {It.Name}";
        Traits["Suite"] = [It.Suite[..^PesterRun.Extension.Length]];
        SourceInformation = new SourceInformation { FileName = Path.Combine(Checkout.PesterSuites, It.Suite), LineNumber = It.Line };
    }

    /// <inheritdoc/>
    protected override string GetUniqueID() => $"{base.GetUniqueID()}/{It.Suite}/{It.Number}";

    private sealed class Runner(PesterTestCase test, IMessageBus bus, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : TestCaseRunner<PesterTestCase>(test, bus, aggregator, cancellation)
    {
        protected override async Task<RunSummary> RunTestAsync()
        {
            var test = new XunitTest(TestCase, TestCase.DisplayName);
            if (!MessageBus.QueueMessage(new TestStarting(test)))
                CancellationTokenSource.Cancel();
            var outcome = await PesterRun.ResultOf(TestCase.It, CancellationTokenSource.Token);
            var seconds = (decimal)outcome.Milliseconds / 1000;
            var summary = new RunSummary { Total = 1, Time = seconds };
            TestResultMessage message;
            switch (outcome.Result)
            {
                case "Passed":
                    message = new TestPassed(test, seconds, "");
                    break;
                case "Skipped":
                    summary.Skipped = 1;
                    message = new TestSkipped(test, outcome.Reason is { Length: > 0 } reason ? reason : "It is skipped here.");
                    break;
                default:
                    summary.Failed = 1;
                    message = new TestFailed(test, seconds, "", ["Pester"], [outcome.Problem], [""], [-1]);
                    break;
            }

            if (!MessageBus.QueueMessage(message) || !MessageBus.QueueMessage(new TestFinished(test, seconds, "")))
                CancellationTokenSource.Cancel();
            return summary;
        }
    }
}

/// <summary>What became of an <c>It</c>.</summary>
/// <param name="Number">Which test of its suite it is.</param>
/// <param name="Name">Its own name, as the suite writes it.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Result">Passed, Failed or Skipped.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Reason">Why it was skipped.</param>
public sealed record PesterResult(int Number, string Name, double Milliseconds, string Result, string Problem, string Reason);
