BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Measure-CreditUsage' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        @(
            New-TeamsRow 1 -Start 2026-01-05T10:00:00Z -Seconds 600
            New-TeamsRow 2 -Start 2026-01-06T10:00:00Z -Seconds 60 -User user2@contoso.com
            New-TeamsRow 3 -Start 2026-02-05T10:00:00Z -Seconds 300 -User ''
        ) | Import-UsageRecord -TenantId contoso.com | Out-Null
        New-TeamsRow 4 -Start 2026-01-05T10:00:00Z -Seconds 60 | Import-UsageRecord -TenantId fabrikam.com | Out-Null
    }

    It 'groups by one thing, the dearest first, and shares are of the tenant' {
        $groups = Measure-CreditUsage contoso.com -By User
        $groups.User | Should -Be ('user1@contoso.com', 'user', 'user2@contoso.com')
        $groups.Charge | Should -Be (0.2, 0.1, 0.02)
        $groups.Share | Should -Be (62.5, 31.25, 6.25)
        $groups[0].Duration | Should -Be ([timespan]'00:10:00')
    }

    It 'groups by several things in their order, and takes its columns from its properties' {
        $groups = Measure-CreditUsage contoso.com -By Month, Destination
        $groups.Group | Should -Be ('2026-01, United Kingdom', '2026-02, United Kingdom')
        ($groups | Where-Object Month -EQ 2026-02).Calls | Should -Be 1
    }

    It 'adds up to the statement' {
        $january = Measure-CreditUsage contoso.com -By Day -From 2026-01-01 -To 2026-02-01
        ($january | Measure-Object Charge -Sum).Sum | Should -Be (-(Get-CreditStatement contoso.com 2026-01).Used)
    }

    It 'answers for every tenant, on the pipeline too' {
        (Measure-CreditUsage).TenantId | Should -Be ('contoso.com', 'fabrikam.com')
        (Get-CreditBalance fabrikam.com | Measure-CreditUsage -By Service).Service | Should -Be 'International'
        (Measure-CreditUsage contoso.com | Get-CreditBalance).TenantId | Should -Be 'contoso.com'
    }

    It 'takes so many of each tenant' {
        $top = Measure-CreditUsage -By User -Top 1
        $top.TenantId | Should -Be ('contoso.com', 'fabrikam.com')
        $top[0].Share | Should -Be 62.5
        Get-ErrorId (Get-Terminating { Measure-CreditUsage -Top 0 -ErrorAction Stop }) | Should -Be 'ParameterArgumentValidationError'
    }

    It 'counts the statuses asked for' {
        (Measure-CreditUsage contoso.com -Status Free, Unrated).Calls | Should -Be 0
        Measure-CreditUsage contoso.com -By User -Status Free, Unrated | Should -BeNullOrEmpty
        (Measure-CreditUsage contoso.com -Status Charged).Calls | Should -Be 3
    }

    It 'refuses a time that is none, and a tenant that is none' {
        Measure-CreditUsage contoso.com -From 03/04/2026 -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'InvalidInstant'
        Measure-CreditUsage nobody.example -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'TenantNotFound'
    }

    It 'has text that is the same in every culture' {
        $csv = Measure-CreditUsage contoso.com -By User -Top 1 | ConvertTo-Csv | ConvertFrom-Csv
        $csv.Charge | Should -Be '0.2'
        $csv.Share | Should -Be '62.5'
    }
}
