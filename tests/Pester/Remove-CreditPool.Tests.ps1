BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditPool' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com
        Set-CreditPool contoso.com MCOPSTN1 -Licenses 1 -Month 2026-01
        Set-CreditPool contoso.com ConferenceDialOut -Licenses 1 -Month 2026-01
    }

    It 'ends one from a month on; earlier months keep theirs' {
        Remove-CreditPool contoso.com mcopstn1 -Month 2026-06 -Confirm:$false | Should -BeNullOrEmpty
        (Get-CreditPool).Capability | Should -Be 'ConferenceDialOut'
        (Get-CreditPool -Month 2026-05 -Capability MCOPSTN1).Licenses | Should -Be 1
    }

    It 'takes what Get-CreditPool writes' {
        Get-CreditPool | Remove-CreditPool -Confirm:$false
        Get-CreditPool | Should -BeNullOrEmpty
        (Get-CreditPool -Month 2026-01).Count | Should -Be 2
    }

    It 'is told of one that is not there' {
        Remove-CreditPool contoso.com MCOPSTN5 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'PoolInvalid'
        $problem[0].TargetObject | Should -Be 'contoso.com'
    }

    It 'keeps everything under -WhatIf' {
        Get-CreditPool | Remove-CreditPool -WhatIf
        (Get-CreditPool).Count | Should -Be 2
    }
}
