BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditUser' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-CreditUser contoso.com ann@contoso.com -Department Sales -Month 2026-01
        Set-CreditUser contoso.com bob@contoso.com -Department Support -Month 2026-02
        Set-CreditUser fabrikam.com ann@fabrikam.com -CostCenter 1 -Month 2026-01
    }

    It 'gets those of a month, of all tenants' {
        (Get-CreditUser -Month 2026-01).User | Should -Be ('ann@contoso.com', 'ann@fabrikam.com')
        (Get-CreditUser contoso.com -Month 2026-02).Department | Should -Be ('Sales', 'Support')
        Get-CreditUser -Month 2025-12 | Should -BeNullOrEmpty
    }

    It 'gets users by their names' {
        (Get-CreditUser -User ANN*).TenantId | Should -Be ('contoso.com', 'fabrikam.com')
        (Get-CreditUser -User bob@contoso.com | Get-CreditUser).User | Should -Be 'bob@contoso.com'
    }

    It 'gets names in any case, several at once, and reads those with brackets as names too' {
        (Get-CreditUser -User BOB@contoso.com, ann@FABRIKAM.com -Month 2026-02).User | Should -Be ('bob@contoso.com', 'ann@fabrikam.com')
        Set-CreditUser contoso.com 'x[1@contoso.com' -Department Odd -Month 2026-03
        (Get-CreditUser contoso.com 'x[1@contoso.com').Department | Should -Be 'Odd'
        Get-CreditUser -User bob@contoso.com -Month 2026-01 | Should -BeNullOrEmpty
        Get-CreditUser fabrikam.com bob@contoso.com | Should -BeNullOrEmpty
        (Get-CreditUser contoso.com -User '', 'bob@contoso.com' -Month 2026-02).User | Should -Contain 'bob@contoso.com'
    }

    It 'refuses a month that is none' {
        Get-CreditUser contoso.com -Month 2026-13 -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'InvalidInstant'
    }
}
