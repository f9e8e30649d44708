BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditGuard' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        $first = [datetimeoffset]::UtcNow.Date.AddDays(-25)
        0..23 | ForEach-Object { New-TeamsRow $_ -Start $first.AddDays($_).AddHours(15).ToString('yyyy-MM-ddTHH:mm:ssZ') -Charge 2 -Callee +12065550100 } |
            Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'watches every tenant by default' {
        $guards = Get-CreditGuard
        $guards.TenantId | Should -Be ('contoso.com', 'fabrikam.com')
        $guards.Sensitivity | Should -Be ('Normal', 'Normal')
        $guards.Alarm | Should -Be ($null, $null)
    }

    It 'says what is unusual, once' {
        100..140 | ForEach-Object { New-TeamsRow $_ -Start $first.AddDays(24).AddHours(9).ToString('yyyy-MM-ddTHH:mm:ssZ') -Charge 4 -Callee +2693351234 -User eve@contoso.com } |
            Import-UsageRecord -TenantId contoso.com | Out-Null
        $guard = Get-CreditGuard contoso.com
        $guard.Alarm | Should -Match 'to KM'
        $guard.AlarmedAt | Should -Be ([datetimeoffset]::new($first.AddDays(24), [timespan]::Zero))
        $raised = @(Get-CreditNotification contoso.com -Kind UnusualUse)
        $raised.Count | Should -Be 1
        $raised[0].Body | Should -Match 'eve@contoso.com'
        (Get-CreditGuard | Where-Object Alarm).TenantId | Should -Be 'contoso.com'
        Test-CreditLedger | Should -BeTrue
    }
}
