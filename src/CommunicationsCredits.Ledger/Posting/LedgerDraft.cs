using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>Something that changes the ledger as a whole: its rates. It is decided under the ledger's own lock.</summary>
/// <typeparam name="T">What it answers with.</typeparam>
public abstract class LedgerWideOperation<T>
{
    /// <summary>Decides: changes the draft and answers, or refuses by a <see cref="CreditException"/>.</summary>
    internal abstract T Decide(LedgerDraft draft);
}

/// <summary>A change of the ledger as a whole while it is decided.</summary>
/// <param name="store">What the rates are asked of.</param>
/// <param name="head">Where the ledger's own chain has got to.</param>
/// <param name="context">Who posts, and when.</param>
internal sealed class LedgerDraft(ILedgerFacts store, LedgerHead head, PostingContext context)
{
    private IReadOnlyList<RateSheet>? _sheets;

    /// <summary>What is to be written.</summary>
    public LedgerPosting Posting { get; } = new(head);

    /// <summary>The clock's reading.</summary>
    public Instant Now => context.Now;

    /// <summary>All versions and revisions of the rate sheets.</summary>
    public IReadOnlyList<RateSheet> Sheets => _sheets ??= store.LoadSheets();

    /// <summary>The prefixes of a stored sheet.</summary>
    public IReadOnlyList<RatedPrefix> Prefixes(RateSheet sheet) => store.LoadPrefixes(sheet);

    /// <summary>Whether any charge was made by a sheet.</summary>
    public bool IsUsed(RateSheet sheet) => store.IsSheetUsed(sheet.Number);

    /// <summary>Appends to the ledger's own chain (H1b).</summary>
    public void Append(LedgerChange change) => Posting.Append(change, context);
}
