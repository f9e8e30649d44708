#Requires -Version 7.4
# Runs the examples of the documentation, each as if it were typed at a prompt, and writes what they print.
param(
    [Parameter(Mandatory)] [string] $Repository,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Folder,
    [Parameter(Mandatory)] [string] $Result,
    [string] $Name = '*'
)
. "$PSScriptRoot/Examples.ps1"
. "$PSScriptRoot/StandIns.ps1"
$PSStyle.OutputRendering = 'PlainText'
$global:ConfirmPreference = 'None'
[Environment]::CurrentDirectory = [IO.Path]::GetTempPath()

# Gateways and keys are the user's; here, nobody's.
$configuration = New-Item -ItemType Directory -Force (Join-Path ([IO.Path]::GetTempPath()) "credits-$PID")
$env:COMMUNICATIONSCREDITS_CONFIGURATION = $configuration.FullName

# As installed: a runspace that an example makes finds the module by itself.
$env:PSModulePath = (Get-Item $Module).Directory.Parent.Parent.FullName + [IO.Path]::PathSeparator + $env:PSModulePath
Import-Module $Module
[cultureinfo]::CurrentCulture = 'en-US'

# What PowerShell itself says, as under -WhatIf, goes to the console that it finds first.
$console = [Console]::Out
$said = [IO.StringWriter]::new()
[Console]::SetOut($said)

$thisMonth = [datetime]::UtcNow
$months = ($thisMonth.Year - $WrittenIn.Year) * 12 + $thisMonth.Month - $WrittenIn.Month

# Moves the dates of an example or an export to where they would be if it were written today.
function Move-Month {
    param([string] $Text)
    if ($months -eq 0) { return $Text }
    $Text -replace '\b(20\d\d)-(0[1-9]|1[0-2])(?=\b|-)', { ([datetime]::new($_.Groups[1].Value, $_.Groups[2].Value, 1)).AddMonths($months).ToString('yyyy-MM') }
}

# The sessions that pages ask for, each made of the one before.
$sessions = [ordered]@{
    none = {}
    empty = {}
    tenants = {
        New-CreditTenant contoso.example -Name Contoso -LowBalance 25
        New-CreditTenant fabrikam.example -Name Fabrikam
        New-CreditTenant tailspin.example -Name 'Tailspin Toys' -Currency EUR -Country DE
    }
    rates = {
        Import-CreditRate ./rates.csv -Name Outbound -EffectiveFrom 2026-01-01
        Import-CreditRate ./toll-free.csv -Name Toll-free -Service TollFreeInbound -EffectiveFrom 2026-01-01
        Import-CreditRate ./rates-eur.csv -Name 'Outbound EUR' -Currency EUR -EffectiveFrom 2026-01-01
    }
    funds = {
        Add-CreditFunds contoso.example 200 -PurchasedAt 2026-10-01 -Reference INV-2026-1001
        Add-CreditFunds fabrikam.example 100 -PurchasedAt 2026-10-01 -Reference INV-2026-1002
        Add-CreditFunds tailspin.example 250 -PurchasedAt 2026-10-01 -Reference INV-2026-1003
    }
    usage = {
        $options = @{ WarningAction = 'SilentlyContinue'; ErrorAction = 'SilentlyContinue' }
        Import-UsageRecord ./exports/contoso-pstn-calls.csv -TenantId contoso.example @options
        Import-UsageRecord ./exports/fabrikam-getPstnCalls.json -TenantId fabrikam.example @options
        Import-UsageRecord ./exports/tailspin-pstn-calls.csv -TenantId tailspin.example @options
    }
    rules = {
        Set-AutoRecharge fabrikam.example -MinimumBalance 50 -RechargeAmount 100 -MaximumPerMonth 300
        Set-AutoRecharge contoso.example -MinimumBalance 25 -TargetBalance 150 -MaximumPerMonth 400
    }
}
$kept = @{}

# Makes the folder anew, and connects to a ledger in it that is as asked.
function Enter-Session {
    param([string] $Session)
    $env:COMMUNICATIONSCREDITS_LEDGER = $null
    Get-ChildItem $configuration | Remove-Item -Recurse
    $null = Disconnect-CreditLedger -ErrorAction Ignore
    Get-ChildItem $Folder -Force | Remove-Item -Recurse -Force
    $null = New-Item -ItemType Directory (Join-Path $Folder exports)
    $morning = (Get-Item $Repository/samples/morning).FullName
    foreach ($file in Get-ChildItem $morning -File -Recurse) {
        $target = Join-Path $Folder ([IO.Path]::GetRelativePath($morning, $file.FullName))
        [IO.File]::WriteAllText($target, (Move-Month ([IO.File]::ReadAllText($file.FullName))))
    }
    Set-Location $Folder
    if ($Session -eq 'none') { return }
    if (-not $kept.ContainsKey($Session)) {
        Connect-CreditLedger ./credits.db -WarningAction SilentlyContinue
        foreach ($step in $sessions.Keys) {
            $null = . ([scriptblock]::Create((Move-Month $sessions[$step].ToString())))
            if ($step -eq $Session) { break }
        }
        if ($step -ne $Session) { throw "There is no session '$Session': $($sessions.Keys -join ', ')." }
        $null = Disconnect-CreditLedger
        $kept[$Session] = Get-ChildItem $Folder/credits.db* | ForEach-Object { @{ Name = $_.Name; Content = [IO.File]::ReadAllBytes($_.FullName) } }
    }
    foreach ($file in $kept[$Session]) { [IO.File]::WriteAllBytes((Join-Path $Folder $file.Name), $file.Content) }
    Connect-CreditLedger ./credits.db -WarningAction SilentlyContinue
}

# What stands for the places that the pages name: the folder of the ledger, a mail server, a payment provider.
$mail = Start-MailStandIn
$provider = Start-PaymentStandIn
$env:PSP_URL = $provider.Uri
$env:PSP_KEY = 'key'
function Use-StandIn {
    param([string] $Text)
    $Text.Replace($script:Place, $Folder).Replace('smtp.example.com', '127.0.0.1').Replace('-Port 587', "-Port $($mail.Port)")
}

# Where what is typed keeps its variables.
$prompt = New-Module -Name Prompt {}

# Runs one statement, and gives what a prompt would show.
function Invoke-Statement {
    param([string] $Code)
    $shown = [System.Collections.Generic.List[string]]::new()
    $table = [System.Collections.Generic.List[object]]::new()
    $null = $said.GetStringBuilder().Clear()
    $records = & {
        try { . $prompt ([scriptblock]::Create($Code)) }
        catch { $_ }
    } *>&1
    if ("$said") { $shown.Add("$said".TrimEnd()) }
    foreach ($record in $records) {
        switch ($record) {
            { $_ -is [System.Management.Automation.ErrorRecord] } { $shown.Add("$($_.InvocationInfo.MyCommand.Name): $_") }
            { $_ -is [System.Management.Automation.WarningRecord] } { $shown.Add("WARNING: $_") }
            { $_ -is [System.Management.Automation.VerboseRecord] } { $shown.Add("VERBOSE: $_") }
            # Of the information stream a prompt shows what is written to the host.
            { $_ -is [System.Management.Automation.InformationRecord] } { if ($_.Tags -contains 'PSHOST') { $shown.Add("$_") } }
            default { $table.Add($_) }
        }
    }

    # A table waits for its last row, to know how wide it is.
    if ($table.Count) { $shown.Add(($table | Out-String -Width 120)) }
    $shown -join "`n"
}

$null = New-Item -ItemType Directory -Force $Folder
$Folder = (Get-Item $Folder).FullName
$user = "$([Environment]::UserName)@$([Environment]::MachineName)"
try {
    $results = foreach ($page in Get-DocPage $Repository $Name) {
        if (-not $page.Examples.Count) { continue }
        Enter-Session $page.Session
        foreach ($example in $page.Examples) {
            $example.Code = Use-StandIn $example.Code
            if ($example.File) {
                Set-Content (Join-Path $Folder $example.File) $example.Code
                [pscustomobject]@{ Page = $page.Name; Title = $example.Title; Output = '' }
                continue
            }
            if ($example.Setup) { $null = Invoke-Statement (Move-Month $example.Setup) }
            $statements = [System.Management.Automation.Language.Parser]::ParseInput((Move-Month $example.Code), [ref]$null, [ref]$null)
            $output = foreach ($statement in $statements.EndBlock.Statements) { Invoke-Statement $statement.Extent.Text }
            $text = ($output -join "`n").Replace($Folder, $script:Place).Replace($user, $script:Actor) -replace '\r' -replace '[ \t]+(?=\n|$)'
            [pscustomobject]@{ Page = $page.Name; Title = $example.Title; Output = ($text -replace '\n{3,}', "`n`n").Trim("`n") }
        }
    }
    ConvertTo-Json @($results) | Set-Content $Result
}
finally {
    [Console]::SetOut($console)
    $mail, $provider | Stop-StandIn
    Set-Location ([IO.Path]::GetTempPath())
    $null = Disconnect-CreditLedger -ErrorAction Ignore
    Remove-Item $configuration -Recurse -Force
}
