#Requires -Version 7.4
# onboard.ps1: takes tenants on from a CSV such as tenants.csv beside it, into the ledger that the session is connected to. Every cell but
# TenantId may be empty. It can be run again with a longer CSV, or a mended one: a tenant, or an opening, that is there stays as it is.
param([Parameter(Mandatory, Position = 0)] [string] $Path)
$rows = Import-Csv $Path
$known = (Get-CreditTenant).TenantId
$rows | Where-Object TenantId -notin $known | New-CreditTenant -PassThru
$rows | Where-Object Amount | Select-Object *, @{ n = 'IdempotencyKey'; e = { "opening $($_.TenantId) $($_.Reference)" } } | Add-CreditFunds
$rows | Where-Object Licenses | Set-CreditPool
$rows | Where-Object MinimumBalance | Set-AutoRecharge
