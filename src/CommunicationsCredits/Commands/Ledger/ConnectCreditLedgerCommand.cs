using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Connects this session to a ledger.</summary>
[Cmdlet(VerbsCommunications.Connect, "CreditLedger", DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Folder + "Connect-CreditLedger.md")]
[OutputType(typeof(CreditLedger))]
public sealed class ConnectCreditLedgerCommand : LedgerCommandBase
{
    private const string PathSet = "Path";
    private const string DatabaseSet = "ConnectionString";

    /// <summary>
    /// The ledger's file; nothing in it is a wildcard. A missing file is created, a missing folder is not. By default the user's own ledger,
    /// whose folder is created too.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// The PostgreSQL database of the ledger, as Npgsql has it, without a password: Host=server;Database=name;Username=user. A database without
    /// a ledger becomes one.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = DatabaseSet)]
    [ValidateNotNullOrEmpty]
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>The user and the password.</summary>
    [Parameter(ParameterSetName = DatabaseSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Opens it for reading only: nothing is written, and a missing file is an error.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Writes what was connected to.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == DatabaseSet)
            ConnectDatabase();
        else
            ConnectFile();
        if (PassThru)
            WriteObject(Ledger.Describe());
    }

    private void ConnectDatabase()
    {
        RunspaceLedger.Current.Connect(() =>
        {
            LedgerSession.RefusePassword(ConnectionString);
            return SharedLedger.OpenDatabase(
                Credential is null || Credential == PSCredential.Empty
                    ? ConnectionString
                    : LedgerSession.SignedIn(ConnectionString, Credential.UserName, Credential.GetNetworkCredential().Password),
                ReadOnly);
        });
        WriteVerbose($"Connected to '{Ledger.Location}'.");
    }

    private void ConnectFile()
    {
        var isNew = false;
        var path = string.Empty;
        RunspaceLedger.Current.Connect(() =>
        {
            path = Path is null ? DefaultPath() : PowerShellPath.OfLedger(Path, SessionState.Path);
            isNew = !File.Exists(path);
            return new(path, ReadOnly);
        });
        if (isNew)
            WriteWarning($"'{path}' is a new ledger. If you meant one that exists, its path is another.");
        WriteVerbose($"Connected to '{path}'.");
    }

    private string DefaultPath()
    {
        var path = RunspaceLedger.DefaultPath();
        try
        {
            if (!ReadOnly)
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CreditErrors.NoFolder(path, problem);
        }
    }
}
