BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditPool' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com
        New-CreditTenant fabrikam.com -Country DE
        Import-TestRate
        Set-CreditPool contoso.com MCOPSTN1 -Licenses 1 -MinutesPerLicense 5 -Month 2026-01
        Set-CreditPool contoso.com ConferenceDialOut -Licenses 1 -Month 2026-01
        Set-CreditPool fabrikam.com MCOPSTN9 -Licenses 2 -Month 2026-01
        (New-TeamsRow 1 -Callee '+14255550199' -Capability MCOPSTN1 -Context Domestic -Seconds 120),
        (New-TeamsRow 2 -Callee '+14255550199' -Capability MCOPSTN1 -Context Domestic -Seconds 600 -Start '2026-02-01T10:00:00Z') |
            Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'shows the minutes used in any month' {
        $january = Get-CreditPool contoso.com MCOPSTN1 -Month 2026-01
        $january.Minutes | Should -Be 5
        $january.MinutesUsed | Should -Be 2
        $january.PercentUsed | Should -Be 40
        $january.Status | Should -Be 'Open'
        $february = Get-CreditPool contoso.com MCOPSTN1 -Month 2026-02
        $february.MinutesUsed | Should -Be 5
        $february.PercentUsed | Should -Be 100
        $february.Status | Should -Be 'UsedUp'
        (Get-CreditPool contoso.com MCOPSTN1 -Month 2026-03).MinutesUsed | Should -Be 0
    }

    It 'gets those asked for' {
        (Get-CreditPool).Count | Should -Be 3
        (Get-CreditPool -Capability MCOPSTN*).Capability | Should -Be 'MCOPSTN1', 'MCOPSTN9'
        (Get-CreditPool -Country de).TenantId | Should -Be 'fabrikam.com'
        (Get-CreditTenant contoso.com | Get-CreditPool).Count | Should -Be 2
    }

    It 'refuses a month that is none' {
        Get-CreditPool -Month 13/2026 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
        $problem[0].TargetObject | Should -Be '13/2026'
    }

    It 'shows itself' {
        $table = Get-CreditPool -Month 2026-02 | Out-String -Width 160
        $table | Should -Match 'contoso\.com +2026-02 +MCOPSTN1 +US +100\.0 +used up +5 of 5'
        $table | Should -Match 'fabrikam\.com +2026-02 +MCOPSTN9 +DE +0\.0 +open +0 of 1,200 international'
    }
}
