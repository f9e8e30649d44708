BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Update-UsageRecord' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        (New-TeamsRow 1), (New-TeamsRow 2 -Callee '+8613800000000') |
            Import-UsageRecord -TenantId contoso.com -WarningAction SilentlyContinue | Out-Null
    }

    It 'charges what has a rate by now' {
        (Get-UsageRecord contoso.com).Status | Should -Be 'Unrated', 'Unrated'
        Import-TestRate
        $update = Update-UsageRecord contoso.com
        $update.Read | Should -Be 2
        $update.Unrated | Should -Be 1
        $update.Charged | Should -Be 0.02
        $update.BalanceAfter | Should -Be -0.02
        (Get-UsageRecord contoso.com).Status | Should -Be 'Charged', 'Unrated'
    }

    It 'takes tenants from the pipeline, and is told of one that is not there' {
        Import-TestRate
        $updates = 'contoso.com', 'nobody', 'fabrikam.com' | Update-UsageRecord -ErrorAction SilentlyContinue -ErrorVariable problem
        $updates.TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }
}
