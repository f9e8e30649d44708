using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>What came of reading the next record out of a window.</summary>
internal enum ReadStep
{
    /// <summary>Something was read: a record, a refused one, or what is skipped.</summary>
    Some,

    /// <summary>The next record is not in the window as a whole.</summary>
    NeedsMore,

    /// <summary>The source has ended, and everything was read.</summary>
    End,
}

/// <summary>A reader that reads records, one by one, out of a window on its source.</summary>
internal abstract class WindowedUsageReader : UsageReader
{
    /// <summary>Fills an empty batch out of a window.</summary>
    /// <returns>False where the source has ended and the batch is empty.</returns>
    [MethodImpl(HotPath.Compiled)]
    protected bool Fill(UsageBatch batch, SourceWindow window)
    {
        window.Enter(batch);
        while (!batch.IsFull)
        {
            var step = ReadNext(batch, window);
            if (step == ReadStep.End || (step == ReadStep.NeedsMore && !(window.HasRoom(batch) && window.Extend(batch))))
                break;
        }

        window.Leave(batch);
        return batch.Count > 0;
    }

    /// <summary>Reads the next record of the window into the batch, and moves the window on.</summary>
    protected abstract ReadStep ReadNext(UsageBatch batch, SourceWindow window);

    /// <summary>Adds a record that is refused as a whole.</summary>
    protected static void AddRefused(UsageBatch batch, long line, TextSlice raw, string reason)
    {
        ref var call = ref batch.Add();
        call.Line = line;
        call.Raw = raw;
        call.Refuse(CreditErrorId.UsageRejected, null, reason);
    }
}
