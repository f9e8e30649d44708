BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditNotification' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name Contoso -LowBalance 100
        New-CreditTenant fabrikam.com
        Import-TestRate
        Add-CreditFunds contoso.com 150 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
        New-TeamsRow 1 -Seconds 180000 | Import-UsageRecord -TenantId contoso.com | Out-Null
        Set-AutoRecharge fabrikam.com -MinimumBalance 10 -TargetBalance 40 -MaximumPerMonth 100
        Invoke-AutoRecharge | Out-Null
    }

    It 'gets what was raised' {
        $notice = Get-CreditNotification contoso.com
        $notice.NotificationId | Should -Be 'contoso.com/N1'
        $notice.TenantId | Should -Be 'contoso.com'
        $notice.Kind | Should -Be 'LowBalance'
        $notice.Subject | Should -BeLike '*Contoso*low*'
        $notice.Body | Should -BeLike '*USD 90.00*USD 100.00*'
        $notice.Status | Should -Be 'Pending'
        $notice.Attempts | Should -Be 0
    }

    It 'gets those of a kind or a status' {
        (Get-CreditNotification -Kind RechargeSucceeded, LowBalance).Kind | Should -Contain 'RechargeSucceeded'
        (Get-CreditNotification -Kind RechargeSucceeded).TenantId | Should -Be 'fabrikam.com'
        Get-CreditNotification -Status Sent | Should -BeNullOrEmpty
        (Get-CreditNotification con* -Status Pending).Count | Should -Be 1
    }

    It 'is told of a tenant that is not there' {
        Get-CreditNotification nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'shows itself' {
        Get-CreditNotification | Out-String -Width 160 | Should -Match 'Contoso +\d{4}-\d\d-\d\d \d\d:\d\d +Pending +Contoso: '
    }
}
