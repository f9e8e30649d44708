BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditStatement' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01
        @(
            New-TeamsRow 1 -Start 2026-01-05T10:00:00Z -Seconds 600
            New-TeamsRow 2 -Start 2026-02-05T10:00:00Z -Seconds 300
        ) | Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'adds up, and the next month opens where this one closed' {
        $january, $february = '2026-01', '2026-02' | ForEach-Object { Get-CreditStatement contoso.com $_ }
        $january.Opening | Should -Be 0
        $january.Purchased | Should -Be 100
        $january.Used | Should -Be -0.2
        $january.Closing | Should -Be ($january.Opening + $january.Purchased + $january.Recharged + $january.Used + $january.Forfeited + $january.Corrected)
        $february.Opening | Should -Be $january.Closing
        $february.Closing | Should -Be (Get-CreditBalance contoso.com -AsOf 2026-02-28T23:59:59Z).Balance
        $january.Services.Service | Should -Be 'International'
        $january.Services.Calls | Should -Be 1
    }

    It 'prints the past again as it was known then' {
        $before = [datetimeoffset]::UtcNow.AddDays(-1).ToString('o')
        (Get-CreditStatement contoso.com 2026-01 -AsPosted $before).Closing | Should -Be 0
    }

    It 'shows one statement whole, and of several each as a row' {
        $whole = Get-CreditStatement contoso.com -Month 2026-01 | Out-String -Width 120
        $whole | Should -Match '(?m)^Corrected +:'
        $rows = Get-CreditStatement contoso.com -Month 2025-12, 2026-01, 2026-02 | Out-String -Width 120
        $rows | Should -Match '(?m)^Tenant +Month +Opening +Used +Closing'
        $rows -split '\n' -match '^\S+ +20\d\d-\d\d ' | Should -HaveCount 3
        (Get-CreditStatement contoso.com -Month 2026-01, 2026-02 | Select-Object -First 1).Month | Should -Be '2026-01'
        'contoso.com', 'fabrikam.com' | Get-CreditStatement -Month 2026-01 | Out-String -Width 120 | Should -Match 'Tenant +Month'
    }

    It 'answers for every tenant, and refuses a month that is none' {
        (Get-CreditStatement -Month 2026-01).TenantId | Should -Be ('contoso.com', 'fabrikam.com')
        Get-CreditStatement contoso.com 2026-13 -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'InvalidInstant'
    }
}
