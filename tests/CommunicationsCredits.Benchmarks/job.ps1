#Requires -Version 7.4
<#
.SYNOPSIS
The whole main job beside what only reading the same file costs, in one PowerShell: medians of several runs.
.DESCRIPTION
Imports a Teams export into a new ledger against a rate list, imports it again (all duplicates), and reads it with Import-Csv.
A large export is made by shared/bench/make-usage.py. Prints rates and the peak memory of the process.
.EXAMPLE
./tests/CommunicationsCredits.Benchmarks/job.ps1 usage.csv rates.csv -Runs 3
#>
param(
    [Parameter(Mandatory)] [string] $Usage,
    [Parameter(Mandatory)] [string] $Rates,
    [string] $Module = (Get-ChildItem "$PSScriptRoot/../../out/CommunicationsCredits/*/CommunicationsCredits.psd1" | Select-Object -Last 1),
    [int] $Runs = 5
)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$folder = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "bench-$([guid]::NewGuid().ToString('N'))")

function Measure-Median([scriptblock] $Job) {
    $seconds = 1..$Runs | ForEach-Object { (Measure-Command $Job).TotalSeconds } | Sort-Object
    $seconds[[int][math]::Floor($Runs / 2)]
}

try {
    $run = 0
    $records = 0
    $first = Measure-Median {
        Connect-CreditLedger (Join-Path $folder "$((++$script:run)).db")
        New-CreditTenant bench
        Import-CreditRate $Rates -Name Bench -EffectiveFrom 2000-01-01
        $script:records = (Import-UsageRecord $Usage -TenantId bench -WarningAction Ignore).Read
    }
    $again = Measure-Median { Import-UsageRecord $Usage -TenantId bench -WarningAction Ignore }
    Disconnect-CreditLedger | Out-Null
    $peak = [System.Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB
    $read = Measure-Median { Import-Csv $Usage | Measure-Object }
    [pscustomobject]@{
        Records             = $records
        'Import, s'         = [math]::Round($first, 2)
        'Again, s'          = [math]::Round($again, 2)
        'Import-Csv, s'     = [math]::Round($read, 2)
        'Import / Csv rate' = [math]::Round($read / $first, 2)
        'Again / Csv rate'  = [math]::Round($read / $again, 2)
        'Peak, MB'          = [math]::Round($peak)
    } | Format-List
}
finally {
    Remove-Item $folder -Recurse -Force
}
