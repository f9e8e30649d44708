#Requires -Version 7.4
# Runs the tests and prints the branches and lines that they reach, a folder of src at a time. The engine is counted in the test process and
# in the PowerShells of the Pester suites, the cmdlets in those PowerShells.
param(
    # Which tests, as dotnet test --filter takes it; all but those of the tier Prove where it is not given.
    [string] $Filter = 'Tier!=Prove',

    # The test projects.
    [string[]] $Project = ('CommunicationsCredits.Rules.Tests', 'CommunicationsCredits.Ledger.Tests', 'CommunicationsCredits.Tests')
)
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$output = Join-Path $root 'out/cover'
if (Test-Path $output) { Remove-Item $output -Recurse -Force }
$staged = Get-ChildItem "$root/out/CommunicationsCredits" -Directory | Sort-Object { [version]$_.Name } | Select-Object -Last 1
$module = New-Item -ItemType Directory "$output/module/CommunicationsCredits"
Copy-Item $staged.FullName $module -Recurse
$module = Join-Path $module $staged.Name

# What is instrumented lies beside the tests; the module has the same files under a second name, and so is instrumented with them.
foreach ($assembly in Get-ChildItem "$module/*.dll", "$module/deps/CommunicationsCredits*.dll") {
    $tested = Get-Item "$root/tests/CommunicationsCredits.Tests/bin/Debug/*/$($assembly.Name)"
    Remove-Item $assembly
    $null = New-Item -ItemType HardLink -Path $assembly.FullName -Target $tested.FullName
}

$env:COMMUNICATIONSCREDITS_MODULE = Join-Path $module 'CommunicationsCredits.psd1'
try {
    foreach ($name in $Project) {
        $setting = 'DataCollectionRunSettings.DataCollectors.DataCollector.Configuration'
        dotnet test --no-build "$root/tests/$name" --filter $Filter --collect 'XPlat Code Coverage' --results-directory "$output/$name" -- `
            "$setting.Format=json" "$setting.Include=[CommunicationsCredits]*,[CommunicationsCredits.Contracts]*,[CommunicationsCredits.Ledger]*" | Out-Host
        if ($LASTEXITCODE) { Write-Warning "$name has tests that fail; what they reached is counted." }
    }
}
finally { Remove-Item Env:COMMUNICATIONSCREDITS_MODULE }

# One run's hits are added to another's: the same line or branch of the same source.
$lines, $branches = @{}, @{}
foreach ($file in Get-ChildItem $output -Recurse -Filter coverage.json) {
    $modules = [IO.File]::ReadAllText($file) | ConvertFrom-Json -AsHashtable
    foreach ($documents in $modules.Values) {
        foreach ($document in $documents.Keys) {
            if ($document -match '[\\/]obj[\\/]') { continue }
            foreach ($methods in $documents[$document].Values) {
                foreach ($method in $methods.Keys) {
                    foreach ($line in $methods[$method].Lines.GetEnumerator()) {
                        $lines["$document|$($line.Key)"] += $line.Value
                    }
                    foreach ($branch in $methods[$method].Branches) {
                        $branches["$document|$method|$($branch.Line)|$($branch.Offset)|$($branch.Path)|$($branch.Ordinal)"] += $branch.Hits
                    }
                }
            }
        }
    }
}
if (-not $lines.Count) { throw 'Nothing was counted: the tests left no coverage.json.' }

$folders = [ordered]@{}
function Add-Count {
    param($Counted, [string] $Kind)
    foreach ($item in $Counted.GetEnumerator()) {
        $folder = [IO.Path]::GetRelativePath("$root/src", (Split-Path ($item.Key -split '\|')[0])).Replace('\', '/')
        $count = $folders[$folder] ??= @{ Lines = 0; LinesHit = 0; Branches = 0; BranchesHit = 0 }
        $count[$Kind]++
        if ($item.Value) { $count["${Kind}Hit"]++ }
    }
}
Add-Count $lines 'Lines'
Add-Count $branches 'Branches'
function Get-Share { param($Part, $Whole) if ($Whole) { '{0:0.0} %' -f (100 * $Part / $Whole) } else { '' } }
$total = @{ Lines = 0; LinesHit = 0; Branches = 0; BranchesHit = 0 }
foreach ($count in $folders.Values) { foreach ($key in @($total.Keys)) { $total[$key] += $count[$key] } }
$rows = @($folders.GetEnumerator() | Sort-Object Key | ForEach-Object { , ($_.Key, $_.Value) }) + , ('all', $total)
$rows | ForEach-Object {
    $name, $count = $_
    [pscustomobject]@{
        Folder = $name; Branches = Get-Share $count.BranchesHit $count.Branches; Of = $count.Branches
        Lines = Get-Share $count.LinesHit $count.Lines; OfLines = $count.Lines
    }
} | Format-Table Folder, @{ Name = 'Branches'; Expression = 'Branches'; Align = 'Right' }, Of, @{ Name = 'Lines'; Expression = 'Lines'; Align = 'Right' }, OfLines
