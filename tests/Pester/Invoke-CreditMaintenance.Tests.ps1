BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Invoke-CreditMaintenance' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Add-CreditFunds contoso.com 30 -ExpiresAt ([datetimeoffset]::UtcNow.AddDays(5))
        Set-AutoRecharge fabrikam.com -MinimumBalance 10 -TargetBalance 40 -MaximumPerMonth 100
    }

    It 'looks after every tenant' {
        $rows = Invoke-CreditMaintenance
        $rows.TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        $rows.Recharged | Should -Be 0, 40
        $rows[0].Warnings | Should -Be 1
        $rows.Forfeited | Should -Be 0, 0
        $rows.Failed | Should -Be 0, 0
        (Get-CreditNotification contoso.com).Kind | Should -Be 'FundsExpiring'
        (Get-CreditBalance fabrikam.com).Balance | Should -Be 40
    }

    It 'books what has expired' {
        Add-CreditFunds contoso.com 5 -ExpiresAt ([datetimeoffset]::UtcNow.AddSeconds(2))
        Start-Sleep 3
        (Invoke-CreditMaintenance contoso.com).Forfeited | Should -Be 5
        (Get-CreditTransaction contoso.com -Kind Forfeiture).Amount | Should -Be -5
    }

    It 'does nothing twice' {
        Invoke-CreditMaintenance | Out-Null
        $again = Invoke-CreditMaintenance
        $again.Recharged | Should -Be 0, 0
        $again.Warnings | Should -Be 0, 0
    }

    It 'keeps nothing under -WhatIf, and shows what it would do' {
        $rows = Invoke-CreditMaintenance -WhatIf
        $rows.Recharged | Should -Be 0, 40
        $rows[0].Warnings | Should -Be 1
        Get-CreditNotification | Should -BeNullOrEmpty
        Get-AutoRechargeAttempt | Should -BeNullOrEmpty
    }

    It 'shows under -WhatIf what it would ask a gateway for' {
        $book = Register-TestGateway
        Set-CreditPaymentMethod fabrikam.com card -Gateway psp
        Set-AutoRecharge fabrikam.com -PaymentMethod card
        (Invoke-CreditMaintenance fabrikam.com -WhatIf).Recharged | Should -Be 40
        $book | Should -Not -Exist
        (Invoke-CreditMaintenance fabrikam.com).Recharged | Should -Be 40
    }

    It 'says what kept it from recharging, and goes on' {
        Set-CreditPaymentMethod contoso.com card -Gateway elsewhere
        Set-AutoRecharge contoso.com -MinimumBalance 100 -TargetBalance 200 -MaximumPerMonth 500 -PaymentMethod card
        $rows = Invoke-CreditMaintenance -ErrorAction SilentlyContinue -ErrorVariable problem
        $rows.Failed | Should -Be 1, 0
        Get-ErrorId $problem[0] | Should -Be 'GatewayNotFound'
        $problem[0].TargetObject | Should -Be 'contoso.com'
    }

    It 'takes the tenants asked for' {
        (Invoke-CreditMaintenance fab*).TenantId | Should -Be 'fabrikam.com'
        (Get-CreditTenant contoso.com | Invoke-CreditMaintenance).TenantId | Should -Be 'contoso.com'
        Invoke-CreditMaintenance nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
    }

    It 'makes up for imports that left the recharge to it' {
        Import-TestRate
        Set-AutoRecharge contoso.com -MinimumBalance 100 -TargetBalance 200 -MaximumPerMonth 500
        (New-TeamsRow 1 | Import-UsageRecord -TenantId contoso.com -NoRecharge).Recharged | Should -Be 0
        Get-AutoRechargeAttempt contoso.com | Should -BeNullOrEmpty
        (Invoke-CreditMaintenance contoso.com).Recharged | Should -BeGreaterThan 100
        (Get-CreditBalance contoso.com).Balance | Should -BeGreaterOrEqual 100
    }

    It 'shows itself' {
        Invoke-CreditMaintenance | Out-String -Width 160 | Should -Match 'fabrikam\.com +USD +0\.00 +40\.00 +\d +0'
    }
}
