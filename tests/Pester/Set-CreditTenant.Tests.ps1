BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-CreditTenant' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name Contoso -NotificationEmail a@contoso.com -LowBalance 5
    }

    It 'changes what is given and nothing else' {
        Set-CreditTenant contoso.com -Country DE | Should -BeNullOrEmpty
        $tenant = Get-CreditTenant
        $tenant.Country | Should -Be 'DE'
        $tenant.Name | Should -Be 'Contoso'
        $tenant.LowBalance | Should -Be 5
        $tenant.NotificationEmail | Should -Be 'a@contoso.com'
    }

    It 'takes what Get-CreditTenant writes' {
        $tenant = Get-CreditTenant | Set-CreditTenant -LowBalance 7.25 -PassThru
        $tenant.LowBalance | Should -Be 7.25
        $tenant.Name | Should -Be 'Contoso'
        $tenant.NotificationEmail | Should -Be 'a@contoso.com'
        $tenant.Status | Should -Be 'Active'
    }

    It 'closes a tenant, and opens it again' {
        Set-CreditTenant contoso.com -Status Closed
        Add-CreditFunds contoso.com 5 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantClosed'
        (Get-CreditBalance).State | Should -Be 'Closed'
        Get-CreditTenant | Set-CreditTenant -Status Active
        Add-CreditFunds contoso.com 5
        (Get-CreditBalance).Balance | Should -Be 5
    }

    It 'passes over empty cells, that of the currency too' {
        [pscustomobject]@{ TenantId = 'contoso.com'; Name = ''; Currency = ''; Country = 'FR'; LowBalance = ''; Status = '' } |
            Set-CreditTenant
        $tenant = Get-CreditTenant
        $tenant.Name | Should -Be 'Contoso'
        $tenant.Currency | Should -Be 'USD'
        $tenant.Country | Should -Be 'FR'
        $tenant.LowBalance | Should -Be 5
        $tenant.Status | Should -Be 'Active'
    }

    It 'takes no status of another noun for the tenant''s' {
        Add-CreditFunds contoso.com 5
        Get-CreditFunds | Select-Object * | Set-CreditTenant -Country FR -ErrorVariable problem
        $problem | Should -BeNullOrEmpty
        (Get-CreditTenant).Status | Should -Be 'Active'
        (Get-CreditTenant).Country | Should -Be 'FR'
    }

    It 'takes the addresses away where none are given' {
        Set-CreditTenant contoso.com -NotificationEmail @()
        (Get-CreditTenant).NotificationEmail.Count | Should -Be 0
    }

    It 'keeps the currency once there is money' {
        Set-CreditTenant contoso.com -Currency EUR
        (Get-CreditTenant).Currency | Should -Be 'EUR'
        Add-CreditFunds contoso.com 5
        Set-CreditTenant contoso.com -Currency USD -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantInUse'
        $problem[0].TargetObject | Should -Be 'contoso.com'
    }

    It 'refuses an unknown tenant, and takes no wildcard' {
        Set-CreditTenant nobody, 'c*' -Country FR -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be 'TenantNotFound', 'TenantNotFound'
        $problem.TargetObject | Should -Be 'nobody', 'c*'
    }

    It 'writes every change into the record' {
        Set-CreditTenant contoso.com -Country DE
        (Get-CreditTransaction)[-1].Kind | Should -Be 'Setting'
        (Get-CreditTransaction)[-1].Description | Should -Match 'Country: US'
    }
}
