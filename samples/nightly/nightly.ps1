#Requires -Version 7.4
# nightly.ps1: a night's work on the ledger beside it. It can be run again at any time: what was done is not done twice.
# Exit code 0: all is well. 1: look at the last lines of nightly.log, one JSON document a step.
param(
    [string] $SmtpServer = 'localhost', [int] $Port, [string] $From = 'credits@example.com',
    [string] $CredentialPath   # what Get-Credential | Export-Clixml wrote as this account
)
Import-Module CommunicationsCredits -ErrorAction Stop
Set-Location $PSScriptRoot
$mail = @{ SmtpServer = $SmtpServer; From = $From }
if ($Port) { $mail.Port = $Port }
if ($CredentialPath) { $mail.Credential = Import-Clixml $CredentialPath -ErrorAction Stop }
$steps = [ordered]@{
    connect = { Connect-CreditLedger (Get-Item ./ledger.db -ErrorAction Stop).FullName }
    usage = {   # inbox/<tenant>/<exports>; a file that was read goes to done/<tenant>, its refused records to refused.<its ending>
        foreach ($file in Get-ChildItem ./inbox/*/* -File) {
            $tenant = $file.Directory.Name
            Import-UsageRecord $file.FullName -TenantId $tenant -QuarantinePath "./refused$($file.Extension)" -NoRecharge -OutVariable import
            $import | Where-Object Rejected | ForEach-Object { Write-Error "$($_.Rejected) record(s) of $($_.Source) were refused; refused$($file.Extension) has them." }
            if ($import) { Move-Item $file.FullName "$(New-Item -ItemType Directory -Force ./done/$tenant)/$([datetime]::UtcNow.ToString('yyyyMMddHHmmss')) $($file.Name)" }
        }
    }
    rates = { Get-CreditTenant | Where-Object Status -eq Active | Update-UsageRecord }   # what waited for a rate and has one by now
    maintenance = {   # forfeitures, expiry warnings, recharges
        Get-CreditTenant | Invoke-CreditMaintenance -OutVariable run
        $run | Where-Object Failed | ForEach-Object { Write-Error "A recharge of '$($_.TenantId)' failed; Get-AutoRechargeAttempt says why." }
    }
    notices = { Send-CreditNotification @mail -OutVariable sent; $sent | Where-Object LastError | ForEach-Object { Write-Error "$($_.NotificationId): $($_.LastError)" } }
    verify = { if (-not (Test-CreditLedger)) { Write-Error 'The ledger does not verify; Test-CreditLedger -Detailed says where.' } }
}
$failed = 0
foreach ($step in $steps.Keys) {
    $said = & { try { & $steps[$step] } catch { Write-Error -ErrorRecord $_ } } 2>&1 3>&1
    $errors, $said = $said.Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
    $warnings, $results = $said.Where({ $_ -is [System.Management.Automation.WarningRecord] }, 'Split')
    $failed += $errors.Count
    [ordered]@{
        At = [datetime]::UtcNow.ToString('o'); Step = $step; Results = $results.Count
        Warnings = @($warnings.ForEach({ "$_" })); Errors = @($errors.ForEach({ "$_" }))
    } | ConvertTo-Json -Compress | Add-Content ./nightly.log
    if ($step -eq 'connect' -and $errors.Count) { break }
}
exit [int]($failed -gt 0)
