BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Disable-AutoRecharge' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 250 -MaximumPerMonth 1000
        Enable-AutoRecharge contoso.com | Out-Null
    }

    It 'writes the rule as it stands then' {
        $rule = Get-AutoRecharge | Disable-AutoRecharge -PassThru
        $rule.State | Should -Be 'Off'
        $rule.Enabled | Should -Be $false
        $rule.RechargeAmount | Should -Be 250
        (Get-AutoRecharge).State | Should -Be 'Off'
    }

    It 'stops a rule from acting' {
        Disable-AutoRecharge contoso.com | Out-Null
        Invoke-AutoRecharge -Force | Should -BeNullOrEmpty
        (Get-CreditBalance contoso.com).AutoRecharge | Should -Be 'Off'
    }

    It 'is refused a tenant without a rule' {
        Disable-AutoRecharge fabrikam.com -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'RuleInvalid'
        $problem[0].TargetObject | Should -Be 'fabrikam.com'
    }

    It 'keeps nothing under -WhatIf' {
        (Disable-AutoRecharge contoso.com -WhatIf -PassThru).State | Should -Be 'Off'
        (Get-AutoRecharge).State | Should -Not -Be 'Off'
    }
}
