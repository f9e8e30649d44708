BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditGuard' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com
    }

    It 'ends it, until it is set again' {
        Set-CreditGuard contoso.com -Sensitivity High
        Get-CreditGuard contoso.com | Remove-CreditGuard -Confirm:$false
        Get-CreditGuard contoso.com | Should -BeNullOrEmpty
        Remove-CreditGuard contoso.com -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-ErrorId $failed[0] | Should -Be 'GuardInvalid'
        (Set-CreditGuard contoso.com -PassThru).Sensitivity | Should -Be 'High'
        Test-CreditLedger | Should -BeTrue
    }
}
