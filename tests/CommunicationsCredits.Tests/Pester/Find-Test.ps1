# Finds the tests of the Pester suites without running them, and writes them as JSON: the suite, the number of the test in it, its line, and
# its name with the values of its case.
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Suites,
    [Parameter(Mandatory)] [string] $Result
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester
. "$PSScriptRoot/SuiteTest.ps1"

# Pester puts the values of a case into names only while it runs them.
function Expand-Name {
    param([string] $Name, $Data)
    if ($Name -notlike '*<*') { return $Name }
    $variables = [Collections.Generic.List[psvariable]]::new()
    foreach ($value in $Data) {
        $variables.RemoveAll({ param($known) $known.Name -eq '_' }) | Out-Null
        $variables.Add([psvariable]::new('_', $value))
        if ($value -is [System.Collections.IDictionary]) {
            foreach ($key in $value.Keys) {
                $variables.RemoveAll({ param($known) $known.Name -eq $key }) | Out-Null
                $variables.Add([psvariable]::new($key, $value[$key]))
            }
        }
    }
    $text = '"' + ($Name -replace '\$', '`$' -replace '"', '`"' -replace '(?<!`)<([^>^`]+)>', '$$($$$1)') + '"'
    try { [scriptblock]::Create($text).InvokeWithContext($null, $variables)[0] } catch { $Name }
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Suites
$configuration.Run.PassThru = $true
$configuration.Run.SkipRun = $true
$configuration.Output.Verbosity = 'None'
$run = Invoke-Pester -Configuration $configuration
$found = foreach ($container in $run.Containers) {
    $suite = $container.Item.Name
    $problem = Get-ProblemText $container.ErrorRecord
    $tests = @(Get-SuiteTest $container)
    if (-not $tests.Count -and -not $problem) { $problem = 'The suite has no test.' }
    if ($problem) { [pscustomobject]@{ Suite = $suite; Number = -1; Line = 0; Name = 'can be read'; Problem = $problem } }
    for ($i = 0; $i -lt $tests.Count; $i++) {
        $names, $data = [Collections.Generic.List[string]]::new(), [Collections.Generic.List[object]]::new()
        $blocks = [Collections.Generic.List[object]]::new()
        for ($block = $tests[$i].Block; $block -and -not $block.IsRoot; $block = $block.Parent) { $blocks.Insert(0, $block) }
        foreach ($block in $blocks) {
            if ($null -ne $block.Data) { $data.Add($block.Data) }
            $names.Add((Expand-Name $block.Name $data))
        }
        if ($null -ne $tests[$i].Data) { $data.Add($tests[$i].Data) }
        $names.Add((Expand-Name $tests[$i].Name $data))
        [pscustomobject]@{ Suite = $suite; Number = $i; Line = $tests[$i].StartLine; Name = $names -join ' › '; Problem = $null }
    }
}
ConvertTo-Json @($found) -Compress | Set-Content $Result
