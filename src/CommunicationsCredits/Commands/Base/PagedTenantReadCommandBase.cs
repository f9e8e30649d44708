using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>A command that reads what tenants have much of, a page of it where asked to: -First, -Skip, -IncludeTotalCount.</summary>
/// <typeparam name="T">What it writes.</typeparam>
public abstract class PagedTenantReadCommandBase<T> : TenantReadCommandBase
{
    private ulong _seen;
    private ulong _total;

    /// <summary>The earliest, ISO 8601; included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>The latest, ISO 8601; not included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? To { get; set; }

    private bool IsDone => _seen >= PagingParameters.Skip && _seen - PagingParameters.Skip >= PagingParameters.First;

    /// <summary>The records of a selection.</summary>
    private protected abstract IEnumerable<T> Records(TenantSelection tenants);

    /// <summary>How many there are.</summary>
    private protected abstract long Count(TenantSelection tenants);

    private protected override void Process()
    {
        var selections = Selections().ToList();
        if (PagingParameters.IncludeTotalCount)
        {
            selections.RemoveAll(tenants => !TryProcess(() => _total += (ulong)Count(tenants)));

            // Of what comes on the pipeline, the sum is known at its end.
            if (!MyInvocation.ExpectingInput)
                WriteTotal();
        }

        foreach (var tenants in selections)
            TryProcess(() => Process(tenants));
    }

    private protected override void Process(TenantSelection tenants)
    {
        if (IsDone)
            return;
        foreach (var record in Records(tenants))
        {
            if (Stopping)
                return;
            if (_seen++ < PagingParameters.Skip)
                continue;
            WriteObject(record);
            if (IsDone)
                return;
        }
    }

    private protected override void Finish()
    {
        if (PagingParameters.IncludeTotalCount && MyInvocation.ExpectingInput)
            WriteTotal();
    }

    private void WriteTotal() => WriteObject(PagingParameters.NewTotalCount(_total, accuracy: 1.0));
}
