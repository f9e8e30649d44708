BeforeDiscovery {
    # Every command that takes tenants by value and by property name.
    $commands = @(
        @{ Command = 'Get-CreditTenant'; Settings = @{} }
        @{ Command = 'Get-CreditFunds'; Settings = @{} }
        @{ Command = 'Get-CreditBalance'; Settings = @{} }
        @{ Command = 'Get-CreditTransaction'; Settings = @{ Kind = 'Purchase' } }
        @{ Command = 'Get-UsageRecord'; Settings = @{} }
        @{ Command = 'Get-UsageImport'; Settings = @{} }
        @{ Command = 'Set-CreditTenant'; Settings = @{ Country = 'DE'; PassThru = $true } }
        @{ Command = 'Add-CreditFunds'; Settings = @{ Amount = 1; PassThru = $true } }
        @{ Command = 'Update-UsageRecord'; Settings = @{} }
    )
}

BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $guid = [guid]'9c4984c7-6c3c-427d-a30c-bd0b2eacee90'
    Connect-TestLedger
    New-CreditTenant contoso.com, $guid, 4711
    Import-TestRate
    foreach ($id in 'contoso.com', "$guid", '4711') {
        Add-CreditFunds $id 10
        New-TeamsRow 1 | Import-UsageRecord -TenantId $id | Out-Null
    }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'A tenant of <Command>' -ForEach $commands {
    It 'comes as <Text>' -ForEach @(
        @{ Text = 'a string'; Given = { 'contoso.com' }; Id = 'contoso.com' }
        @{ Text = 'a GUID'; Given = { $guid }; Id = '9c4984c7-6c3c-427d-a30c-bd0b2eacee90' }
        @{ Text = 'an array in one piece'; Given = { , @('contoso.com', '4711') }; Id = 'contoso.com', '4711' }
        @{ Text = 'TenantId'; Given = { [pscustomobject]@{ TenantId = 'contoso.com' } }; Id = 'contoso.com' }
        @{ Text = 'Tenant'; Given = { [pscustomobject]@{ Tenant = 'contoso.com' } }; Id = 'contoso.com' }
        @{ Text = 'CustomerId'; Given = { [pscustomobject]@{ customerid = 'contoso.com' } }; Id = 'contoso.com' }
        @{ Text = 'Id'; Given = { [pscustomobject]@{ Id = 'contoso.com' } }; Id = 'contoso.com' }
        @{ Text = 'a GUID as a property'; Given = { [pscustomobject]@{ Id = $guid } }; Id = '9c4984c7-6c3c-427d-a30c-bd0b2eacee90' }
        @{ Text = 'a number as a property'; Given = { [pscustomobject]@{ CustomerId = 4711 } }; Id = '4711' }
        @{ Text = 'TenantId rather than Id'; Given = { [pscustomobject]@{ Id = 'nobody'; TenantId = 'contoso.com' } }; Id = 'contoso.com' }
        @{ Text = 'a row of a CSV'; Given = { "TenantId,Other`ncontoso.com,x" | ConvertFrom-Csv }; Id = 'contoso.com' }
        @{ Text = 'a tenant'; Given = { Get-CreditTenant contoso.com }; Id = 'contoso.com' }
        @{ Text = 'a balance'; Given = { Get-CreditBalance contoso.com }; Id = 'contoso.com' }
    ) {
        (& $Given | & $Command @Settings -ErrorVariable problem).TenantId | Select-Object -Unique | Should -Be $Id
        $problem | Should -BeNullOrEmpty
    }

    It 'comes as an argument too: an array, a GUID, a number' {
        (& $Command contoso.com, $guid, 4711 @Settings).TenantId | Select-Object -Unique | Should -Be 'contoso.com', "$guid", '4711'
        $number = 4711 | Write-Output
        (& $Command $number @Settings).TenantId | Select-Object -Unique | Should -Be '4711'
    }

    It 'is never <Text>, and the others go on' -ForEach @(
        @{ Text = 'an object without an id'; Given = { [pscustomobject]@{ Name = 'x' } } }
        @{ Text = 'a number'; Given = { 4711 } }
        @{ Text = 'a date'; Given = { [datetime]'2026-01-01' } }
        @{ Text = 'a hashtable'; Given = { @{ TenantId = 'contoso.com' } } }
        @{ Text = 'an empty cell'; Given = { [pscustomobject]@{ TenantId = '' } } }
        @{ Text = 'a property of null'; Given = { [pscustomobject]@{ TenantId = $null } } }
        @{ Text = 'an empty string'; Given = { '' } }
    ) {
        $found = & { & $Given; 'contoso.com' } | & $Command @Settings -ErrorAction SilentlyContinue -ErrorVariable problem
        $found.TenantId | Select-Object -Unique | Should -Be 'contoso.com'
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -BeIn 'InputObjectNotBound', 'InputObjectMissingMandatory', 'TenantNotFound', 'ParameterArgumentValidationErrorNullNotAllowed'
    }
}

Describe 'A pipeline' {
    It 'creates no tenant of an object' {
        Connect-TestLedger
        [pscustomobject]@{ Name = 'x' }, @{ TenantId = 'y' }, 5, (Get-Date) |
            New-CreditTenant -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-CreditTenant | Should -BeNullOrEmpty
        $problem.Count | Should -Be 4
    }

    It 'of Get- stops when enough was found' {
        Connect-TestLedger
        1..200 | ForEach-Object { 'tenant{0:d3}' -f $_ } | New-CreditTenant
        $passed = [System.Collections.Generic.List[string]]::new()
        (Get-CreditTenant | ForEach-Object { $passed.Add($_.TenantId); $_ } | Select-Object -First 1).TenantId | Should -Be 'tenant001'
        $passed.Count | Should -Be 1
    }

    It 'keeps order and every record through batches' {
        Connect-TestLedger
        $ids = 1..1203 | ForEach-Object { 'tenant{0:d4}' -f $_ }
        ($ids | New-CreditTenant -PassThru).TenantId | Should -Be $ids
        $funds = $ids | Add-CreditFunds -Amount 2.5 -PassThru
        $funds.TenantId | Should -Be $ids
        (Get-CreditBalance | Measure-Object Balance -Sum).Sum | Should -Be (1203 * 2.5)
    }

    It 'answers for each record at its place, errors among them' {
        Connect-TestLedger
        New-CreditTenant a, b
        $answers = 'a', 'x', 'b', 'y' | Add-CreditFunds -Amount 1 -PassThru -ErrorAction Continue 2>&1
        $answers.ForEach({ if ($_ -is [Management.Automation.ErrorRecord]) { "!$($_.TargetObject)" } else { $_.TenantId } }) |
            Should -Be 'a', '!x', 'b', '!y'
    }

    It 'commits what it has while it waits upstream' {
        Connect-TestLedger
        New-CreditTenant a
        $seen = & {
            'a'
            $limit = [datetime]::UtcNow.AddSeconds(20)
            while (-not (Get-CreditFunds a) -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
            Write-Information ("seen: " + @(Get-CreditFunds a).Count)
            'a'
        } 6>&1 | ForEach-Object { if ($_ -is [string]) { Add-CreditFunds $_ -Amount 1 } else { "$_" } }
        $seen | Should -Be 'seen: 1'

        Connect-TestLedger
        New-CreditTenant a
        $script:count = -1
        & {
            'a'
            $limit = [datetime]::UtcNow.AddSeconds(20)
            while (-not (Get-CreditFunds a) -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
            $script:count = @(Get-CreditFunds a).Count
            'a'
        } | Add-CreditFunds -Amount 1
        $script:count | Should -Be 1
        @(Get-CreditFunds a).Count | Should -Be 2
    }

    It 'commits usage objects while it waits upstream' {
        Connect-TestLedger
        New-CreditTenant a
        Import-TestRate
        $script:count = -1
        $import = & {
            New-TeamsRow 1
            $limit = [datetime]::UtcNow.AddSeconds(20)
            while (-not (Get-UsageRecord a) -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
            $script:count = @(Get-UsageRecord a).Count
            New-TeamsRow 2
        } | Import-UsageRecord -TenantId a
        $script:count | Should -Be 1
        $import.Imported | Should -Be 2
    }

    It 'keeps what was accepted before something upstream failed' {
        Connect-TestLedger
        New-CreditTenant a, b
        { & { 'a'; 'b'; throw 'upstream' } | Add-CreditFunds -Amount 3 } | Should -Throw 'upstream'
        (Get-CreditBalance).Balance | Should -Be 3, 3
        { & { New-TeamsRow 1; New-TeamsRow 2; throw 'upstream' } | Import-UsageRecord -TenantId a -WarningAction SilentlyContinue } |
            Should -Throw 'upstream'
        @(Get-UsageRecord a).Count | Should -Be 2
        (Get-UsageImport a).Read | Should -Be 2
    }

    It 'keeps what was accepted when something downstream has enough' {
        Connect-TestLedger
        New-CreditTenant a, b, c
        ('a', 'b', 'c' | Add-CreditFunds -Amount 3 -PassThru | Select-Object -First 1).TenantId | Should -Be 'a'
        (Get-CreditBalance).Balance | Should -Be 3, 3, 3
    }

    It 'keeps what was accepted when it is stopped' {
        Connect-TestLedger
        New-CreditTenant a
        $shell = New-TestSession
        try {
            $ready = [Threading.ManualResetEventSlim]::new()
            $null = $shell.AddScript('param($ready) & { "a"; $ready.Set(); Start-Sleep -Seconds 60; "a" } | Add-CreditFunds -Amount 4').AddArgument($ready)
            $running = $shell.BeginInvoke()
            $ready.Wait(20000) | Should -BeTrue
            $stopped = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $running.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue
            $stopped.Elapsed.TotalSeconds | Should -BeLessThan 10
        }
        finally { $shell.Dispose() }
        (Get-CreditBalance a).Balance | Should -Be 4
    }

    It 'asks for what is missing, where somebody is there to answer' {
        $script = {
            param($module, $ledger)
            Import-Module $module
            Connect-CreditLedger $ledger
            New-CreditTenant
            Add-CreditFunds contoso.com
            (Get-CreditBalance).Balance.ToString([cultureinfo]::InvariantCulture)
        }
        $file = Get-TestPath 'ask.ps1'
        Set-Content $file $script.ToString()
        $answers = 'contoso.com', '', '2.50' -join "`n"
        $answers | & (Get-PowerShellProgram) -NoProfile -File $file (Get-Module CommunicationsCredits).Path (Get-TestPath 'ask.db') |
            Select-Object -Last 1 | Should -Be '2.5'
    }

    It 'writes nothing to the console, and its decisions with -Verbose' {
        Connect-TestLedger
        $streams = New-CreditTenant a -Verbose *>&1
        $streams | ForEach-Object { $_ | Should -BeOfType ([Management.Automation.VerboseRecord]) }
        Add-CreditFunds a 5 *>&1 | Should -BeNullOrEmpty
    }
}
