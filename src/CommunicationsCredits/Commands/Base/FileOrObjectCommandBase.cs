using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>
/// A command that takes files or objects. On the pipeline, a string, a file, and whatever has a property LiteralPath, PSPath or
/// Path is a file; anything else is a record itself.
/// </summary>
public abstract class FileOrObjectCommandBase : LedgerCommandBase
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";
    private const string ByObject = "InputObject";

    /// <summary>The name of the parameter set that is meant where nothing tells.</summary>
    private protected const string DefaultSet = ByPath;

    /// <summary>The files; wildcards are understood.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files, by their literal names: no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A file, a path, an object with a path, or a record.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>What the command does with one file.</summary>
    private protected abstract void ProcessFile(string path);

    /// <summary>What it does with one object: it is a record, unless it turns out to lead to a file.</summary>
    /// <param name="record">The object.</param>
    /// <param name="path">The property that leads to a file.</param>
    /// <returns>Whether it is a record.</returns>
    private protected abstract bool TryProcessRecord(PSObject record, out (string Property, string Value) path);

    /// <summary>What it does with a text on the pipeline: it is a path, unless it is the content of a file.</summary>
    /// <returns>Whether it is content.</returns>
    private protected virtual bool TryProcessText(string text) => false;

    /// <summary>Reports what is wrong with a file.</summary>
    private protected virtual void ReportFile(CreditException error) => Report(error);

    private protected sealed override void Process()
    {
        switch (ParameterSetName)
        {
            case ByPath:
                ProcessPaths(Path, isLiteral: false);
                break;
            case ByLiteralPath:
                ProcessPaths(LiteralPath, isLiteral: true);
                break;
            default:
                ProcessInput(InputObject);
                break;
        }
    }

    private void ProcessInput(PSObject? input)
    {
        switch (input?.BaseObject)
        {
            case null:
                break;
            case string text when TryProcessText(text):
                break;
            case string text:
                ProcessPaths([text], isLiteral: false);
                break;
            case FileSystemInfo file:
                ProcessPaths([file.FullName], isLiteral: true);
                break;
            case IList list:
                foreach (var element in list)
                    ProcessInput(element is null ? null : PSObject.AsPSObject(element));
                break;
            default:
                if (!TryProcessRecord(input, out var path))
                    ProcessPaths([path.Value], isLiteral: path.Property != FilePathProperty.Wild);
                break;
        }
    }

    private void ProcessPaths(string[] paths, bool isLiteral)
    {
        foreach (var path in paths)
        {
            try
            {
                if (string.IsNullOrWhiteSpace(path))
                    throw CreditErrors.NoSuchFile("(no path)", "the path is empty.");
                var files = isLiteral
                    ? [PowerShellPath.Literal(path, SessionState.Path)]
                    : PowerShellPath.Matching(path, SessionState.Path);
                foreach (var file in files)
                    TryProcessFile(file);
            }
            catch (CreditException error)
            {
                ReportFile(error);
            }
        }
    }

    private void TryProcessFile(string file)
    {
        if (Stopping)
            return;
        try
        {
            ProcessFile(file);
        }
        catch (CreditException error)
        {
            ReportFile(error);
        }
    }
}
