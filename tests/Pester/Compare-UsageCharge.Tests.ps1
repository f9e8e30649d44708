BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com
    Import-TestRate
    (New-TeamsRow 1 -Charge '0.02'), (New-TeamsRow 2 -Charge '0.05'), (New-TeamsRow 3),
    (New-TeamsRow 4 -Charge '0.01' -Start 2026-02-01T00:00:00Z) | Import-UsageRecord -TenantId contoso.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Compare-UsageCharge' {
    It 'gets the calls whose two charges differ' {
        $found = Compare-UsageCharge contoso.com
        $found.RecordId | Should -Be (Get-TestId 2), (Get-TestId 4)
        $found.RecordedCharge | Should -Be 0.05, 0.01
        $found.RatedCharge | Should -Be 0.02, 0.02
        $found.Difference | Should -Be 0.03, -0.01
        $found[0] | Should -BeOfType ([CommunicationsCredits.UsageChargeDifference])
    }

    It 'takes what was rounded for the same, or what -Tolerance says' {
        New-TeamsRow 5 -Charge '0.021' | Import-UsageRecord -TenantId contoso.com | Out-Null
        (Compare-UsageCharge contoso.com).RecordId | Should -Contain (Get-TestId 5)
        (Compare-UsageCharge contoso.com -Tolerance 0.001).RecordId | Should -Be (Get-TestId 2), (Get-TestId 4)
        (Compare-UsageCharge contoso.com -Tolerance 0.03).RecordId | Should -BeNullOrEmpty
        Get-ErrorId (Get-Terminating { Compare-UsageCharge -Tolerance -1 -ErrorAction Stop }) | Should -Be 'InvalidAmount'
        Get-ErrorId (Get-Terminating { Compare-UsageCharge -Tolerance 1,5 -ErrorAction Stop }) | Should -Be 'InvalidAmount'
        Undo-UsageImport (Get-UsageRecord contoso.com -RecordId (Get-TestId 5)).ImportId -Confirm:$false | Out-Null
    }

    It 'gets those of a time' {
        (Compare-UsageCharge -From 2026-02-01).RecordId | Should -Be (Get-TestId 4)
        (Compare-UsageCharge -To 2026-02-01).RecordId | Should -Be (Get-TestId 2)
    }
}
