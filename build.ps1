#Requires -Version 7.4
<#
.SYNOPSIS
A thin wrapper over dotnet. Build stages the module, Package makes its .nupkg, with a bill of materials in it. Tests come in three tiers: Test runs those of every day (dotnet test),
Prove those that run for long and go on where they ended, Bench measures
the jobs of docs/performance.md and writes its tables (-- --quick takes a minute, and writes nothing). Cover prints what the tests reach, a folder at a time;
Mutate how many small changes of the rules they notice.
.EXAMPLE
./build.ps1 Test
.EXAMPLE
./build.ps1 Cover -Filter DisplayName~Get-CreditBalance
.EXAMPLE
./build.ps1 Mutate Money, Funds
.NOTES
Without a PowerShell of your own: build/PowerShell/commands/pwsh ./build.ps1 is the one that dotnet restore brought.
#>
param(
    [ValidateSet('Build', 'Test', 'Prove', 'Bench', 'Cover', 'Mutate', 'Package')] [string] $Task = 'Build',
    [Parameter(ValueFromRemainingArguments)] $Arguments
)
$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Test' { dotnet test }
        'Prove' { dotnet test --filter Tier=Prove }
        default { dotnet build }
    }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    $module = Get-ChildItem out/CommunicationsCredits -Directory | Sort-Object { [version]$_.Name } | Select-Object -Last 1
    switch ($Task) {
        'Package' {
            # What is in it, as a software bill of materials beside its files (CycloneDX).
            dotnet tool restore | Out-Null
            dotnet CycloneDX src/CommunicationsCredits/CommunicationsCredits.csproj --output $module.FullName --filename sbom.cdx.json --output-format Json `
                --set-name CommunicationsCredits --set-version $module.Name --set-type Library --no-serial-number | Out-Null
            if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

            # The package that Publish-PSResource -NupkgPath takes, and a repository that is a folder.
            $package = "out/CommunicationsCredits.$($module.Name).nupkg"
            Remove-Item $package -ErrorAction Ignore
            Compress-PSResource -Path $module.FullName -DestinationPath out
            Get-Item $package
        }
        'Bench' { dotnet run -c Release --project tests/CommunicationsCredits.Benchmarks -- @Arguments; if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE } }
        'Cover' { & ./build/Measure-Coverage.ps1 @Arguments }
        'Mutate' {
            # A list of folders comes as one argument.
            $folders = @($Arguments | ForEach-Object { $_ })
            if ($folders) { ./build/Measure-Mutation.ps1 -Folder $folders } else { ./build/Measure-Mutation.ps1 }
        }
    }
}
finally {
    Pop-Location
}
