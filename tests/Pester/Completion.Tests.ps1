BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com -Name Contoso
    New-CreditTenant contoso.de, fabrikam.com, "Joe's Bar"
    Import-TestRate -Name 'PSTN 2026'
    Import-TestRate -Name 'PSTN 2026' -EffectiveFrom 2026-01-01
    function Complete { param([string] $Text) (TabExpansion2 $Text $Text.Length).CompletionMatches }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Completion' {
    It 'of a tenant in "<Text>"' -ForEach @(
        @{ Text = 'Get-CreditBalance con'; Found = 'contoso.com', 'contoso.de' }
        @{ Text = 'Get-CreditTenant -TenantId CON'; Found = 'contoso.com', 'contoso.de' }
        @{ Text = 'Add-CreditFunds fab'; Found = 'fabrikam.com' }
        @{ Text = 'Import-UsageRecord x.csv -TenantId *.d'; Found = 'contoso.de' }
        @{ Text = 'Set-CreditTenant contoso.com,fa'; Found = 'fabrikam.com' }
        @{ Text = 'Get-CreditFunds Joe'; Found = "'Joe''s Bar'" }
        @{ Text = "Get-CreditFunds 'Joe"; Found = "'Joe''s Bar'" }
    ) {
        (Complete $Text).CompletionText | Should -Be $Found
    }

    It 'gives a hint' { (Complete 'Get-CreditTenant contoso.c').ToolTip | Should -Be 'Contoso: contoso.com, USD, US, Active' }

    It 'of a rate sheet, once a name' { (Complete 'Get-CreditRateSheet P').CompletionText | Should -Be "'PSTN 2026'" }

    It 'of a currency' {
        (Complete 'New-CreditTenant x -Currency EU').CompletionText | Should -Be 'EUR'
        (Complete 'Import-CreditRate x -Currency u').CompletionText | Should -Contain 'USD'
    }

    It 'of enumerations' { (Complete 'Import-UsageRecord x -OnConflict C').CompletionText | Should -Be 'Correct' }

    It 'of ids, newest first, of the tenant that the line names or that the word begins with' {
        Add-CreditFunds contoso.com 10
        Add-CreditFunds fabrikam.com 5 -Reference INV-7
        New-TeamsRow 1 -User ann@contoso.com | Import-UsageRecord -TenantId contoso.com | Out-Null
        New-TeamsRow 2 -User bob@contoso.com | Import-UsageRecord -TenantId contoso.com | Out-Null
        (Complete 'Get-UsageImport -ImportId contoso.com/').CompletionText | Should -Be 'contoso.com/I2', 'contoso.com/I1'
        (Complete 'Get-UsageRecord contoso.com -ImportId ').CompletionText | Should -Be 'contoso.com/I2', 'contoso.com/I1'
        (Complete 'Get-CreditTransaction -FundsId fab').CompletionText | Should -Be 'fabrikam.com/F1'
        (Complete 'Get-CreditTransaction -FundsId fab').ToolTip | Should -Match 'USD 5.00 left of USD 5.00, expires \d{4}-\d\d-\d\d'
        (Complete 'Undo-CreditTransaction fabrikam.com/').CompletionText | Should -Be 'fabrikam.com/2', 'fabrikam.com/1'
        (Complete 'Undo-CreditTransaction fabrikam.com/2').ToolTip | Should -Match 'purchase USD 5.00'
        Get-CreditFunds contoso.com | Out-Null
        (Complete 'Get-UsageRecord contoso.com -User b').CompletionText | Should -Be "'bob@contoso.com'"
        (Complete 'Get-UsageRecord -User a').CompletionText | Should -Be "'ann@contoso.com'"
        (Complete 'Get-UsageRecord fabrikam.com -User a').CompletionText | Where-Object { $_ -match 'contoso' } | Should -BeNullOrEmpty
    }

    It 'of months and countries, by the code and the name' {
        (Complete 'Get-CreditStatement -Month 20')[0].CompletionText | Should -Be ([datetime]::UtcNow.ToString('yyyy-MM'))
        (Complete 'Get-UsageRecord -Country Germ').CompletionText | Should -Be 'DE'
        (Complete 'New-CreditTenant x -Country gb').ToolTip | Should -Be 'United Kingdom'
    }

    It 'creates no ledger' {
        Disconnect-CreditLedger | Out-Null
        $before = $env:COMMUNICATIONSCREDITS_LEDGER
        try {
            $env:COMMUNICATIONSCREDITS_LEDGER = Get-TestPath 'none.db'
            Complete 'Get-CreditTenant con' | Where-Object ResultType -EQ 'ParameterValue' | Should -BeNullOrEmpty
            Get-TestPath 'none.db' | Should -Not -Exist
        }
        finally { $env:COMMUNICATIONSCREDITS_LEDGER = $before }
    }
}
