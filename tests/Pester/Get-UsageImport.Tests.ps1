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
    }
}
