# Runs Pester suites, one after another, as they are asked for through a pipe; answers with what became of each test.
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Suites,
    [Parameter(Mandatory)] [string] $Pipe
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester
. "$PSScriptRoot/SuiteTest.ps1"

# The errors of the blocks around a test, and of its suite: a failing AfterAll fails no test of its own.
function Get-BlockProblem {
    param($Block)
    for (; $Block; $Block = $Block.Parent) { $Block.ErrorRecord }
}

$stream = [IO.Pipes.NamedPipeClientStream]::new('.', $Pipe, 'InOut', 'Asynchronous')
$stream.Connect(60000)
$reader, $writer = [IO.StreamReader]::new($stream), [IO.StreamWriter]::new($stream)
$environment = [Environment]::GetEnvironmentVariables()
$culture, $uiCulture = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture
while ($null -ne ($line = $reader.ReadLine())) {
    $request = ConvertFrom-Json $line
    $answer = [ordered]@{ Problem = ''; Results = @() }
    $path = Join-Path $Suites $request.Suite
    try {
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = $path
        $configuration.Run.PassThru = $true
        $configuration.Output.Verbosity = 'None'
        if ($request.Lines) { $configuration.Filter.Line = @($request.Lines).ForEach({ "${path}:$_" }) }
        $run = & { Invoke-Pester -Configuration $configuration }
        $container = $run.Containers[0]
        $answer.Problem = Get-ProblemText $container.ErrorRecord
        $tests = @(Get-SuiteTest $container)
        $answer.Results = @(for ($i = 0; $i -lt $tests.Count; $i++) {
                $test = $tests[$i]
                if (-not $test.ShouldRun) { continue }
                $last = $test -eq $test.Block.Tests.Where({ $_.ShouldRun })[-1]
                $errors = @($test.ErrorRecord) + @(if ($last -or $test.Result -eq 'Failed' -or -not $test.Executed) { Get-BlockProblem $test.Block })
                $problem = Get-ProblemText $errors
                [ordered]@{
                    Number = $i; Name = $test.Name; Milliseconds = $test.Duration.TotalMilliseconds; Problem = $problem
                    Result = $test.Result -eq 'Skipped' ? 'Skipped' : $test.Result -eq 'Passed' -and -not $problem ? 'Passed' : 'Failed'
                    Reason = $test.Result -eq 'Skipped' ? "$($test.ErrorRecord.Exception.Message)" : ''
                }
            })
    }
    catch { $answer.Problem = Get-ProblemText $_ }

    # The next suite finds the session as this one did.
    $known = [Environment]::GetEnvironmentVariables()
    foreach ($name in $known.Keys) { if (-not $environment.Contains($name)) { [Environment]::SetEnvironmentVariable($name, $null) } }
    foreach ($name in $environment.Keys) { if ($known[$name] -cne $environment[$name]) { [Environment]::SetEnvironmentVariable($name, $environment[$name]) } }
    [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture = $culture, $uiCulture
    $writer.WriteLine((ConvertTo-Json $answer -Compress -Depth 4 -EscapeHandling EscapeNonAscii))
    $writer.Flush()
}
