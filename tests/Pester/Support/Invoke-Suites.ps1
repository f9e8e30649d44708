#Requires -Version 7.4
# Runs one suite after another, as whoever holds the other end of the pipe asks for them, and answers with what became of each test.
# Each suite has a runspace, a home and an environment of its own; only the process is shared.
param(
    [Parameter(Mandatory)] [string] $PipeName,
    [Parameter(Mandatory)] [string] $Pester
)
$ErrorActionPreference = 'Stop'

$runSuite = {
    param($Pester, $Suite)
    Import-Module $Pester
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $Suite
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'None'
    $run = Invoke-Pester -Configuration $configuration

    # What went wrong, with its place, as Pester would show it.
    function Get-Problem {
        param($Records)
        @(foreach ($record in $Records) { "$($record.DisplayErrorMessage ?? $record)`n$($record.DisplayStackTrace ?? $record.ScriptStackTrace)" }) -join "`n"
    }
    @{
        Tests = @(foreach ($test in $run.Tests) {
                @{
                    Name = $test.ExpandedPath; Result = "$($test.Result)"; Seconds = $test.Duration.TotalSeconds
                    Problem = if ($test.Result -ne 'Passed') { Get-Problem $test.ErrorRecord }
                }
            })
        # A block or a file that fails outside its tests: in BeforeAll, in AfterAll, where they are found.
        Others = @(
            foreach ($block in $run.FailedBlocks) { @{ Name = $block.ExpandedPath ?? "$($block.Path)"; Problem = Get-Problem $block.ErrorRecord } }
            foreach ($file in $run.FailedContainers) { @{ Name = 'the file'; Problem = Get-Problem $file.ErrorRecord } }
        )
    }
    if (Get-Module CommunicationsCredits) {
        $null = Disconnect-CreditLedger -ErrorAction Ignore
        Remove-Module CommunicationsCredits
    }
}

$pipe = [System.IO.Pipes.NamedPipeClientStream]::new('.', $PipeName, 'InOut')
$pipe.Connect(60000)
$reader = [IO.StreamReader]::new($pipe)
$writer = [IO.StreamWriter]::new($pipe)
$environment = [Environment]::GetEnvironmentVariables()
$folder = [Environment]::CurrentDirectory
while ($line = $reader.ReadLine()) {
    $asked = $line | ConvertFrom-Json
    foreach ($name in [Environment]::GetEnvironmentVariables().Keys) {
        if (-not $environment.ContainsKey($name)) { [Environment]::SetEnvironmentVariable($name, $null) }
    }
    foreach ($item in $environment.GetEnumerator()) { [Environment]::SetEnvironmentVariable($item.Key, $item.Value) }
    [Environment]::CurrentDirectory = $folder
    $env:XDG_CONFIG_HOME = $asked.Home
    $env:COMMUNICATIONSCREDITS_LEDGER = Join-Path $asked.Home 'ledger.db'
    try {
        $runspace = [runspacefactory]::CreateRunspace($Host)
        $runspace.Open()
        $shell = [powershell]::Create($runspace).AddScript($runSuite).AddArgument($Pester).AddArgument($asked.Suite)
        $answer = @($shell.Invoke())[-1]
        if (-not $answer) { throw $shell.Streams.Error[0] }
    }
    catch { $answer = @{ Tests = @(); Others = @(@{ Name = 'the run'; Problem = "$_`n$($_.ScriptStackTrace)" }) } }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
    }
    $writer.WriteLine(($answer | ConvertTo-Json -Compress -Depth 5))
    $writer.Flush()
}
