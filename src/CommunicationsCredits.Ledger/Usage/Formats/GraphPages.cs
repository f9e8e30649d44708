namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>What is open around a place in an answer of Graph.</summary>
internal enum GraphContainer
{
    /// <summary>Nothing: values follow one another.</summary>
    None,

    /// <summary>An array of records, of pages, or of a batch's responses.</summary>
    Array,

    /// <summary>A page after its <c>value</c> began, or a response after its <c>body</c> began: properties follow.</summary>
    Page,

    /// <summary>The body of a response of a <c>$batch</c>: one value follows.</summary>
    Body,
}

/// <summary>The pages, arrays and bodies that are open around the place where a reader is.</summary>
internal sealed class GraphPages
{
    private const int MaximumDepth = 16;

    private readonly Stack<GraphContainer> _open = new();

    /// <summary>The innermost one.</summary>
    public GraphContainer Top => _open.TryPeek(out var top) ? top : GraphContainer.None;

    /// <summary>Whether nothing is open.</summary>
    public bool IsEmpty => _open.Count == 0;

    /// <summary>Whether a body of a <c>$batch</c> is open.</summary>
    public bool IsInBatch => _open.Contains(GraphContainer.Body);

    /// <summary>Opens one.</summary>
    public void Open(GraphContainer container)
    {
        // Damage may have lost the end of a page; what is around it does not matter then.
        if (_open.Count >= MaximumDepth)
            _open.Clear();
        _open.Push(container);
    }

    /// <summary>Closes the innermost one, where it is of that kind.</summary>
    public void Close(GraphContainer container)
    {
        if (Top != container)
            return;
        _open.Pop();
        if (container == GraphContainer.Page)
            EndValue();
    }

    /// <summary>A value has ended: where it was a body, its response's properties follow.</summary>
    public void EndValue()
    {
        if (Top == GraphContainer.Body)
            _open.Pop();
    }
}
