BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Add-CreditAdjustment' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com
    }

    It 'gives money that is not bought (C3)' {
        Add-CreditAdjustment contoso.com 25 -Reason 'Goodwill' | Should -BeNullOrEmpty
        (Get-CreditBalance contoso.com).Balance | Should -Be 25
        (Get-CreditFunds contoso.com).Source | Should -Be 'Adjustment'
        $entry = Get-CreditTransaction contoso.com -Kind Adjustment
        $entry.Amount | Should -Be 25
        $entry.Description | Should -BeLike '*Goodwill'
    }

    It 'takes money like a call made now (C3)' {
        Add-CreditFunds contoso.com 100
        $entry = Add-CreditAdjustment contoso.com -30.5 -Reason 'Charged elsewhere' -PassThru
        $entry.Amount | Should -Be -30.5
        $entry.BalanceAfter | Should -Be 69.5
        (Get-CreditFunds contoso.com).Remaining | Should -Be 69.5
    }

    It 'is made once under a key, and says so when the parameters differ (C2)' {
        1..2 | ForEach-Object { Add-CreditAdjustment contoso.com 10 -IdempotencyKey k1 }
        (Get-CreditBalance contoso.com).Balance | Should -Be 10
        Add-CreditAdjustment contoso.com 11 -IdempotencyKey k1 -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'IdempotencyConflict'
        $failed[0].TargetObject | Should -Be 'contoso.com'
    }

    It 'refuses <Amount> with <Id>' -ForEach @(
        @{ Amount = 0; Id = 'InvalidAmount' }
        @{ Amount = '1,50'; Id = 'InvalidAmount' }
    ) {
        Add-CreditAdjustment contoso.com $Amount -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be $Id
    }

    It 'refuses a card number in the reason, and does not repeat it (R9)' {
        Add-CreditAdjustment contoso.com 5 -Reason 'card 4111 1111 1111 1111' -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'CardNumberRefused'
        $failed[0].Exception.Message | Should -Not -BeLike '*4111*'
    }

    It 'posts nothing under -WhatIf, and answers what it would be' {
        $entry = Add-CreditAdjustment contoso.com 5 -WhatIf -PassThru
        $entry.BalanceAfter | Should -Be 5
        (Get-CreditBalance contoso.com).Balance | Should -Be 0
    }
}
