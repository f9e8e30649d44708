BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $manifest = (Get-Module CommunicationsCredits).Path
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Sessions' {
    It 'are one a runspace' {
        Connect-CreditLedger (Get-TestPath 'mine.db')
        $other = Get-TestPath 'other.db'
        Invoke-InRunspace { param($path) Connect-CreditLedger $path; (Get-CreditLedger).Location } $other | Should -Be $other
        (Get-CreditLedger).Location | Should -Be (Get-TestPath 'mine.db')
    }

    It 'end with their runspace' {
        $path = Get-TestPath 'ending.db'
        Invoke-InRunspace { param($path) Connect-CreditLedger $path; New-CreditTenant a } $path
        $limit = [datetime]::UtcNow.AddSeconds(10)
        while ((Test-Path "$path-wal") -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
        "$path-wal" | Should -Not -Exist
    }

    It 'work in ForEach-Object -Parallel' {
        $path = Get-TestPath 'parallel.db'
        Connect-CreditLedger $path
        $ids = 1..40 | ForEach-Object { 'tenant{0:d2}' -f $_ }
        $ids | New-CreditTenant
        $found = $ids | ForEach-Object -ThrottleLimit 6 -Parallel {
            Import-Module $using:manifest
            Connect-CreditLedger $using:path
            1..5 | ForEach-Object { Add-CreditFunds $using:_ 1 } 2>$null
            $id = $_
            foreach ($n in 1..5) { Add-CreditFunds $id 1 }
            Get-CreditBalance $id
        }
        ($found | Sort-Object TenantId).Balance | Should -Be (@(5) * 40)
        Test-CreditLedger | Should -BeTrue
    }

    It 'work in thread jobs, pipelines of many against one tenant' {
        $path = Get-TestPath 'jobs.db'
        Connect-CreditLedger $path
        New-CreditTenant shared
        $jobs = 1..4 | ForEach-Object {
            Start-ThreadJob {
                Import-Module $using:manifest
                Connect-CreditLedger $using:path
                @('shared') * 700 | Add-CreditFunds -Amount 0.01
            }
        }
        $jobs | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        (Get-CreditBalance shared).Balance | Should -Be 28
        (Get-CreditFunds shared).Count | Should -Be 2800
        Test-CreditLedger | Should -BeTrue
    }
}

Describe 'Processes on one ledger' {
    It 'lose nothing' {
        $path = Get-TestPath 'processes.db'
        Connect-CreditLedger $path
        New-CreditTenant shared
        Import-TestRate
        $file = 1..200 | ForEach-Object { New-TeamsRow $_ } | Export-TeamsFile 'processes.csv'
        $script = Get-TestPath 'process.ps1'
        Set-Content $script @'
param($module, $ledger, $usage)
$ErrorActionPreference = 'Stop'
Import-Module $module
Connect-CreditLedger $ledger
@('shared') * 100 | Add-CreditFunds -Amount 1
foreach ($n in 1..10) { Add-CreditFunds shared 1 }
$import = Import-UsageRecord $usage -TenantId shared
"$($import.Imported) $($import.Duplicate)"
'@
        $shell = Get-PowerShellProgram
        $running = 1..4 | ForEach-Object {
            $start = [Diagnostics.ProcessStartInfo]::new($shell)
            foreach ($argument in '-NoProfile', '-NonInteractive', '-File', $script, $manifest, $path, $file) { $start.ArgumentList.Add($argument) }
            $start.RedirectStandardOutput = $start.RedirectStandardError = $true
            [Diagnostics.Process]::Start($start)
        }
        $imported = 0
        foreach ($process in $running) {
            $output = $process.StandardOutput.ReadToEndAsync()
            $errors = $process.StandardError.ReadToEnd()
            $process.WaitForExit()
            $errors | Should -BeNullOrEmpty
            $process.ExitCode | Should -Be 0
            $imported += [int]$output.Result.Trim().Split(' ')[0]
        }
        $imported | Should -Be 200
        (Get-CreditFunds shared -IncludeSpent).Count | Should -Be 440
        (Get-CreditBalance shared).Balance | Should -Be (440 - 4)
        Test-CreditLedger | Should -BeTrue
    }
}
