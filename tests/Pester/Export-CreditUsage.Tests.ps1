BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Export-CreditUsage' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        Set-CreditUser contoso.com user1@contoso.com -Department '=HYPERLINK("http://x")' -Month 2026-01
        @(
            New-TeamsRow 1 -Start 2026-01-05T10:00:00Z -Seconds 600
            New-TeamsRow 2 -Start 2026-02-06T10:00:00Z -Seconds 60 -User '@SUM(1)'
        ) | Import-UsageRecord -TenantId contoso.com | Out-Null
        New-TeamsRow 3 | Import-UsageRecord -TenantId fabrikam.com | Out-Null
    }

    It 'writes a row a call, for all tenants' {
        $file = Export-CreditUsage (Get-TestPath calls.csv)
        $file | Should -BeOfType System.IO.FileInfo
        $rows = Import-Csv $file.FullName
        $rows.TenantId | Should -Be ('contoso.com', 'contoso.com', 'fabrikam.com')
        $rows[0].Charge | Should -Be '0.2'
        $rows[0].Duration | Should -Be '00:10:00'
    }

    It 'writes a row a group, whose cells a spreadsheet does not run' {
        $file = Export-CreditUsage -Path (Get-TestPath groups.csv) -TenantId contoso.com -By Department, User -From 2026-01-01 -To 2026-03-01
        $rows = Import-Csv $file.FullName
        $rows.Charge | Should -Be ('0.2', '0.02')
        $rows[0].PSObject.Properties.Name | Should -Be ('TenantId', 'TenantName', 'Department', 'User', 'Calls', 'Duration', 'PooledMinutes', 'Charge', 'Currency', 'Share')
        Get-Content $file.FullName -Raw | Should -Not -Match '(^|,)"?[=@]'
    }

    It 'writes FOCUS 1.2' {
        $file = Export-CreditUsage -Path (Get-TestPath focus.csv) -By Department -Format Focus
        $rows = Import-Csv $file.FullName
        $rows.Count | Should -Be 3
        $rows[0].BillingPeriodStart | Should -Be '2026-01-01T00:00:00Z'
        $rows[0].BillingPeriodEnd | Should -Be '2026-02-01T00:00:00Z'
        $rows[0].BilledCost | Should -Be '0.2'
        $rows[0].BillingAccountId | Should -Be 'contoso.com'
        $rows[0].ChargeCategory | Should -Be 'Usage'
        ($rows[0].Tags | ConvertFrom-Json).department | Should -Be '=HYPERLINK("http://x")'
        foreach ($column in 'BilledCost', 'BillingAccountId', 'BillingAccountName', 'BillingCurrency', 'BillingPeriodEnd', 'BillingPeriodStart', 'ChargeCategory',
            'ChargeClass', 'ChargeDescription', 'ChargePeriodEnd', 'ChargePeriodStart', 'ContractedCost', 'EffectiveCost', 'InvoiceIssuerName', 'ListCost',
            'PricingQuantity', 'PricingUnit', 'ProviderName', 'PublisherName', 'ServiceCategory', 'ServiceName', 'ServiceSubcategory') {
            $rows[0].PSObject.Properties.Name | Should -Contain $column
        }
        $rows[0].ServiceSubcategory | Should -Be 'Productivity and Collaboration'
        $rows | ForEach-Object {
            # What the specification asks of a row of usage: a SKU and its price; a type where there is a sub account, and only there.
            $_.SkuId | Should -Not -BeNullOrEmpty
            $_.SkuPriceId | Should -Not -BeNullOrEmpty
            [bool] $_.SubAccountType | Should -Be ([bool] $_.SubAccountId)
        }
        $rows[0].SubAccountType | Should -Be 'Department'
        (Import-Csv (Export-CreditUsage (Get-TestPath one.csv) fabrikam.com -Format Focus).FullName).ConsumedQuantity | Should -Be '1'
    }

    It 'prices each row of FOCUS so that the unit price times the quantity is the cost' {
        New-CreditTenant northwind.com
        @(
            New-TeamsRow 21 -Start 2026-01-05T10:00:00Z -Seconds 125
            New-TeamsRow 22 -Start 2026-01-06T10:00:00Z -Seconds 61 -Charge 0.37
            New-TeamsRow 23 -Start 2026-01-07T10:00:00Z -Seconds 0 -Charge 0.05
        ) | Import-UsageRecord -TenantId northwind.com | Out-Null
        $calls = Import-Csv (Export-CreditUsage (Get-TestPath priced.csv) northwind.com -Format Focus).FullName
        $groups = Import-Csv (Export-CreditUsage (Get-TestPath priced-groups.csv) northwind.com -By Day, User -Format Focus).FullName
        foreach ($row in @($calls) + @($groups)) {
            $row.ListUnitPrice | Should -Not -BeNullOrEmpty
            $row.ContractedUnitPrice | Should -Be $row.ListUnitPrice
            [math]::Round([decimal] $row.ListUnitPrice * [decimal] $row.PricingQuantity, 6) | Should -Be ([decimal] $row.ListCost)
            $row.PricingUnit | Should -BeIn 'Minutes', 'Calls'
        }
        # By the sheet the published price of a minute; by the export's own charge what it came to; without a minute by the call.
        $calls[0].ListUnitPrice, $calls[0].PricingQuantity, $calls[0].PricingUnit | Should -Be '0.02', '3', 'Minutes'
        $calls[2].ListUnitPrice, $calls[2].PricingQuantity, $calls[2].PricingUnit | Should -Be '0.05', '1', 'Calls'
        $calls[0].SkuPriceId | Should -Be 'MCOPSTNPP/List/44'
        (($calls | Measure-Object ListCost -Sum).Sum) | Should -Be (($groups | Measure-Object ListCost -Sum).Sum)
    }

    It 'writes no row of FOCUS for calls that are no charge yet, by call and by group alike' {
        New-CreditTenant tailspin.com
        New-TeamsRow 31 -Callee '+99912345678' | Import-UsageRecord -TenantId tailspin.com -WarningAction Ignore | Out-Null
        (Get-UsageRecord tailspin.com).Status | Should -Be Unrated
        @(Import-Csv (Export-CreditUsage (Get-TestPath u1.csv) tailspin.com -Format Focus).FullName).Count | Should -Be 0
        @(Import-Csv (Export-CreditUsage (Get-TestPath u2.csv) tailspin.com -By User -Format Focus).FullName).Count | Should -Be 0
    }

    It 'names a sub account by the cost center, and by the department of who has none' {
        Set-CreditUser fabrikam.com user1@contoso.com -CostCenter 4711 -Month 2026-01
        $rows = Import-Csv (Export-CreditUsage (Get-TestPath accounts.csv) -By Department, CostCenter -Format Focus -From 2026-01-01 -To 2026-02-01).FullName
        ($rows | Where-Object BillingAccountId -EQ fabrikam.com).SubAccountId | Should -Be '4711'
        ($rows | Where-Object BillingAccountId -EQ fabrikam.com).SubAccountType | Should -Be 'Cost Center'
        ($rows | Where-Object BillingAccountId -EQ contoso.com).SubAccountType | Should -Be 'Department'
    }

    It 'writes no cell that a spreadsheet runs, for a name that begins with <Sign>' -ForEach @(
        @{ Sign = '='; Name = '=1+1' }, @{ Sign = '+'; Name = '+1' }, @{ Sign = '-'; Name = '-1' }, @{ Sign = '@'; Name = '@SUM(1)' }
        @{ Sign = 'blanks and ='; Name = '  =1+1' }, @{ Sign = 'a tab'; Name = "`t=1+1" }, @{ Sign = 'a carriage return'; Name = "`r=1+1" }
    ) {
        $tenant = "t$([guid]::NewGuid().ToString('N')).com"
        New-CreditTenant $tenant
        New-TeamsRow 9 -User $Name | Import-UsageRecord -TenantId $tenant | Out-Null
        Set-CreditUser $tenant ($Name.Trim()) -Department ($Name.Trim()) -CostCenter ($Name.Trim()) -Month 2026-01
        foreach ($format in 'Csv', 'Focus') {
            foreach ($by in @{}, @{ By = 'User', 'Department', 'CostCenter' }) {
                $file = Export-CreditUsage (Get-TestPath "$tenant.csv") $tenant -Format $format -Force @by
                $rows = @(Import-Csv $file.FullName)
                $rows.Count | Should -Be 1
                $cells = foreach ($property in $rows[0].PSObject.Properties) { $property.Value }
                $cells -match '^\s*[=+@]' | Should -BeNullOrEmpty
                $cells -match '^[\t\r-]' | Should -BeNullOrEmpty
                ($cells -like "'*").Count | Should -BeGreaterThan 0
            }
        }
    }

    It 'says that the folder is not there' {
        Export-CreditUsage (Get-TestPath none/calls.csv) -ErrorAction SilentlyContinue -ErrorVariable failed
        "$($failed[0])" | Should -BeLike "*There is no folder '*none'. Make it first, or give another path."
        "$($failed[0])" | Should -Not -BeLike '*.part*'
    }

    It 'keeps a file that is there, and writes none under -WhatIf' {
        Export-CreditUsage (Get-TestPath calls.csv) -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-ErrorId $failed[0] | Should -Be 'FileExists'
        Export-CreditUsage (Get-TestPath none.csv) -WhatIf
        Get-TestPath none.csv | Should -Not -Exist
    }
}
