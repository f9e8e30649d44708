#Requires -Version 7.4
# Changes the rules of a folder a little at a time (dotnet-stryker), runs the rule tests on each change, and prints how many they notice.
# Where a test notices nothing, the report in out/mutation says what was changed.
param(
    [ValidateSet('Money', 'Funds', 'Rates', 'Pools', 'Recharge', 'Posting')]
    [string[]] $Folder = ('Money', 'Funds', 'Rates', 'Pools', 'Recharge', 'Posting')
)
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot

# The pure rules of each folder: what posts, stores or asks a gateway is judged by the tests of whole ledgers.
$rules = @{
    Money = 'Money/*.cs', 'Time/*.cs'
    Funds = 'Funds/DrawDown.cs', 'Funds/BalanceRules.cs', 'Funds/Lot.cs', 'Funds/LotTerms.cs'
    Rates = 'Rates/NumberDigits.cs', 'Rates/RateBook.cs', 'Rates/Rater.cs', 'Rates/RateTerms.cs'
    Pools = 'Pools/Pool.cs', 'Pools/ZoneA.cs', 'Pools/LicenseCapability.cs'
    Recharge = 'Recharge/RechargeSizing.cs', 'Recharge/RechargeRule.cs'
    Posting = 'Posting/HashChain.cs', 'Posting/Idempotency.cs'
}
Push-Location "$root/tests/CommunicationsCredits.Rules.Tests"
try {
    dotnet tool restore | Out-Null
    foreach ($name in $Folder) {
        $output = Join-Path $root "out/mutation/$name"
        dotnet stryker --output $output @($rules[$name].ForEach({ '--mutate', "**/$_" })) | Out-Host
        if ($LASTEXITCODE) { throw "dotnet stryker ended with exit code $LASTEXITCODE." }
        $report = Get-Content "$output/reports/mutation-report.json" -Raw | ConvertFrom-Json -AsHashtable
        $states = @($report.files.Values.ForEach({ $_.mutants.ForEach({ $_.status }) }))
        $count = @{}
        foreach ($state in 'Killed', 'Timeout', 'Survived', 'NoCoverage') { $count[$state] = $states.Where({ $_ -eq $state }).Count }
        $noticed, $all = ($count.Killed + $count.Timeout), ($count.Killed + $count.Timeout + $count.Survived + $count.NoCoverage)
        [pscustomobject]@{
            Folder = $name; Score = $all ? '{0:0.0} %' -f (100 * $noticed / $all) : ''
            Noticed = $noticed; Survived = $count.Survived; Untested = $count.NoCoverage
        }
    }
}
finally { Pop-Location }
