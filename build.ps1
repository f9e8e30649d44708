#Requires -Version 7.4
<#
.SYNOPSIS
A thin wrapper over dotnet: Build stages the module, Test runs every test, Package zips the staged module, Bench measures the main job.
.EXAMPLE
./build.ps1 Test
#>
param(
    [ValidateSet('Build', 'Test', 'Package', 'Bench')] [string] $Task = 'Build',
    [Parameter(ValueFromRemainingArguments)] $Arguments
)
$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Test' { dotnet test }
        default { dotnet build }
    }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    $module = Get-ChildItem out/CommunicationsCredits -Directory | Sort-Object { [version]$_.Name } | Select-Object -Last 1
    switch ($Task) {
        'Package' { Compress-Archive $module.FullName "out/CommunicationsCredits.$($module.Name).zip" -Force -PassThru }
        'Bench' { & ./tests/CommunicationsCredits.Benchmarks/job.ps1 @Arguments }
    }
}
finally {
    Pop-Location
}
