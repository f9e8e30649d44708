BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com, fabrikam.com
    Import-TestRate
    Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01 -Reference INV-1
    1..10 | ForEach-Object { New-TeamsRow $_ -Start ('2026-01-{0:d2}T00:00:00Z' -f ($_ + 1)) } |
        Import-UsageRecord -TenantId contoso.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditTransaction' {
    It 'gets the entries in order of sequence' {
        $entries = Get-CreditTransaction contoso.com
        $entries.Sequence | Should -Be (1..13)
        $entries.Kind | Should -Be (@('Setting', 'Purchase') + @('Usage') * 10 + 'Setting')
        $entries[1].Amount | Should -Be 100
        $entries[1].Reference | Should -Be 'INV-1'
        $entries[2].TransactionId | Should -Be 'contoso.com/3'
        $entries[2].Amount | Should -Be -0.02
        $entries[2].BalanceAfter | Should -Be 99.98
        $entries[2].Reference | Should -Be (Get-TestId 1)
        $entries[2].Actor | Should -Match '.+@.+'
    }

    It 'includes -From and excludes -To, by EffectiveAt' {
        $entries = Get-CreditTransaction contoso.com -Kind Usage -From 2026-01-03 -To 2026-01-05
        $entries.EffectiveAt.Day | Should -Be 3, 4
    }

    It 'gets the kinds asked for' {
        (Get-CreditTransaction -Kind Purchase, Setting).TransactionId | Should -Be 'contoso.com/1', 'contoso.com/2', 'contoso.com/13', 'fabrikam.com/1'
    }

    It 'pages over all tenants' {
        (Get-CreditTransaction -Skip 12 -First 2).TransactionId | Should -Be 'contoso.com/13', 'fabrikam.com/1'
        ('contoso.com', 'fabrikam.com' | Get-CreditTransaction -Skip 12 -First 2).TransactionId |
            Should -Be 'contoso.com/13', 'fabrikam.com/1'
        Get-CreditTransaction -First 0 | Should -BeNullOrEmpty
        Get-CreditTransaction -Skip 100 | Should -BeNullOrEmpty
    }

    It 'tells the total first' {
        $found = Get-CreditTransaction -First 1 -IncludeTotalCount
        $found[0].ToString() | Should -Match '14'
        $found[1].TransactionId | Should -Be 'contoso.com/1'
        ('contoso.com', 'fabrikam.com' | Get-CreditTransaction -First 1 -IncludeTotalCount)[-1].ToString() | Should -Match '14'
    }

    It 'refuses an instant that is none' {
        Get-CreditTransaction -From 1.2.2026 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
    }

    It 'gets the newest first, of all tenants asked for' {
        (Get-CreditTransaction contoso.com -Newest 3).Sequence | Should -Be 13, 12, 11
        (Get-CreditTransaction contoso.com -Newest 2 -Kind Purchase, Setting).Sequence | Should -Be 13, 2
        Get-CreditTransaction -Newest 2 | Should -HaveCount 2
        (Get-CreditTransaction contoso.com -Newest 3 -IncludeDraw).Sequence | Should -Be 13, 12, 11
        (Get-CreditTransaction contoso.com -Newest 2 -TransactionId 'contoso.com/?').Sequence | Should -Be 9, 8
        (Get-CreditTransaction contoso.com, fabrikam.com -Newest 100).TransactionId | Should -HaveCount 14
    }

    It 'gets entries by their ids, of one, of all, and from the pipeline' {
        (Get-CreditTransaction -TransactionId contoso.com/3, CONTOSO.COM/5).Sequence | Should -Be 3, 5
        (Get-CreditTransaction -TransactionId contoso.com/3 -IncludeTotalCount | Select-Object -First 1).ToString() | Should -Match '1'
        (Get-CreditTransaction -TransactionId contoso.com/3 | Get-CreditTransaction).Sequence | Should -Be 3
        ([pscustomobject]@{ TenantId = 'contoso.com'; TransactionId = 'contoso.com/4' } | Get-CreditTransaction).Sequence | Should -Be 4
        Get-CreditTransaction fabrikam.com -TransactionId contoso.com/3 | Should -BeNullOrEmpty
    }

    It 'says which id it does not know' {
        Get-CreditTransaction -TransactionId contoso.com/99 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'TransactionNotFound'
        Get-CreditTransaction -RecordId (Get-TestId 99) -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'RecordNotFound'
    }
}
