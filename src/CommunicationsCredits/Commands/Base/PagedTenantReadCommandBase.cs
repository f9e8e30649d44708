using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>A command that reads what tenants have much of, a page of it where asked to: -First, -Skip, -IncludeTotalCount.</summary>
/// <typeparam name="T">What it writes.</typeparam>
public abstract class PagedTenantReadCommandBase<T> : TenantReadCommandBase
{
    private readonly List<T> _best = [];
    private ulong _seen;
    private ulong _total;
    private bool _isCounted;

    /// <summary>The earliest, ISO 8601; included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>The latest, ISO 8601; not included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? To { get; set; }

    /// <summary>
    /// Of the best so far those that are wanted, in their order, where so many of all tenants are asked for; null where all are wanted,
    /// as they are found.
    /// </summary>
    private protected virtual Func<IEnumerable<T>, IEnumerable<T>>? Best => null;

    private bool IsDone => _seen >= PagingParameters.Skip && _seen - PagingParameters.Skip >= PagingParameters.First;

    /// <summary>The records of a selection.</summary>
    private protected abstract IEnumerable<T> Records(TenantSelection tenants);

    /// <summary>How many there are.</summary>
    private protected abstract long Count(TenantSelection tenants);

    /// <summary>What is written of a record.</summary>
    private protected virtual object Output(T record) => record!;

    private protected override void Process()
    {
        var selections = Selections().ToList();
        if (PagingParameters.IncludeTotalCount && Best is null)
        {
            selections.RemoveAll(tenants => !TryProcess(() => _total += (ulong)Count(tenants)));
            _isCounted |= selections.Count > 0;

            // Of what comes on the pipeline, the sum is known at its end.
            if (!MyInvocation.ExpectingInput)
                WriteTotal();
        }

        selections.RemoveAll(tenants => !TryProcess(() => Process(tenants)));
        _isCounted |= selections.Count > 0;
        ReportUnknown(selections);
    }

    private protected override void Process(TenantSelection tenants)
    {
        if (Best is { } best)
        {
            var better = best(_best.Concat(Records(tenants))).ToList();
            _best.Clear();
            _best.AddRange(better);
        }
        else if (!IsDone)
        {
            WritePage(Records(tenants));
        }
    }

    private protected override void Finish()
    {
        if (Best is not null)
        {
            _total = (ulong)_best.Count;
            if (PagingParameters.IncludeTotalCount)
                WriteTotal();
            if (!IsDone)
                WritePage(_best);
        }
        else if (PagingParameters.IncludeTotalCount && MyInvocation.ExpectingInput)
        {
            WriteTotal();
        }
    }

    private void WritePage(IEnumerable<T> records)
    {
        foreach (var record in records)
        {
            if (Stopping)
                return;
            if (_seen++ < PagingParameters.Skip)
                continue;
            WriteObject(Output(record));
            if (IsDone)
                return;
        }
    }

    /// <summary>Writes how many there are; not where all that was asked for was refused, of which nothing is known.</summary>
    private void WriteTotal()
    {
        if (_isCounted)
            WriteObject(PagingParameters.NewTotalCount(_total, accuracy: 1.0));
    }
}
