#Requires -Version 7.4
# The same job at a prompt: dotnet run --project samples/Quickstart runs this where it finds a PowerShell.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Data,
    [Parameter(Mandatory)] [string] $Folder
)
Import-Module $Module
if ([Console]::IsOutputRedirected) { $PSStyle.OutputRendering = 'PlainText' }
"The same through the cmdlets, in PowerShell $($PSVersionTable.PSVersion)"

Connect-CreditLedger (Join-Path $Folder 'prompt.db')
$lastMonth = [datetime]::UtcNow.AddMonths(-1).ToString('yyyy-MM-01')

New-CreditTenant contoso.example -Name Contoso -LowBalance 25
New-CreditTenant fabrikam.example -Name Fabrikam
New-CreditTenant tailspin.example -Name 'Tailspin Toys' -Currency EUR -Country DE

Import-CreditRate (Join-Path $Data rates.csv) -Name Outbound -EffectiveFrom $lastMonth
Import-CreditRate (Join-Path $Data toll-free.csv) -Name Toll-free -Service TollFreeInbound -EffectiveFrom $lastMonth
Import-CreditRate (Join-Path $Data rates-eur.csv) -Name 'Outbound EUR' -Currency EUR -EffectiveFrom $lastMonth

Add-CreditFunds contoso.example 200 -PurchasedAt $lastMonth
Add-CreditFunds fabrikam.example 100 -PurchasedAt $lastMonth
Add-CreditFunds tailspin.example 250 -PurchasedAt $lastMonth
Set-AutoRecharge fabrikam.example -MinimumBalance 50 -RechargeAmount 100 -MaximumPerMonth 300

@(
    [pscustomobject]@{ TenantId = 'contoso.example'; Path = Join-Path $Data contoso-pstn-calls.csv }
    [pscustomobject]@{ TenantId = 'fabrikam.example'; Path = Join-Path $Data fabrikam-getPstnCalls.json }
    [pscustomobject]@{ TenantId = 'tailspin.example'; Path = Join-Path $Data tailspin-pstn-calls.csv }
) | Import-UsageRecord -ErrorVariable refused -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-String -Width 130

Get-CreditBalance | Out-String -Width 130
Get-AutoRechargeAttempt | Out-String -Width 130
Get-CreditNotification fabrikam.example | Out-String -Width 130
"Refused: $($refused.Count) records, as above. Test-CreditLedger says $(Test-CreditLedger)."
