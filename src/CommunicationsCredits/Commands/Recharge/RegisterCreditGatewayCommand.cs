using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>
/// Registers a payment gateway on this machine, or replaces the one of that name. Payment methods in ledgers refer to it by its
/// name; what it runs or calls stays here.
/// </summary>
[Cmdlet(VerbsLifecycle.Register, "CreditGateway",
    HelpUri = HelpPages.Folder + "Register-CreditGateway.md", SupportsShouldProcess = true, DefaultParameterSetName = ByProgram)]
[OutputType(typeof(CreditGateway))]
public sealed class RegisterCreditGatewayCommand : LedgerCommandBase
{
    private const string ByProgram = "Command";
    private const string ByAddress = "Uri";

    /// <summary>The name by which payment methods refer to it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// The program to ask: the name of one on the PATH, or a path. It is looked up now and kept as a full path, so that a later
    /// PATH or folder changes nothing. A PowerShell script (.ps1) is kept as pwsh -NoProfile -NonInteractive -File and its path.
    /// A program gets one JSON document on standard input, and answers with one on standard output.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByProgram)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = string.Empty;

    /// <summary>The program's arguments. They are stored as they are: no place for a secret.</summary>
    [Parameter(ParameterSetName = ByProgram)]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>The HTTPS address to ask. Plain HTTP is for this machine itself only.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAddress)]
    [ValidateNotNull]
    public Uri? Uri { get; set; }

    /// <summary>
    /// The name of the secret that requests are signed with. It is read when a request is made: from the environment variable of
    /// that name, else by Get-Secret where Microsoft.PowerShell.SecretManagement is installed.
    /// </summary>
    [Parameter(ParameterSetName = ByAddress)]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>How long an answer is waited for: seconds or a TimeSpan, 0.1 seconds to 10 minutes. By default 30 seconds.</summary>
    [Parameter]
    [DurationTransformation]
    public DurationArgument? Timeout { get; set; }

    /// <summary>Writes the gateway; under -WhatIf, what it would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        var program = Uri is null ? GatewayProgram.Find(Command, ArgumentList, SessionState) : default;
        var gateway = new CreditGateway
        {
            Name = Name,
            Command = program.Path,
            ArgumentList = [.. program.Arguments ?? []],
            Uri = Uri,
            SecretName = SecretName,
            Timeout = Timeout?.Value ?? Gateways.UsualTimeout,
        };
        if (Confirm($"Register payment gateway '{Name}' on this machine: {program.Path ?? Uri!.OriginalString}", out var preview))
        {
            var registered = Gateways.Of(UserConfiguration.Folder).Register(gateway, preview);
            if (PassThru)
                WriteObject(registered);
        }
    }
}
