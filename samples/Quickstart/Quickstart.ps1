#Requires -Version 7.4
# The main job: from last month's usage exports to exact balances, one recharge and a report, in a folder of its own.
# The folder holds what samples/morning holds; dotnet run --project samples/Quickstart makes one, with its dates moved to last month.
param(
    [Parameter(Mandatory)] [string] $Folder,
    [string] $Module = 'CommunicationsCredits',
    [string] $Month = [datetime]::UtcNow.AddMonths(-1).ToString('yyyy-MM')
)
$ErrorActionPreference = 'Stop'
Import-Module $Module
Set-Location $Folder
$first = "$Month-01"

# Once: tenants, the rates in force, what each tenant has bought. Fabrikam tops itself up: below 50, buy 100s.
Connect-CreditLedger ./credits.db -WarningAction SilentlyContinue
Import-Csv ./tenants.csv | New-CreditTenant
Set-CreditTenant contoso.example -LowBalance 25
Import-CreditRate ./rates.csv -Name Outbound -EffectiveFrom $first
Import-CreditRate ./toll-free.csv -Name Toll-free -Service TollFreeInbound -EffectiveFrom $first
Import-CreditRate ./rates-eur.csv -Name 'Outbound EUR' -Currency EUR -EffectiveFrom $first
Add-CreditFunds contoso.example 200 -PurchasedAt $first -Reference INV-1001
Add-CreditFunds fabrikam.example 100 -PurchasedAt $first -Reference INV-1002
Add-CreditFunds tailspin.example 250 -PurchasedAt $first -Reference INV-1003
Set-AutoRecharge fabrikam.example -MinimumBalance 50 -RechargeAmount 100 -MaximumPerMonth 300

# Every month: the exports. A record that cannot be billed never stops the others.
'Usage of last month'
Import-Csv ./map.csv |
    Import-UsageRecord -ErrorVariable refused -ErrorAction SilentlyContinue -WarningAction SilentlyContinue |
    Format-Table -AutoSize TenantId, Read, @{ n = 'New'; e = 'Imported' }, @{ n = 'Known'; e = 'Duplicate' }, Rejected, Unrated, Currency,
    @{ n = 'Charged'; e = { $_.Charged.ToString('N4') }; Alignment = 'Right' }

'Refused, and why'
$refused | ForEach-Object { "  $_" -replace ' The line was set aside.*' }
''
'Without a rate, so that they cost nothing yet'
Get-UsageRecord -Status Unrated | Format-Table -AutoSize TenantId, @{ n = 'StartedAt'; e = { $_.StartedAt.ToString('u') } }, Callee, Duration

'Balances'
Get-CreditBalance | Format-Table -AutoSize TenantId, Currency, @{ n = 'Balance'; e = { $_.Balance.ToString('N4') }; Alignment = 'Right' },
    @{ n = 'Attention'; e = { $_.State -eq 'Open' ? '' : "$($_.State)" } }, @{ n = 'NextExpiry'; e = { $_.NextExpiryAt.ToString('yyyy-MM-dd') } }

'Charges by service'
Get-UsageRecord -Status Charged | Group-Object TenantId, Service, Currency | ForEach-Object {
    [pscustomobject]@{
        TenantId = $_.Values[0]; Service = "$($_.Values[1])"; Calls = $_.Count; Currency = $_.Values[2]
        Charged = ($_.Group | Measure-Object Charge -Sum).Sum
    }
} | Format-Table -AutoSize TenantId, Service, Calls, Currency, @{ n = 'Charged'; e = { $_.Charged.ToString('N4') }; Alignment = 'Right' }

'Recharged'
Get-AutoRechargeAttempt | Format-Table -AutoSize AttemptId, @{ n = 'Result'; e = { "$($_.State)" } }, Amount, Currency, @{ n = 'StartedAt'; e = { $_.StartedAt.ToString('u') } }

'Notices that wait to be sent'
Get-CreditNotification | ForEach-Object { "  $($_.Subject)" }
''
"Test-CreditLedger: $(Test-CreditLedger)"
$null = Export-CreditReport -Path ./report.html
$null = Disconnect-CreditLedger
"The report is $(Join-Path $PWD report.html)"
"The ledger is $(Join-Path $PWD credits.db); delete the folder when you have seen enough."
