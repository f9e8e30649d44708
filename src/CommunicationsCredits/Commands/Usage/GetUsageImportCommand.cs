using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets what imports of usage did.</summary>
[Cmdlet(VerbsCommon.Get, "UsageImport",
    HelpUri = HelpPages.Folder + "Get-UsageImport.md")]
[OutputType(typeof(UsageImport))]
public sealed class GetUsageImportCommand : TenantReadCommandBase
{
    private readonly HashSet<string> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The imports, by their ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImportIdCompleter))]
    public string[]? ImportId { get; set; }

    private protected override void Process(TenantSelection tenants)
    {
        if (ImportId is null)
        {
            WriteEach(Ledger.Usage.GetImports(tenants).Where(import => IsWanted(tenants, null, nameof(ImportId), import.ImportId)));
            return;
        }

        var patterns = Array.ConvertAll(ImportId, NamePattern.Of);
        foreach (var import in Ledger.Usage.GetImports(tenants))
        {
            var isWanted = false;
            for (var i = 0; i < patterns.Length; i++)
            {
                if (patterns[i].IsMatch(import.ImportId) || IsSame(ImportId[i], import.ImportId))
                {
                    isWanted = true;
                    _found.Add(ImportId[i]);
                }
            }

            if (isWanted)
                WriteObject(import);
        }
    }

    private protected override void Finish()
    {
        foreach (var id in ImportId ?? [])
        {
            if (!_found.Contains(id) && !NamePattern.IsPattern(id))
                Report(CreditErrors.ImportNotFound(id));
        }
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
