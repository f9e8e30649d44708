#Requires -Version 7.4
<#
.SYNOPSIS
The whole main job beside what only reading the same file costs, in one PowerShell: medians of several runs.
.DESCRIPTION
Imports a Teams export into a new ledger against a rate list, imports it again (all duplicates), and reads it with Import-Csv.
Without files, it makes up an export of -Records calls and takes the rate list of the README's morning.
Prints rates and the peak memory of the process.
.EXAMPLE
./tests/CommunicationsCredits.Benchmarks/job.ps1 -Records 1000000
.EXAMPLE
./tests/CommunicationsCredits.Benchmarks/job.ps1 usage.csv rates.csv -Runs 3
#>
param(
    [string] $Usage,
    [string] $Rates = "$PSScriptRoot/../../samples/morning/rates.csv",
    [int] $Records = 100000,
    [string] $Module = (Get-ChildItem "$PSScriptRoot/../../out/CommunicationsCredits/*/CommunicationsCredits.psd1" | Select-Object -Last 1),
    [int] $Runs = 5
)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$folder = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "bench-$([guid]::NewGuid().ToString('N'))")

# The same calls each time: users, numbers and call types go round at paces that have no common multiple.
function New-Usage([string] $Path) {
    $writer = [System.IO.StreamWriter]::new($Path)
    $start = [datetime]::new(2026, 1, 1, 0, 0, 0, [System.DateTimeKind]::Utc)
    $to = '+1425555', '+1212555', '+1416555', '+4420794'
    $types = 'user_out', 'user_out', 'conf_out', 'user_in', 'user_out'
    try {
        $writer.WriteLine('UsageId,User Location,UPN,Caller ID,Call Type,Domestic/International,Destination Dialed,Destination Number,Start Time,Duration Seconds,Charge,Currency,Capability')
        for ($i = 0; $i -lt $Records; $i++) {
            $began = $start.AddSeconds($i * (28 * 86400 / $Records)).ToString('o', [cultureinfo]::InvariantCulture)
            $writer.WriteLine(('{0:x8}-0000-4000-8000-000000000000,US,user{1}@contoso.com,+1425555{1:d4},{2},International,,{3}{4:d4},{5},{6},,USD,MCOPSTN2' -f
                    $i, ($i % 499), $types[$i % 5], $to[$i % 4], ($i % 9973), $began, (1 + $i % 1499)))
        }
    }
    finally {
        $writer.Dispose()
    }
}

function Measure-Median([scriptblock] $Job) {
    $seconds = 1..$Runs | ForEach-Object { (Measure-Command $Job).TotalSeconds } | Sort-Object
    $seconds[[int][math]::Floor($Runs / 2)]
}

try {
    if (-not $Usage) {
        $Usage = Join-Path $folder 'usage.csv'
        New-Usage $Usage
    }

    $run = 0
    $imported = 0
    $first = Measure-Median {
        Connect-CreditLedger (Join-Path $folder "$((++$script:run)).db")
        New-CreditTenant bench
        Import-CreditRate $Rates -Name Bench -EffectiveFrom 2000-01-01
        $script:imported = (Import-UsageRecord $Usage -TenantId bench -WarningAction Ignore).Read
    }
    $again = Measure-Median { Import-UsageRecord $Usage -TenantId bench -WarningAction Ignore }
    Disconnect-CreditLedger | Out-Null
    $peak = [System.Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB
    $read = Measure-Median { Import-Csv $Usage | Measure-Object }
    [pscustomobject]@{
        Records             = $imported
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
