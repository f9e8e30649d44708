BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com, fabrikam.com
    Import-TestRate
    New-TeamsRow 1 | Import-UsageRecord -TenantId contoso.com | Out-Null
    New-TeamsRow 2 | Import-UsageRecord -TenantId contoso.com | Out-Null
    New-TeamsRow 1 | Import-UsageRecord -TenantId fabrikam.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-UsageImport' {
    It 'gets them all' { (Get-UsageImport).ImportId | Should -Be 'contoso.com/I1', 'contoso.com/I2', 'fabrikam.com/I1' }

    It 'gets a tenant''s' { (Get-UsageImport fabrikam.com).ImportId | Should -Be 'fabrikam.com/I1' }

    It 'gets those of an id, or that match' {
        (Get-UsageImport -ImportId CONTOSO.com/i2).ImportId | Should -Be 'contoso.com/I2'
        (Get-UsageImport -ImportId */I1).ImportId | Should -Be 'contoso.com/I1', 'fabrikam.com/I1'
    }

    It 'is told of one that is not there' {
        Get-UsageImport -ImportId contoso.com/I9 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'ImportNotFound'
        $problem[0].TargetObject | Should -Be 'contoso.com/I9'
    }

    It 'is what Import-UsageRecord wrote' {
        $import = New-TeamsRow 3 | Import-UsageRecord -TenantId fabrikam.com
        $kept = Get-UsageImport fabrikam.com -ImportId $import.ImportId
        $kept.Imported | Should -Be $import.Imported
        $kept.Charged | Should -Be $import.Charged
        $kept.BalanceAfter | Should -Be $import.BalanceAfter
        $kept.Format | Should -Be $import.Format
        foreach ($name in 'ImportedAt', 'Actor', 'Status', 'PeriodFrom', 'PeriodTo') { $kept.$name | Should -Be $import.$name -Because $name }
    }

    It 'says when and by whom it was imported, of which time, and what has become of it' {
        New-CreditTenant period.com
        $before = [datetimeoffset]::UtcNow
        (New-TeamsRow 11 -Start 2026-01-09T23:00:00Z), (New-TeamsRow 12 -Start 2026-01-04T01:02:03Z) |
            Import-UsageRecord -TenantId period.com | Out-Null
        $import = Get-UsageImport period.com
        $import.ImportedAt | Should -BeOfType datetimeoffset
        $import.ImportedAt | Should -BeGreaterOrEqual $before.AddSeconds(-1)
        $import.ImportedAt | Should -BeLessOrEqual ([datetimeoffset]::UtcNow)
        $import.Actor | Should -Be (Get-CreditTransaction period.com -Kind Usage)[0].Actor
        $import.Actor | Should -Not -BeNullOrEmpty
        $import.Status | Should -Be 'Complete'
        $import.PeriodFrom | Should -Be ([datetimeoffset]'2026-01-04T01:02:03Z')
        $import.PeriodTo | Should -Be ([datetimeoffset]'2026-01-09T23:00:00Z')
        Undo-UsageImport $import.ImportId -Reason wrong -Confirm:$false
        (Get-UsageImport period.com).Status | Should -Be 'Reversed', 'Complete'
    }

    It 'has the time of calls that were known, and none where no call could be read' {
        New-CreditTenant empty.com
        New-TeamsRow 13 | Import-UsageRecord -TenantId empty.com | Out-Null
        New-TeamsRow 13 | Import-UsageRecord -TenantId empty.com | Out-Null
        New-TeamsRow 14 -Seconds x | Import-UsageRecord -TenantId empty.com -ErrorAction Ignore | Out-Null
        $imports = Get-UsageImport empty.com
        $imports[1].PeriodFrom | Should -Be $imports[0].PeriodFrom
        $imports[1].Duplicate | Should -Be 1
        $imports[2].PeriodFrom | Should -BeNullOrEmpty
    }
}
