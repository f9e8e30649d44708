BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com -Name Contoso -LowBalance 50
    New-CreditTenant fabrikam.com, empty.example
    Import-TestRate
    Add-CreditFunds contoso.com 40 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
    Add-CreditFunds contoso.com 2 -PurchasedAt 2026-01-02 -ExpiresAt 2998-01-01
    New-TeamsRow 1 -Seconds 600 | Import-UsageRecord -TenantId fabrikam.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditBalance' {
    It 'gets every tenant''s balance' {
        $balances = Get-CreditBalance
        $balances.TenantId | Should -Be 'contoso.com', 'empty.example', 'fabrikam.com'
        $balances.Balance | Should -Be 42, 0, -0.2
        $balances.State | Should -Be 'Low', 'Exhausted', 'Exhausted'
        $balances[0].Name | Should -Be 'Contoso'
        $balances[0].NextExpiryAt | Should -Be ([datetimeoffset]'2998-01-01T00:00:00Z')
        $balances[0].NextExpiryAmount | Should -Be 2
        $balances[2].NextExpiryAt | Should -BeNullOrEmpty
        $balances.TenantName | Should -Be 'Contoso', 'empty.example', 'fabrikam.com'
        $balances.Attention | Should -Be 'low', 'services closed', 'services closed'
        $balances.Where({ $_.Recharge }) | Should -BeNullOrEmpty
    }

    It 'gets the balance of an instant: <AsOf>' -ForEach @(
        @{ AsOf = '2025-12-31'; Balance = 0 }
        @{ AsOf = '2026-01-01'; Balance = 40 }
        @{ AsOf = '2026-01-02T00:00:00Z'; Balance = 42 }
        @{ AsOf = '2997-12-31T23:59:59.9999999Z'; Balance = 42 }
        @{ AsOf = '2998-01-01'; Balance = 40 }
        @{ AsOf = '3000-01-01'; Balance = 0 }
    ) {
        $found = Get-CreditBalance contoso.com -AsOf $AsOf
        $found.Balance | Should -Be $Balance
        $found.AsOf | Should -Be ([datetimeoffset]::Parse($AsOf, [cultureinfo]::InvariantCulture, 'AssumeUniversal'))
    }

    It 'takes no AsOf from the pipeline' {
        (Get-CreditBalance contoso.com -AsOf 2025-12-31 | Get-CreditBalance).Balance | Should -Be 42
    }

    It 'refuses 03/04/2026' {
        Get-CreditBalance contoso.com -AsOf 03/04/2026 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
    }

    It 'shows money with its currency' {
        $table = Get-CreditBalance | Out-String -Width 200
        $table | Should -Match 'Contoso\s+USD\s+42\.00\s+2998-01-01\s+low'
        $table | Should -Match 'fabrikam\.com\s+USD\s+-0\.20\s+services closed'
    }
}

Describe 'Get-CreditBalance, of a tenant with a rule' {
    It 'says the rule in words' {
        Set-AutoRecharge contoso.com -MinimumBalance 30 -RechargeAmount 250 -WarningAction SilentlyContinue
        (Get-CreditBalance contoso.com).Recharge | Should -Be 'below 30.00: +250.00'
        Set-AutoRecharge contoso.com -TargetBalance 500 -WarningAction SilentlyContinue
        (Get-CreditBalance contoso.com).Recharge | Should -Be 'below 30.00: to 500.00'
        Disable-AutoRecharge contoso.com | Out-Null
        (Get-CreditBalance contoso.com).Recharge | Should -Be 'off'
    }
}
