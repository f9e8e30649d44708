BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Undo-CreditTransaction' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01
    }

    It 'returns the money of a call to its lot, once (C1)' {
        New-TeamsRow | Import-UsageRecord -TenantId contoso.com | Out-Null
        (Get-CreditFunds contoso.com).Remaining | Should -BeLessThan 100
        $usage = Get-CreditTransaction contoso.com -Kind Usage
        $reversal = $usage | Undo-CreditTransaction -Reason 'Wrong tenant' -Confirm:$false -PassThru
        $reversal.Kind | Should -Be 'Reversal'
        $reversal.Amount | Should -Be (-$usage.Amount)
        $reversal.EffectiveAt | Should -Be $usage.EffectiveAt
        $reversal.Description | Should -Be 'Wrong tenant'
        (Get-CreditFunds contoso.com).Remaining | Should -Be 100
        (Get-UsageRecord contoso.com).Status | Should -Be 'Reversed'

        Undo-CreditTransaction $usage.TransactionId -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'AlreadyReversed'
        $failed[0].TargetObject | Should -Be $usage.TransactionId
        Test-CreditLedger | Should -BeTrue
    }

    It 'undoes a purchase that nothing is drawn from' {
        $purchase = Get-CreditTransaction contoso.com -Kind Purchase
        Undo-CreditTransaction $purchase.TransactionId -Confirm:$false
        (Get-CreditBalance contoso.com).Balance | Should -Be 0
        (Get-CreditFunds contoso.com -IncludeSpent).Status | Should -Be 'Reversed'
    }

    It 'refuses a purchase that something is drawn from, and a setting' {
        New-TeamsRow | Import-UsageRecord -TenantId contoso.com | Out-Null
        $entries = Get-CreditTransaction contoso.com -Kind Purchase, Setting
        $entries | Undo-CreditTransaction -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | ForEach-Object { Get-ErrorId $_ } | Should -Be ('ReversalRefused', 'ReversalRefused', 'ReversalRefused')
    }

    It 'refuses an entry of another tenant than the one given, and one that is not there' {
        $purchase = Get-CreditTransaction contoso.com -Kind Purchase
        Undo-CreditTransaction $purchase.TransactionId -TenantId fabrikam.com -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'TransactionNotFound'
        Undo-CreditTransaction contoso.com/999 -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'TransactionNotFound'
    }

    It 'changes nothing under -WhatIf, and answers what it would be' {
        $purchase = Get-CreditTransaction contoso.com -Kind Purchase
        (Undo-CreditTransaction $purchase.TransactionId -WhatIf -PassThru).BalanceAfter | Should -Be 0
        (Get-CreditBalance contoso.com).Balance | Should -Be 100
    }
}
