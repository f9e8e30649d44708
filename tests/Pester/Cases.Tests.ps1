# What spreadsheets, portals and habits make of usage and rates, each as somebody met it: inputs of the same kinds are in the engine's tests.
BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant t -Name Contoso
    New-CreditTenant u -Name Fabrikam
    Add-CreditFunds t 1000 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
    @(
        [pscustomobject]@{ Prefix = '44'; Rate = '0.015' }
        [pscustomobject]@{ Prefix = '447'; Rate = '0.32' }
        [pscustomobject]@{ Prefix = '1'; Rate = '0.01' }
    ) | Import-CreditRate -Name List -EffectiveFrom 2020-01-01

    # A row of Graph's getDirectRoutingCalls: it has all that a call needs.
    function New-RoutedRow {
        param([int] $Number)
        New-GraphRow $Number | Add-Member -PassThru -NotePropertyMembers @{
            inviteDateTime = '2026-01-05T10:00:00Z'; trunkFullyQualifiedDomainName = 'sbc.contoso.com'; finalSipCode = 0; mediaBypassEnabled = $true
        }
    }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Another report' {
    It 'of Direct Routing is named, though each of its rows could be a call: <Name>' -ForEach @(
        @{ Name = 'as objects'; From = { (New-RoutedRow 1), (New-RoutedRow 2) } }
        @{ Name = 'as a page'; From = { @{ value = @(New-RoutedRow 1) } } }
        @{ Name = 'as JSON'; From = { @{ value = @(New-RoutedRow 1) } | ConvertTo-Json -Depth 4 } }
        @{ Name = 'as a file'; From = { $path = Get-TestPath 'routed.json'; @{ value = @(New-RoutedRow 1) } | ConvertTo-Json -Depth 4 | Set-Content $path; Get-Item $path } }
    ) {
        $problem = $null
        . $From | Import-UsageRecord -TenantId t -ErrorAction SilentlyContinue -ErrorVariable problem -WarningAction Ignore | Where-Object Imported | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'UnknownFormat'
        $problem[0].Exception.Message | Should -BeLike '*Direct Routing*getPstnCalls*'
        Get-UsageRecord t | Should -BeNullOrEmpty
    }
}

Describe 'A number with a 0 after the country''s code' {
    It 'is asked about: <Number>' -ForEach @(
        @{ Number = '+44 07700 900123' }, @{ Number = '00 44 07700 900123' }
    ) {
        $cost = Measure-CreditCall $Number 60 -WarningAction SilentlyContinue -WarningVariable warned
        $cost.Cost | Should -Be 0.015
        "$warned" | Should -BeLike '*+447700900123*'
        Get-CreditRate $Number -WarningAction SilentlyContinue -WarningVariable warned | Out-Null
        "$warned" | Should -BeLike '*+447700900123*'
        Test-CreditService t -Service International -Number $Number -WarningAction SilentlyContinue -WarningVariable warned | Out-Null
        "$warned" | Should -BeLike '*+447700900123*'
    }

    It 'is not where it is in brackets, or where numbers begin with 0' {
        (Measure-CreditCall '+44 (0)7700 900123' 60 -WarningVariable warned).Cost | Should -Be 0.32
        Get-CreditRate '+39 06 1234567' -WarningVariable +warned | Should -BeNullOrEmpty
        $warned | Should -BeNullOrEmpty
    }
}

Describe 'A pipe that nobody writes to' -Skip:$IsWindows {
    It 'can be stopped: <Command>' -ForEach @(@{ Command = 'Import-UsageRecord -TenantId t' }, @{ Command = 'Import-CreditRate -Name x' }) {
        $pipe = Get-TestPath "pipe-$([guid]::NewGuid())"
        mkfifo $pipe
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$((Get-Module CommunicationsCredits).Path)'; Connect-CreditLedger '$((Get-CreditLedger).Location)'; '$pipe' | $Command")
        $run = $shell.BeginInvoke()
        Start-Sleep -Milliseconds 1500
        $stop = $shell.BeginStop($null, $null)
        $stop.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue
        $shell.Dispose()
    }
}

Describe 'A quarantine file' {
    It 'is never its own source' {
        $file = New-TeamsRow 1 -Seconds x | Export-TeamsFile own.csv
        $before = (Get-Item $file).Length
        Import-UsageRecord $file -TenantId t -QuarantinePath $file -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'FileExists'
        (Get-Item $file).Length | Should -Be $before
    }
}

Describe 'A preview' {
    It 'lets others write while it reads' {
        # What comes on the pipeline writes to the same ledger: a lock would wait for itself.
        $seen = 1..3 | ForEach-Object { Add-CreditFunds u 1; New-TeamsRow $_ -Charge 1 } | Import-UsageRecord -TenantId t -WhatIf
        $seen.Imported | Should -Be 3
        (Get-CreditBalance u).Balance | Should -Be 3
        Get-UsageRecord t | Should -BeNullOrEmpty
    }

    It 'of calls that another tenant has names it' {
        11..13 | ForEach-Object { New-TeamsRow $_ -Charge 1 } | Import-UsageRecord -TenantId t | Out-Null
        $seen = 11..13 | ForEach-Object { New-TeamsRow $_ -Charge 1 } | Import-UsageRecord -TenantId u -WhatIf -WarningAction SilentlyContinue -WarningVariable warned
        $seen.Imported | Should -Be 3
        "$warned" | Should -BeLike "*'Contoso'*t/I*"
    }
}

Describe 'A toll-free list' {
    It 'says how many kept calls it covers' {
        New-TeamsRow 21 -Type conf_in -Callee +18005550100 -Capability MCOMEETADV | Import-UsageRecord -TenantId t | Out-Null
        [pscustomobject]@{ Prefix = '1800'; Rate = '0.05' } | Import-CreditRate -Name Free -Service TollFreeInbound -EffectiveFrom 2020-01-01 `
            -WarningAction SilentlyContinue -WarningVariable warned
        "$warned" | Should -BeLike "'Free' covers 1 kept call*'Contoso'*Update-UsageRecord*"
        (Update-UsageRecord t).Charged | Should -Be 0.05
        (Get-UsageRecord t -RecordId (Get-TestId 21)).Service | Should -Be 'TollFreeInbound'
    }
}

Describe 'A list without a date' {
    It 'says from when on it is in force' {
        [pscustomobject]@{ Prefix = '53'; Rate = '0.7' } | Import-CreditRate -Name Cuba -InformationVariable told 6> $null
        @($told).MessageData.Message | Should -BeLike "'Cuba' is in force from ????-??-01 on; -EffectiveFrom says another date."
    }
}
