BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditPaymentMethod' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name card
        Set-CreditPaymentMethod contoso.com card
        Set-CreditPaymentMethod contoso.com po
    }

    It 'removes one' {
        Remove-CreditPaymentMethod contoso.com CARD -Confirm:$false | Should -BeNullOrEmpty
        (Get-CreditPaymentMethod).Name | Should -Be 'po'
    }

    It 'removes of a pipeline exactly what is on it' {
        Get-CreditPaymentMethod -Name po | Remove-CreditPaymentMethod -Confirm:$false
        (Get-CreditPaymentMethod).Name | Should -Be 'card'
    }

    It 'does not take a tenant''s name for a method''s' {
        Get-CreditTenant | Remove-CreditPaymentMethod -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'RuleInvalid'
        (Get-CreditPaymentMethod).Count | Should -Be 2
    }

    It 'keeps one that a rule pays by' {
        Set-AutoRecharge contoso.com -MinimumBalance 10 -RechargeAmount 50 -MaximumPerMonth 100 -PaymentMethod card
        Remove-CreditPaymentMethod contoso.com card -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'RuleInvalid'
        $problem[0].TargetObject | Should -Be 'contoso.com'
        (Get-CreditPaymentMethod).Count | Should -Be 2
    }

    It 'is told of one that is not there' {
        Remove-CreditPaymentMethod contoso.com nothing -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'PaymentMethodNotFound'
        $problem[0].TargetObject | Should -Be 'contoso.com'
    }

    It 'keeps everything under -WhatIf' {
        Remove-CreditPaymentMethod contoso.com card -WhatIf
        (Get-CreditPaymentMethod).Count | Should -Be 2
    }
}
