using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Backup;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Replaces the ledger by a backup of it, holds its recharge rules, and names the recharges that the backup does not have.</summary>
[Cmdlet(VerbsData.Restore, "CreditLedger",
    HelpUri = HelpPages.Folder + "Restore-CreditLedger.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CreditLedger))]
public sealed class RestoreCreditLedgerCommand : LedgerCommandBase
{
    /// <summary>The backup. It is not changed.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Does not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var path = PowerShellPath.Literal(Path, SessionState.Path);
        var what = $"Replace all that is in '{Ledger.Location}' by what is in '{path}'";
        var asks = !Force || IsOn("WhatIf", "WhatIfPreference") || MyInvocation.BoundParameters.ContainsKey("Confirm");
        if (asks && !ShouldProcess(what, what + "?", "Confirm"))
            return;
        try
        {
            var restored = Ledger.Backups.Restore(path, StopToken);
            Warn(restored);
            WriteObject(restored.Ledger);
        }
        catch (OperationCanceledException)
        {
            // The user stopped it, and the ledger is as it was.
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Report(CreditErrors.NoSuchFile(path, problem.Message, problem));
        }
    }

    private void Warn(RestoredLedger restored)
    {
        WriteWarning($"What was replaced is kept in '{restored.Replaced}'. Delete it when nothing in it is needed any more.");
        if (restored.HeldRules > 0)
            WriteWarning($"Auto-recharge is paused: {restored.HeldRules} {(restored.HeldRules == 1 ? "rule" : "rules")}. Enable-AutoRecharge lets one go on.");
        if (restored.MissingAttempts is null)
            WriteWarning("The replaced ledger is damaged, so that nobody can say which recharges the backup does not have. The gateway knows what was paid.");
        else if (restored.MissingAttempts.Count > 0)
            WriteWarning($"These recharges are not in the backup, and may have been paid: {string.Join("; ", restored.MissingAttempts.Select(Describe))}.");
    }

    private static string Describe(AutoRechargeAttempt attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{attempt.AttemptId} of {attempt.StartedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, {Display.InWords(attempt.Amount, attempt.Currency)}, {attempt.State}")
        + (attempt.PaymentReference is { } reference ? $", {Display.Text(reference)}" : string.Empty);
}
