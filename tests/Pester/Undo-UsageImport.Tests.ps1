BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Undo-UsageImport' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com
        Import-TestRate
        Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01
    }

    It 'reverses all that an import kept, and keeps its records known (C1)' {
        $import = 1..5 | ForEach-Object { New-TeamsRow $_ } | Import-UsageRecord -TenantId contoso.com
        $undone = $import | Undo-UsageImport -Reason 'Wrong file' -Confirm:$false -PassThru
        $undone.Charged | Should -Be (-$import.Charged)
        $undone.BalanceAfter | Should -Be 100
        (Get-UsageRecord contoso.com).Status | Sort-Object -Unique | Should -Be 'Reversed'

        (1..5 | ForEach-Object { New-TeamsRow $_ } | Import-UsageRecord -TenantId contoso.com).Duplicate | Should -Be 5
        (1..5 | ForEach-Object { New-TeamsRow $_ } | Import-UsageRecord -TenantId contoso.com -OnConflict Correct).Imported | Should -Be 5
        (Get-CreditBalance contoso.com).Balance | Should -Be (100 - $import.Charged)
        Test-CreditLedger | Should -BeTrue
    }

    It 'says when it was undone before, or is not there' {
        $import = New-TeamsRow | Import-UsageRecord -TenantId contoso.com
        $import | Undo-UsageImport -Confirm:$false | Out-Null
        Undo-UsageImport $import.ImportId -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'AlreadyReversed'
        Undo-UsageImport contoso.com/I99 -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'ImportNotFound'
        $failed[0].TargetObject | Should -Be 'contoso.com/I99'
    }

    It 'changes nothing under -WhatIf' {
        $import = New-TeamsRow | Import-UsageRecord -TenantId contoso.com
        ($import | Undo-UsageImport -WhatIf -PassThru).BalanceAfter | Should -Be 100
        (Get-CreditBalance contoso.com).Balance | Should -Be $import.BalanceAfter
    }
}
