BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com, fabrikam.com
    Import-TestRate
    Add-CreditFunds contoso.com 0.02 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
    Add-CreditFunds contoso.com 10
    Add-CreditFunds fabrikam.com 7
    New-TeamsRow 1 | Import-UsageRecord -TenantId contoso.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditFunds' {
    It 'gets what is left, and with -IncludeSpent what is not' {
        (Get-CreditFunds contoso.com).FundsId | Should -Be 'contoso.com/F2'
        $all = Get-CreditFunds contoso.com -IncludeSpent
        $all.FundsId | Should -Be 'contoso.com/F1', 'contoso.com/F2'
        $all.Status | Should -Be 'Spent', 'Live'
        $all.Remaining | Should -Be 0, 10
    }

    It 'gets those of all tenants, of some, and of those on the pipeline' {
        (Get-CreditFunds).TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        (Get-CreditFunds fab*).Amount | Should -Be 7
        (Get-CreditTenant fabrikam.com | Get-CreditFunds).Amount | Should -Be 7
    }
}
