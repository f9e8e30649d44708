using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>A command that reads about tenants: those named, those that match, or all.</summary>
public abstract class TenantReadCommandBase : LedgerCommandBase
{
    /// <summary>The tenants, by their ids; wildcards are understood. Left out, it means all tenants.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    [SupportsWildcards]
    public TenantIdentity[]? TenantId { get; set; }

    /// <summary>What the command does with each of the selections asked for.</summary>
    private protected abstract void Process(TenantSelection tenants);

    private protected override void Process()
    {
        foreach (var tenants in Selections())
            TryProcess(() => Process(tenants));
    }

    /// <summary>Does something for one selection; what is wrong with it is reported, and the others go on.</summary>
    private protected bool TryProcess(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (CreditException error)
        {
            Report(error);
            return false;
        }
    }

    /// <summary>The selections that the parameter asks for.</summary>
    private protected IEnumerable<TenantSelection> Selections()
    {
        if (TenantId is null)
        {
            yield return TenantSelection.All;
            yield break;
        }

        foreach (var identity in TenantId)
        {
            if (identity.PipedNumber is { } number && !IsOnCommandLine(nameof(TenantId)))
                WriteError(CreditErrors.NumberIsNoTenant(number));
            else if (identity.Text.Length == 0)
                Report(CreditErrors.TenantIdMissing());
            else
                yield return Select(identity.Text);
        }
    }

    private static TenantSelection Select(string text)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(text))
            return TenantSelection.One(WildcardPattern.Unescape(text));
        var pattern = WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

        // An id may hold such characters itself, and is found by its own text too.
        return TenantSelection.Matching(
            id => pattern.IsMatch(id) || string.Equals(id, text, StringComparison.OrdinalIgnoreCase));
    }
}
