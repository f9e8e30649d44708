#Requires -Version 7.4
<#
.SYNOPSIS
The PowerShell side of the benchmark: carries out one named job each time it reads a line, and answers with a line of JSON.
.DESCRIPTION
A job is prepared by what begins with Before-, which is not measured. The answer has the seconds of wall time and of CPU (of all
threads of this process), the bytes that were given to the disk, and the peak memory of the process so far.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Folder,
    [Parameter(Mandatory)] [int] $Records,
    [Parameter(Mandatory)] [int] $Tenants
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
Import-Module $Module
$script:ledger = 0
$script:month = 0
$usage = Join-Path $Folder 'usage-1.csv'
$rates = Join-Path $Folder 'rates.csv'
$few = [Math]::Max(10, [int]($Tenants / 40))

# A new ledger each time; the one before is deleted, so that a run needs no more disk than its largest ledger.
function New-Ledger {
    Close-Ledger
    $script:path = Join-Path $Folder "ledger-$((++$script:ledger)).db"
    Remove-Item "$($script:path)*"
    Connect-CreditLedger $script:path | Out-Null
}
function Close-Ledger {
    if ($script:path) {
        Disconnect-CreditLedger | Out-Null
        Remove-Item "$($script:path)*"
        $script:path = $null
    }
}
function New-UsageLedger {
    New-Ledger
    New-CreditTenant bench -Country US
    Add-CreditFunds bench 1000000
    Import-CreditRate $rates -Name Bench -EffectiveFrom 2020-01-01
}
function New-TenantLedger([int] $Count) {
    New-Ledger
    1..$Count | ForEach-Object { "tenant$_" } | New-CreditTenant
    $script:ids = 1..$Count | ForEach-Object { [pscustomobject]@{ TenantId = "tenant$_" } }
}

$jobs = @{
    # The main job.
    'import'                = @{ Before = { New-UsageLedger }; Do = { Import-UsageRecord $usage -TenantId bench } }
    'import-again'          = @{ Do = { Import-UsageRecord $usage -TenantId bench } }
    'import-csv'            = @{ Do = { Import-Csv $usage | Measure-Object } }
    'size'                  = @{ Do = { } }
    'verify'                = @{ Do = { if (-not (Test-CreditLedger)) { throw 'The ledger does not verify.' } } }
    'usage'                 = @{ Do = { Get-UsageRecord bench | Measure-Object } }
    'transactions'          = @{ Do = { Get-CreditTransaction bench | Measure-Object } }

    # A ledger that grows: each time the next file.
    'grow-begin'            = @{ Do = { New-UsageLedger; $script:month = 0 } }
    'grow'                  = @{
        Before = { $script:file = Join-Path $Folder "usage-$((++$script:month)).csv" }
        Do     = { Import-UsageRecord $script:file -TenantId bench }
    }

    # Objects.
    'objects'               = @{
        Before = { New-UsageLedger; $script:objects = $script:objects ?? @(Import-Csv $usage | Select-Object -First ([int]($Records / 10))) }
        Do     = { $script:objects | Import-UsageRecord -TenantId bench }
    }
    'objects-empty'         = @{
        Before = { $script:objects = $script:objects ?? @(Import-Csv $usage | Select-Object -First ([int]($Records / 10))) }
        Do     = { $n = 0; $script:objects | ForEach-Object { $n++ } }
    }

    # Many files.
    'files'                 = @{
        Before = {
            $files = Get-ChildItem (Join-Path $Folder 'files') -Filter *.csv
            New-TenantLedger $files.Count

            # As the tenant of the large file is: without funds every call would be a debt of its own.
            $script:ids | Add-CreditFunds -Amount 1000000
            Import-CreditRate $rates -Name Bench -EffectiveFrom 2020-01-01
            $n = 0
            $script:pairs = $files | ForEach-Object { $n++; [pscustomobject]@{ TenantId = "tenant$n"; Path = $_.FullName } }
        }
        Do     = { $script:pairs | Import-UsageRecord }
    }

    # Balances.
    'tenants'               = @{ Do = { New-TenantLedger $Tenants; $script:ids | Add-CreditFunds -Amount 25 } }
    'lots'                  = @{ Do = { 1..10 | ForEach-Object { $script:ids | Add-CreditFunds -Amount 25 } } }
    'balances'              = @{ Do = { Get-CreditBalance | Measure-Object } }
    'balances-empty'        = @{ Do = { 1..$Tenants | ForEach-Object { [pscustomobject]@{ TenantId = "tenant$_"; Balance = 25d; Currency = 'USD'; Name = "tenant$_" } } | Measure-Object } }

    # Writes, one by one and many at once.
    'funds'                 = @{ Before = { New-TenantLedger $Tenants }; Do = { $script:ids | Add-CreditFunds -Amount 25 } }
    'funds-singly'          = @{ Before = { New-TenantLedger $few }; Do = { foreach ($id in $script:ids) { Add-CreditFunds $id.TenantId 25 } } }
    'rules'                 = @{ Before = { New-TenantLedger $Tenants }; Do = { $script:ids | Set-AutoRecharge -MinimumBalance 10 -RechargeAmount 50 } }
    'rules-singly'          = @{ Before = { New-TenantLedger $few }; Do = { foreach ($id in $script:ids) { Set-AutoRecharge $id.TenantId -MinimumBalance 10 -RechargeAmount 50 } } }
    'maintenance'           = @{ Before = { New-TenantLedger $Tenants; $script:ids | Add-CreditFunds -Amount 25 }; Do = { Invoke-CreditMaintenance } }
    'funds-to-many-lots'    = @{
        Before = { New-TenantLedger 1; 1..([int]($Tenants / 2)) | ForEach-Object { [pscustomobject]@{ TenantId = 'tenant1' } } | Add-CreditFunds -Amount 1 }
        Do     = { foreach ($i in 1..$few) { Add-CreditFunds tenant1 1 } }
    }
}

function Read-Written {
    if (Test-Path /proc/self/io) { [long]((Get-Content /proc/self/io | Where-Object { $_ -like 'write_bytes*' }) -replace '\D') } else { 0 }
}

while ($line = [Console]::In.ReadLine()) {
    $job = $jobs[$line]
    if ($job.Before) { & $job.Before | Out-Null }
    [GC]::Collect()
    $process = [System.Diagnostics.Process]::GetCurrentProcess()
    $written = Read-Written
    $cpu = $process.TotalProcessorTime
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    & $job.Do | Out-Null
    $wall = $watch.Elapsed
    $process.Refresh()
    $size = if ($script:path) { (Get-Item $script:path).Length } else { 0 }
    [Console]::Out.WriteLine((ConvertTo-Json -Compress @{
                Wall    = $wall.TotalSeconds
                Cpu     = ($process.TotalProcessorTime - $cpu).TotalSeconds
                Written = (Read-Written) - $written
                Peak    = $process.PeakWorkingSet64
                Size    = [long]$size
            }))
}
Close-Ledger
