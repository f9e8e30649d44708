BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com, fabrikam.com
    Import-TestRate
    @(
        1..4 | ForEach-Object { New-TeamsRow $_ -Start ('2026-01-{0:d2}T00:00:00Z' -f $_) -User "user$_@contoso.com" }
        New-TeamsRow 5 -Start 2026-01-05T00:00:00Z -Type user_in -Callee '+14255550100' -User 'in_box@contoso.com'
        New-TeamsRow 6 -Start 2026-01-06T00:00:00Z -Callee '+14255550199' -Context Domestic -User 'inxbox@contoso.com'
    ) | Import-UsageRecord -TenantId contoso.com | Out-Null
    New-TeamsRow 7 | Import-UsageRecord -TenantId fabrikam.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-UsageRecord' {
    It 'gets calls as they were charged' {
        $record = Get-UsageRecord contoso.com -First 1
        $record | Should -BeOfType ([CommunicationsCredits.UsageRecord])
        $record.RecordId | Should -Be (Get-TestId 1)
        $record.ImportId | Should -Be 'contoso.com/I1'
        $record.Duration | Should -Be ([timespan]'00:01:00')
        $record.Service | Should -Be 'International'
        $record.Callee | Should -Be '+441134960000'
        $record.BilledSeconds | Should -Be 60
        $record.Charge | Should -Be 0.02
        $record.RatedCharge | Should -Be 0.02
        $record.RecordedCharge | Should -BeNullOrEmpty
        $record.Status | Should -Be 'Charged'
    }

    It 'gets <Text>' -ForEach @(
        @{ Text = 'a time'; Query = @{ From = '2026-01-02'; To = '2026-01-04' }; Numbers = 2, 3 }
        @{ Text = 'a status'; Query = @{ Status = 'Free' }; Numbers = 5 }
        @{ Text = 'services'; Query = @{ Service = 'Domestic', 'Inbound' }; Numbers = 5, 6 }
        @{ Text = 'a user'; Query = @{ User = 'USER3@contoso.com' }; Numbers = 3 }
        @{ Text = 'users'; Query = @{ User = 'user?@*' }; Numbers = 1, 2, 3, 4 }
        @{ Text = 'a user with an underscore'; Query = @{ User = 'in_*' }; Numbers = 5 }
        @{ Text = 'a country whose name alone the export has'; Query = @{ Country = 'gb' }; Numbers = 1, 2, 3, 4, 5 }
        @{ Text = 'a country by its name, the dearest first'; Query = @{ Country = 'FR', 'United Kingdom'; Top = 2 }; Numbers = 1, 2 }
        @{ Text = 'a page'; Query = @{ Skip = 1; First = 2 }; Numbers = 2, 3 }
    ) {
        (Get-UsageRecord contoso.com @Query).RecordId | Should -Be @($Numbers | ForEach-Object { Get-TestId $_ })
    }

    It 'refuses what is no country, and says so' {
        { Get-UsageRecord contoso.com -Country Germny -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidCountry,*'
    }

    It 'keeps what an export says of a call, whatever the format' {
        New-CreditTenant kept.com -PassThru | Should -Not -BeNullOrEmpty
        $teams = New-TeamsRow 20
        $teams | Add-Member @{
            'Other Party Country Code' = 'GB'; 'Operator' = 'Microsoft'; 'Administrative Units' = 'Sales;North'; 'User Country Code' = 'US'
        }
        $graph = New-GraphRow 21
        $graph | Add-Member @{
            otherPartyCountryCode = 'GB'; administrativeUnitInfos = @([pscustomobject]@{ id = 'u1'; displayName = 'Sales' })
        }
        $teams, $graph | Import-UsageRecord -TenantId kept.com -ErrorAction Stop -WarningAction SilentlyContinue | Out-Null
        $records = Get-UsageRecord kept.com
        $records | Should -HaveCount 2
        $records.Destination | Should -Be 'United Kingdom', 'United Kingdom'
        $records.Country | Should -Be 'GB', 'GB'
        $records.UsageCountry | Should -Be 'US', 'US'
        $records.NumberType | Should -Be 'Subscriber', 'Subscriber'
        $records.Operator | Should -Be 'Microsoft', 'Microsoft'
        $records[0].AdministrativeUnit | Should -Be 'Sales;North'
        $records[1].AdministrativeUnit | Should -Match 'Sales'
        $records.Sheet | Should -Be 'List', 'List'
        $records.Prefix | Should -Be '44', '44'
    }

    It 'gives null where an export says nothing, or no sheet rates the call' {
        $record = Get-UsageRecord contoso.com -Status Free
        $record.Operator, $record.AdministrativeUnit, $record.Sheet, $record.Prefix | Should -Be $null, $null, $null, $null
    }

    It 'has them in a CSV, which Import-UsageRecord knows for what it is' {
        $csv = Get-UsageRecord contoso.com -First 1 | ConvertTo-Csv
        ($csv | ConvertFrom-Csv).Sheet | Should -Be 'List'
        $csv | ConvertFrom-Csv | Import-UsageRecord -TenantId contoso.com -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        "$problem" | Should -Match 'own calls, as Get-UsageRecord writes it'
    }

    It 'counts them all' {
        (Get-UsageRecord contoso.com, fabrikam.com -First 0 -IncludeTotalCount).ToString() | Should -Match '7'
    }

    It 'gets the dearest first, of all tenants, and none that was undone' {
        $calls = @(
            New-TeamsRow 31 -Charge 0.50 -Start 2026-02-01T00:00:00Z -User 'a@dear.com'
            New-TeamsRow 32 -Charge 3.00 -Start 2026-02-02T00:00:00Z -User 'b@dear.com'
            New-TeamsRow 33 -Charge 9.00 -Start 2026-02-03T00:00:00Z -User 'a@dear.com'
            New-TeamsRow 34 -Charge 2.00 -Start 2026-02-04T00:00:00Z -User 'a@dear.com'
        )
        New-CreditTenant dear1.com, dear2.com
        $calls | Import-UsageRecord -TenantId dear1.com | Out-Null
        New-TeamsRow 35 -Charge 2.50 | Import-UsageRecord -TenantId dear2.com | Out-Null
        Get-CreditTransaction dear1.com -RecordId (Get-TestId 33) | Undo-CreditTransaction -Confirm:$false
        (Get-UsageRecord dear* -Top 3).Charge | Should -Be 3.00, 2.50, 2.00
        ('dear1.com', 'dear2.com' | Get-UsageRecord -Top 3).Charge | Should -Be 3.00, 2.50, 2.00
        (Get-UsageRecord dear1.com -Top 9 -User a@*).Charge | Should -Be 2.00, 0.50
        (Get-UsageRecord dear1.com -Top 9 -RecordId '*3[1234]').Charge | Should -Be 3.00, 2.00, 0.50
        (Get-UsageRecord dear1.com -Top 9 -Status Reversed).Charge | Should -Be 9.00
        (Get-UsageRecord dear1.com -Top 2 -From 2026-02-03).Charge | Should -Be 2.00
        (Get-UsageRecord dear* -Top 3 -Skip 1 -First 1).Charge | Should -Be 2.50
    }

    It 'gives the dearest of each currency, since one cannot be compared with another' {
        New-CreditTenant top-usd
        New-CreditTenant top-eur -Currency EUR
        New-TeamsRow 41 -Charge 1.00 | Import-UsageRecord -TenantId top-usd | Out-Null
        41, 42 | ForEach-Object { New-TeamsRow $_ -Charge "0.$_" -Currency EUR } | Import-UsageRecord -TenantId top-eur | Out-Null
        Get-UsageRecord top-* -Top 1 | ForEach-Object { "$($_.Currency) $($_.Charge)" } | Should -Be 'EUR 0.42', 'USD 1'
    }

    It 'gets a country' {
        New-CreditTenant countries.com
        foreach ($country in 'GB', 'fr', 'DE') {
            $row = New-TeamsRow (50 + $country.Length + [int][char]$country[0])
            $row | Add-Member @{ 'Other Party Country Code' = $country }
            $row | Import-UsageRecord -TenantId countries.com -WarningAction SilentlyContinue | Out-Null
        }
        (Get-UsageRecord countries.com -Country gb).Country | Should -Be 'GB'
        (Get-UsageRecord countries.com -Country FR, DE).Country | Should -Be 'fr', 'DE'
    }

    It 'gets a record by its id, as text or as an object, and what it was before a correction' {
        New-CreditTenant ids.com
        1..5 | ForEach-Object { New-TeamsRow $_ -Charge "0.0$_" } | Import-UsageRecord -TenantId ids.com | Out-Null
        New-TeamsRow 3 -Charge 7 | Import-UsageRecord -TenantId ids.com -OnConflict Correct | Out-Null
        (Get-UsageRecord ids.com -RecordId (Get-TestId 2)).Charge | Should -Be 0.02
        (Get-UsageRecord ids.com -RecordId ([guid](Get-TestId 2)).ToString('B').ToUpperInvariant()).Charge | Should -Be 0.02
        Get-UsageRecord ids.com -RecordId (Get-TestId 3) | ForEach-Object { "$($_.Status) $($_.Charge)" } | Should -Be 'Reversed 0.03', 'Charged 7'
        (Get-UsageRecord ids.com -RecordId (Get-TestId 1), (Get-TestId 5) -IncludeTotalCount | Select-Object -First 1).ToString() | Should -Match '2'
        (Get-UsageImport ids.com -ImportId ids.com/I2 | Get-UsageRecord).Charge | Should -Be 7
        (Get-UsageRecord ids.com -ImportId ids.com/I2).Charge | Should -Be 7
    }

    It 'says which id it does not know' {
        Get-UsageRecord ids.com -RecordId (Get-TestId 99) -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'RecordNotFound'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Get-UsageRecord -ImportId ids.com/I99 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'ImportNotFound'
        Get-UsageRecord -FundsId ids.com/F99 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'TransactionNotFound'
        Get-UsageRecord ids.com -RecordId (Get-TestId 1) -Status Free -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
        Get-UsageRecord ids.com -RecordId '*99' -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'gets the calls that funds paid, and the entries of a call, with the funds that paid them' {
        New-CreditTenant lots.com
        Add-CreditFunds lots.com 1 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
        Add-CreditFunds lots.com 5 -PurchasedAt 2026-01-02 -ExpiresAt 2999-02-01
        New-TeamsRow 61 -Charge 0.75 -Start 2026-02-01T00:00:00Z | Import-UsageRecord -TenantId lots.com | Out-Null
        New-TeamsRow 62 -Charge 0.75 -Start 2026-02-02T00:00:00Z | Import-UsageRecord -TenantId lots.com | Out-Null
        New-TeamsRow 63 -Charge 6 -Start 2026-02-03T00:00:00Z | Import-UsageRecord -TenantId lots.com -NoRecharge | Out-Null
        (Get-CreditFunds lots.com -IncludeSpent | Where-Object FundsId -EQ lots.com/F1 | Get-UsageRecord).Charge | Should -Be 0.75, 0.75
        (Get-UsageRecord -FundsId lots.com/F2).Charge | Should -Be 0.75, 6
        $split = Get-UsageRecord lots.com -RecordId (Get-TestId 62) | Get-CreditTransaction -IncludeDraw
        $split.Draw | ForEach-Object { "$($_.FundsId) $($_.Amount)" } | Should -Be 'lots.com/F1 0.25', 'lots.com/F2 0.5'
        $whole = Get-CreditTransaction -RecordId (Get-TestId 61) -TenantId lots.com -IncludeDraw
        $whole.Draw.FundsId | Should -Be lots.com/F1
        $whole.Draw.Amount | Should -Be 0.75
        Add-CreditFunds lots.com 10 -PurchasedAt 2026-02-04 -ExpiresAt 2999-03-01
        $late = Get-CreditTransaction lots.com -Newest 1 -IncludeDraw
        $late.Kind | Should -Be 'Purchase'
        $late.Draw.TransactionId | Should -Be (Get-CreditTransaction lots.com -RecordId (Get-TestId 63)).TransactionId
        $late.Draw.Amount | Should -Be 1.50
        ($late | Format-Table | Out-String -Width 80) | Should -Match 'F3: USD 1.5'
        (Get-CreditTransaction -FundsId lots.com/F3).Kind | Should -Be 'Usage', 'Purchase'
        (Get-CreditTransaction lots.com -ImportId lots.com/I2).Amount | Where-Object { $_ } | Should -Be -0.75
    }
}
