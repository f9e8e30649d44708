BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'New-CreditTenant' {
    BeforeEach { Connect-TestLedger }

    It 'adds a tenant with the defaults' {
        New-CreditTenant contoso.com | Should -BeNullOrEmpty
        $tenant = Get-CreditTenant
        $tenant.TenantId | Should -BeExactly 'contoso.com'
        $tenant.Name | Should -BeExactly 'contoso.com'
        $tenant.Currency | Should -BeExactly 'USD'
        $tenant.Country | Should -BeExactly 'US'
        $tenant.Status | Should -Be 'Active'
        $tenant.LowBalance | Should -BeNullOrEmpty
    }

    It 'takes every setting' {
        $tenant = New-CreditTenant contoso.com -Name 'Contoso AG' -Currency chf -Country ch -NotificationEmail a@contoso.com, b@contoso.com `
            -LowBalance 12.5 -AccountFrom 2026-01-31 -PassThru
        $tenant.Name | Should -BeExactly 'Contoso AG'
        $tenant.Currency | Should -BeExactly 'CHF'
        $tenant.Country | Should -BeExactly 'CH'
        $tenant.NotificationEmail | Should -Be 'a@contoso.com', 'b@contoso.com'
        $tenant.LowBalance | Should -Be 12.5
        $tenant.LowBalance | Should -BeOfType ([decimal])
        $tenant.AccountFrom | Should -Be ([datetimeoffset]'2026-01-31T00:00:00Z')
    }

    It 'adds the rows of a CSV, an empty cell being as if it were not there' {
        @'
TenantId,Name,Currency,Country,LowBalance,AccountFrom,NotificationEmail
contoso.com,Contoso,USD,US,10.50,2026-01-01,billing@contoso.com
tailspin.example,,EUR,,,,
'@ | ConvertFrom-Csv | New-CreditTenant
        $tenants = Get-CreditTenant
        $tenants.TenantId | Should -Be 'contoso.com', 'tailspin.example'
        $tenants[0].LowBalance | Should -Be 10.5
        $tenants[1].Name | Should -Be 'tailspin.example'
        $tenants[1].Country | Should -Be 'US'
        $tenants[1].LowBalance | Should -BeNullOrEmpty
        $tenants[1].NotificationEmail.Count | Should -Be 0
    }

    It 'refuses an empty currency cell, and goes on' {
        @'
TenantId,Currency
a,
b,GBP
'@ | ConvertFrom-Csv | New-CreditTenant -ErrorAction SilentlyContinue -ErrorVariable problem
        (Get-CreditTenant).TenantId | Should -Be 'b'
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'InvalidCurrency'
        $problem[0].TargetObject | Should -Be 'a'
    }

    It 'refuses a tenant that is there, in whatever case' {
        New-CreditTenant Contoso.com
        New-CreditTenant CONTOSO.COM -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantExists'
        $problem[0].TargetObject | Should -Be 'CONTOSO.COM'
        (Get-CreditTenant).TenantId | Should -BeExactly 'Contoso.com'
    }

    It 'refuses <Parameter> <Value> with <Id>' -ForEach @(
        @{ Parameter = 'Currency'; Value = 'XQQ'; Id = 'InvalidCurrency' }
        @{ Parameter = 'Currency'; Value = ''; Id = 'InvalidCurrency' }
        @{ Parameter = 'Country'; Value = 'USA'; Id = 'InvalidCountry' }
        @{ Parameter = 'Name'; Value = ''; Id = 'RuleInvalid' }
        @{ Parameter = 'NotificationEmail'; Value = 'nobody'; Id = 'RuleInvalid' }
        @{ Parameter = 'LowBalance'; Value = '1,50'; Id = 'InvalidAmount' }
        @{ Parameter = 'LowBalance'; Value = ''; Id = 'InvalidAmount' }
        @{ Parameter = 'LowBalance'; Value = '-1'; Id = 'InvalidAmount' }
        @{ Parameter = 'AccountFrom'; Value = '03/04/2026'; Id = 'InvalidInstant' }
        @{ Parameter = 'AccountFrom'; Value = ''; Id = 'InvalidInstant' }
    ) {
        $settings = @{ $Parameter = $Value }
        New-CreditTenant contoso.com @settings -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be $Id
        $problem[0].TargetObject | Should -Be 'contoso.com'
        Get-CreditTenant | Should -BeNullOrEmpty
    }

    It 'makes an array of ids, GUIDs among them, tenants of the same settings' {
        $id = [guid]'9c4984c7-6c3c-427d-a30c-bd0b2eacee90'
        $tenants = New-CreditTenant 'a', $id -Currency EUR -PassThru
        $tenants.TenantId | Should -Be 'a', '9c4984c7-6c3c-427d-a30c-bd0b2eacee90'
        $tenants.Currency | Should -Be 'EUR', 'EUR'
    }

    It 'copies tenants of another ledger' {
        New-CreditTenant contoso.com -Name Contoso -Currency EUR -NotificationEmail a@contoso.com -LowBalance 5
        $tenant = Get-CreditTenant
        Connect-TestLedger
        $tenant | New-CreditTenant
        $copy = Get-CreditTenant
        $copy.Name | Should -Be 'Contoso'
        $copy.Currency | Should -Be 'EUR'
        $copy.NotificationEmail | Should -Be 'a@contoso.com'
        $copy.LowBalance | Should -Be 5
    }
}
