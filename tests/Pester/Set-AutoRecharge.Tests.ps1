BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-AutoRecharge' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name Contoso
        New-CreditTenant fabrikam.com -Currency EUR -Country DE
    }

    It 'sets a rule of a fixed amount' {
        $rule = Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 250 -MaximumPerMonth 1000 -PassThru
        $rule.TenantId | Should -Be 'contoso.com'
        $rule.Enabled | Should -BeTrue
        $rule.MinimumBalance | Should -Be 100
        $rule.RechargeAmount | Should -Be 250
        $rule.TargetBalance | Should -BeNullOrEmpty
        $rule.MaximumPerMonth | Should -Be 1000
        $rule.MaximumPerDay | Should -BeNullOrEmpty
        $rule.PaymentMethod | Should -BeNullOrEmpty
        $rule.State | Should -Be 'On'
        $rule.MinimumBalance | Should -BeOfType decimal
    }

    It 'writes nothing unless asked to' {
        Set-AutoRecharge contoso.com -MinimumBalance 1 -TargetBalance 5 -MaximumPerMonth 9 | Should -BeNullOrEmpty
        (Get-AutoRecharge).TargetBalance | Should -Be 5
    }

    It 'warns of a rule without a monthly cap, and of no other' {
        Set-AutoRecharge contoso.com -MinimumBalance 1 -RechargeAmount 5 -WarningVariable said -WarningAction SilentlyContinue
        $said.Count | Should -Be 1
        $said[0].Message | Should -BeLike '*contoso.com*no monthly cap*-MaximumPerMonth*'
        Set-AutoRecharge contoso.com -MaximumPerMonth 5 -WarningVariable said
        $said | Should -BeNullOrEmpty
    }

    It 'takes what Get-AutoRecharge writes, for rules of either kind' {
        Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 250 -MaximumPerDay 600 -MaximumPerMonth 1000
        Set-AutoRecharge fabrikam.com -MinimumBalance 10 -TargetBalance 50 -MaximumPerMonth 100
        $rules = Get-AutoRecharge | Set-AutoRecharge -MaximumPerMonth 500 -PassThru
        $rules.MaximumPerMonth | Should -Be 500, 500
        $rules[0].RechargeAmount | Should -Be 250
        $rules[0].MaximumPerDay | Should -Be 600
        $rules[0].TargetBalance | Should -BeNullOrEmpty
        $rules[1].TargetBalance | Should -Be 50
        $rules[1].RechargeAmount | Should -BeNullOrEmpty
    }

    It 'takes what is typed in place of what an object has' {
        Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 250 -MaximumPerMonth 1000
        $rule = Get-AutoRecharge | Set-AutoRecharge -TargetBalance 300 -PassThru
        $rule.TargetBalance | Should -Be 300
        $rule.RechargeAmount | Should -BeNullOrEmpty
    }

    It 'reads a CSV; an empty cell is as if it were not there' {
        $csv = "TenantId,MinimumBalance,RechargeAmount,TargetBalance,MaximumPerMonth,PaymentMethod`ncontoso.com,10,20,,100,`nfabrikam.com,10,,20,100,"
        $csv | ConvertFrom-Csv | Set-AutoRecharge
        (Get-AutoRecharge).RechargeAmount | Should -Be 20, $null
        (Get-AutoRecharge).TargetBalance | Should -Be $null, 20
    }

    It 'takes a tenant, and nothing of it but its id' {
        Get-CreditTenant | Set-AutoRecharge -MinimumBalance 5 -RechargeAmount 10 -MaximumPerMonth 50
        (Get-AutoRecharge).TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        (Get-AutoRecharge).PaymentMethod | Should -Be $null, $null
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'a target below the minimum'; Arguments = @{ MinimumBalance = 10; TargetBalance = 5 }; Id = 'RuleInvalid' }
        @{ Why = 'an amount of 0'; Arguments = @{ MinimumBalance = 10; RechargeAmount = 0 }; Id = 'RuleInvalid' }
        @{ Why = 'half a cent'; Arguments = @{ MinimumBalance = 10; RechargeAmount = '0.005' }; Id = 'RuleInvalid' }
        @{ Why = 'an amount and a target'; Arguments = @{ MinimumBalance = 10; RechargeAmount = 5; TargetBalance = 20 }; Id = 'RuleInvalid' }
        @{ Why = 'a new rule without either'; Arguments = @{ MinimumBalance = 10 }; Id = 'RuleInvalid' }
        @{ Why = 'a minimum below 0'; Arguments = @{ MinimumBalance = -1; RechargeAmount = 5 }; Id = 'RuleInvalid' }
        @{ Why = 'a cap of 0'; Arguments = @{ MinimumBalance = 1; RechargeAmount = 5; MaximumPerDay = 0 }; Id = 'RuleInvalid' }
        @{ Why = 'what is no amount'; Arguments = @{ MinimumBalance = '1,50'; RechargeAmount = 5 }; Id = 'InvalidAmount' }
        @{ Why = 'an unknown payment method'; Arguments = @{ MinimumBalance = 1; RechargeAmount = 5; PaymentMethod = 'card' }; Id = 'PaymentMethodNotFound' }
    ) {
        Set-AutoRecharge contoso.com @Arguments -ErrorAction SilentlyContinue -ErrorVariable problem -WarningAction SilentlyContinue
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be $Id
        $problem[0].TargetObject | Should -Be 'contoso.com'
        Get-AutoRecharge | Should -BeNullOrEmpty
    }

    It 'goes on after a tenant that is not there' {
        'nobody', 'contoso.com' | Set-AutoRecharge -MinimumBalance 1 -RechargeAmount 5 -MaximumPerMonth 9 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
        (Get-AutoRecharge).TenantId | Should -Be 'contoso.com'
    }

    It 'keeps nothing under -WhatIf, and shows what it would be' {
        (Set-AutoRecharge contoso.com -MinimumBalance 1 -RechargeAmount 5 -MaximumPerMonth 9 -WhatIf -PassThru).RechargeAmount | Should -Be 5
        Get-AutoRecharge | Should -BeNullOrEmpty
    }
}
