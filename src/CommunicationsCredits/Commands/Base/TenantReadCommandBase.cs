using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>A command that reads about tenants: those named, those that match, or all.</summary>
public abstract class TenantReadCommandBase : LedgerCommandBase
{
    private static readonly string[] ReadingVerbs = [VerbsCommon.Get, VerbsDiagnostic.Test, VerbsDiagnostic.Measure, VerbsData.Compare];

    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<TenantSelection, TypedObject> _things = [];

    /// <summary>The tenants, by their ids or names; wildcards are understood. Left out, it means all tenants.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    [SupportsWildcards]
    public virtual TenantIdentity[]? TenantId { get; set; }

    /// <summary>Whether the command writes one result a tenant, so that an object about one thing asks for its tenant.</summary>
    private protected virtual bool IsOfTenants => false;

    private protected override bool Takes(TypedObject thing) => IsOfTenants || base.Takes(thing);

    private bool IsReading => ReadingVerbs.Contains(((CmdletInfo)MyInvocation.MyCommand).Verb);

    /// <summary>What the command does with each of the selections asked for.</summary>
    private protected abstract void Process(TenantSelection tenants);

    private protected override void Process()
    {
        var read = new List<TenantSelection>();
        foreach (var tenants in Selections())
        {
            if (TryProcess(() => Process(tenants)))
                read.Add(tenants);
        }

        ReportUnknown(read);
    }

    /// <summary>Reports those ids that were asked for and are nothing's, once the selections have been read.</summary>
    private protected virtual void ReportUnknown(IReadOnlyList<TenantSelection> selections)
    {
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
            else if (TrySelect(identity) is { } tenants)
                yield return tenants;
        }
    }

    /// <summary>The object about one thing that asked for a selection, or null.</summary>
    private protected TypedObject? ThingOf(TenantSelection tenants) => _things.GetValueOrDefault(tenants);

    /// <summary>Whether a record is wanted: each is, unless others were named, or an object about another thing asked.</summary>
    /// <param name="tenants">The selection that is being read.</param>
    /// <param name="ids">The parameter that names such things; null or blank names none.</param>
    /// <param name="key">The parameter's name.</param>
    /// <param name="id">The record's id.</param>
    private protected bool IsWanted(TenantSelection tenants, string[]? ids, string key, string id)
    {
        var isNamed = ids is null || ids.All(string.IsNullOrWhiteSpace) || NamePattern.Matches(ids, id);
        return isNamed && (ThingOf(tenants) is not { } thing || thing.Key != key
            || string.Equals(thing.TextOf(key), id, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Which things are asked for by a parameter: the one that an object is, else those that were named.</summary>
    /// <param name="tenants">The selection that is being read.</param>
    /// <param name="key">The parameter's name.</param>
    /// <param name="ids">What it was given.</param>
    /// <param name="narrower">
    /// What parameters for narrower things were given: an object that has both properties, such as a call with its import, is asked for by the
    /// narrower one.
    /// </param>
    private protected AskedIds IdsOf(TenantSelection tenants, string key, string[]? ids, params string[]?[] narrower)
    {
        var thing = ThingOf(tenants);
        if (thing?.Key == key)
            return new(null, thing);
        var isGiven = IsOnCommandLine(key) || (thing is null && narrower.All(others => others is null || others.All(string.IsNullOrWhiteSpace)));
        return new(isGiven ? ids : null, null);
    }

    /// <summary>Reports those ids that are nothing's, each once.</summary>
    private protected void ReportUnknown(IEnumerable<string> ids, Func<string, bool> isKnown, Func<string, CreditException> error)
    {
        foreach (var id in ids.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!Stopping && !isKnown(id))
                Report(error(id));
        }
    }

    private TenantSelection? TrySelect(TenantIdentity identity)
    {
        TenantSelection? selection = null;
        TryProcess(() => selection = Select(identity));
        return selection;
    }

    private TenantSelection? Select(TenantIdentity identity)
    {
        if (identity.Source is { } source)
        {
            // Objects of one tenant ask for it once; what changes something is carried out for each.
            var id = TenantOf(identity);
            if (IsReading && !_asked.Add(source.Key is null || IsOfTenants ? id : $"{id}\0{source.TextOf(source.Key)}"))
                return null;
            var one = TenantSelection.One(id);
            if (!source.IsAboutTenant)
                _things.Add(one, source);
            return one;
        }

        // Text that is literally an id or a name means that tenant, whatever else is in it.
        if (identity.Text.Length > 0 && TryTenantOf(identity.Text) is { } literal)
            return TenantSelection.One(literal);
        if (!NamePattern.IsPattern(identity.Text))
            return TenantSelection.One(TenantOf(TenantIdentity.Parse(WildcardPattern.Unescape(identity.Text))));
        return TenantSelection.MatchingNames(NamePattern.Of(identity.Text).IsMatch);
    }
}
