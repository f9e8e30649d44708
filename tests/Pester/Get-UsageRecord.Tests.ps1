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
        @{ Text = 'a page'; Query = @{ Skip = 1; First = 2 }; Numbers = 2, 3 }
    ) {
        (Get-UsageRecord contoso.com @Query).RecordId | Should -Be @($Numbers | ForEach-Object { Get-TestId $_ })
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
        $record.Country, $record.Operator, $record.AdministrativeUnit, $record.Sheet, $record.Prefix | Should -Be $null, $null, $null, $null, $null
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
}
