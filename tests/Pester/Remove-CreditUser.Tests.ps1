BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditUser' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com
        Set-CreditUser contoso.com ann@contoso.com -Department Sales -Month 2026-01
    }

    It 'ends it from a month on, and earlier months keep it' {
        Get-CreditUser contoso.com ann@contoso.com | Remove-CreditUser -Month 2026-03 -Confirm:$false
        (Get-CreditUser contoso.com -Month 2026-02).Department | Should -Be 'Sales'
        Get-CreditUser contoso.com -Month 2026-03 | Should -BeNullOrEmpty
        Test-CreditLedger | Should -BeTrue
    }

    It 'refuses a user who belongs nowhere' {
        Remove-CreditUser contoso.com nobody@contoso.com -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'UserNotFound'
    }
}
