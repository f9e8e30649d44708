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
