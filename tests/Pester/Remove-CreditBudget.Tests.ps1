BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditBudget' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com
        Set-CreditBudget contoso.com 100
        Set-CreditBudget contoso.com 10 -Department Sales
    }

    It 'removes the one that is meant' {
        Remove-CreditBudget contoso.com -Department sales -Confirm:$false
        (Get-CreditBudget contoso.com).Amount | Should -Be 100
        Remove-CreditBudget contoso.com -Department Sales -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-ErrorId $failed[0] | Should -Be 'BudgetInvalid'
        Get-CreditBudget | Remove-CreditBudget -Confirm:$false
        Get-CreditBudget | Should -BeNullOrEmpty
        Test-CreditLedger | Should -BeTrue
    }
}
