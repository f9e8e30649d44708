BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Enable-AutoRecharge' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 250 -MaximumPerMonth 1000
        Disable-AutoRecharge contoso.com | Out-Null
    }

    It 'writes the rule as it stands then' {
        $rule = Get-AutoRecharge | Enable-AutoRecharge -PassThru
        $rule.State | Should -Be 'On'
        $rule.Enabled | Should -Be $true
        $rule.RechargeAmount | Should -Be 250
        (Get-AutoRecharge).State | Should -Be 'On'
    }

    It 'clears what declines hold against a rule' {
        Enable-AutoRecharge contoso.com | Out-Null
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth 2020-01
        Set-AutoRecharge contoso.com -PaymentMethod card
        1..3 | ForEach-Object { Invoke-AutoRecharge contoso.com -Force | Out-Null }
        (Get-AutoRecharge contoso.com).State | Should -Be 'Paused'
        (Get-AutoRecharge contoso.com).LastFailure | Should -BeLike '*expired*'
        $rule = Enable-AutoRecharge contoso.com -PassThru
        $rule.State | Should -Be 'On'
        $rule.LastFailure | Should -BeNullOrEmpty
    }

    It 'is refused a tenant without a rule' {
        Enable-AutoRecharge fabrikam.com -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'RuleInvalid'
        $problem[0].TargetObject | Should -Be 'fabrikam.com'
    }

    It 'keeps nothing under -WhatIf' {
        (Enable-AutoRecharge contoso.com -WhatIf -PassThru).State | Should -Be 'On'
        (Get-AutoRecharge).State | Should -Not -Be 'On'
    }
}
