BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditForecast' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        Add-CreditFunds contoso.com 10 -PurchasedAt ([datetime]::UtcNow.AddDays(-40))
        1..40 | ForEach-Object {
            New-TeamsRow $_ -Start ([datetime]::UtcNow.AddDays(-$_).ToString('o')) -Seconds 300
        } | Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'goes on as use has been: a tenth a day' {
        $forecast = Get-CreditForecast contoso.com
        $forecast.DailyUse | Should -BeGreaterThan 0.09
        $forecast.DailyUse | Should -BeLessThan 0.11
        $forecast.RunsOutAt | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddDays(45))
        $forecast.RunsOutAt | Should -BeLessThan ([datetimeoffset]::UtcNow.AddDays(75))
        $forecast.SuggestedRecharge | Should -BeGreaterThan $forecast.SuggestedMinimum
    }

    It 'says that there is too little history instead of inventing a figure' {
        $forecast = Get-CreditForecast fabrikam.com -WarningVariable told -WarningAction SilentlyContinue
        $forecast.DailyUse | Should -BeNullOrEmpty
        $forecast.RunsOutAt | Should -BeNullOrEmpty
        $told | Should -Not -BeNullOrEmpty
    }
}
