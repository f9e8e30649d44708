BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Clear-UsageRecord' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com
        Import-TestRate
        1..3 | ForEach-Object { New-TeamsRow $_ -Start "2026-0$($_)-05T10:00:00Z" } | Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'blanks numbers and names before an instant, and the chain still verifies (C4)' {
        $before = (Get-CreditBalance contoso.com).Balance
        Clear-UsageRecord contoso.com 2026-03-01 -Confirm:$false | Should -Be 2
        $records = Get-UsageRecord contoso.com
        $records[0].Caller, $records[0].Callee, $records[0].User | Should -Be @($null, $null, $null)
        $records[2].Callee | Should -Be '+441134960000'
        (Get-CreditBalance contoso.com).Balance | Should -Be $before
        Test-CreditLedger | Should -BeTrue
        Clear-UsageRecord contoso.com 2026-03-01 -Confirm:$false | Should -Be 0
    }

    It 'blanks nothing under -WhatIf, and says how many it would' {
        Clear-UsageRecord contoso.com 2026-03-01 -WhatIf | Should -Be 2
        (Get-UsageRecord contoso.com)[0].Callee | Should -Be '+441134960000'
    }

    It 'refuses an instant that is not ISO 8601, and an unknown tenant' {
        Clear-UsageRecord contoso.com 03/04/2026 -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'InvalidInstant'
        Clear-UsageRecord nobody 2026-03-01 -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'TenantNotFound'
    }
}
