BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $env:COMMUNICATIONSCREDITS_CONFIGURATION = Get-TestPath 'round-trip'

    # Through a file, as Export-Csv and Import-Csv of that culture have it.
    function Get-ThereAndBack {
        param([Parameter(ValueFromPipeline)] $Row)
        begin { $rows = [System.Collections.Generic.List[object]]::new() }
        process { $rows.Add($Row) }
        end {
            $file = Get-TestPath "$([guid]::NewGuid()).csv"
            $rows | Export-Csv $file
            Import-Csv $file
        }
    }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'There and back, in the culture <_>' -ForEach 'en-US', 'de-DE', 'sv-SE', 'ar-SA' {
    BeforeAll {
        $before = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $_
        Connect-TestLedger
        New-CreditTenant a -Name Contoso -NotificationEmail x@contoso.example, y@contoso.example -LowBalance 12.345678 -AccountFrom 2020-01-02T03:04:05.0000006Z
        New-CreditTenant b -Name 'Fourth Coffee' -Currency EUR -Country DE
        Add-CreditFunds a 1234.5 -PurchasedAt 2026-01-01T01:02:03.0000004Z -ExpiresAt 2999-01-01 -Priority 2 -Reference 'INV, "1"'
        Add-CreditFunds b 20
        Set-CreditPaymentMethod a card -Gateway Invoice -PurchaseOrder PO-1
        Set-AutoRecharge a -MinimumBalance 1.5 -RechargeAmount 250 -MaximumPerMonth 1000 -PaymentMethod card
        Set-AutoRecharge b -MinimumBalance 2 -TargetBalance 50.25 -MaximumPerDay 100 -WarningAction SilentlyContinue
        Set-CreditPool a MCOPSTN1 -Licenses 3 -Month 2026-02
    }
    AfterAll { [cultureinfo]::CurrentCulture = $before }

    It 'tenants go to Set-CreditTenant, which changes nothing' {
        $tenants = Get-CreditTenant
        $entries = (Get-CreditTransaction).Count
        $tenants | Get-ThereAndBack | Set-CreditTenant
        (Get-CreditTransaction).Count | Should -Be $entries
        (Get-CreditTenant a).NotificationEmail | Should -Be 'x@contoso.example', 'y@contoso.example'
        (Get-CreditTenant a).AccountFrom.Ticks | Should -Be $tenants[0].AccountFrom.Ticks
    }

    It 'tenants and lots make another ledger' {
        $tenants, $funds = (Get-CreditTenant | Get-ThereAndBack), (Get-CreditFunds -IncludeSpent | Get-ThereAndBack)
        $was = Get-CreditFunds
        $first = (Get-CreditLedger).Location
        try {
            Connect-TestLedger
            $tenants | New-CreditTenant
            $funds | Add-CreditFunds
            $is = Get-CreditFunds
            foreach ($property in 'TenantId', 'TenantName', 'Amount', 'PurchasedAt', 'ExpiresAt', 'Priority', 'Reference', 'Currency') { $is.$property | Should -Be $was.$property }
            (Get-CreditTenant a).LowBalance | Should -Be 12.345678
        }
        finally { Connect-CreditLedger $first }
    }

    It 'rules, methods and pools go to what sets them' {
        $rules, $methods, $pools = (Get-AutoRecharge), (Get-CreditPaymentMethod), (Get-CreditPool -Month 2026-02)
        $rules | Get-ThereAndBack | Set-AutoRecharge -WarningAction SilentlyContinue
        $methods | Get-ThereAndBack | Set-CreditPaymentMethod
        $pools | Get-ThereAndBack | Set-CreditPool
        foreach ($property in 'MinimumBalance', 'RechargeAmount', 'TargetBalance', 'MaximumPerDay', 'MaximumPerMonth', 'PaymentMethod') { (Get-AutoRecharge).$property | Should -Be $rules.$property }
        (Get-CreditPaymentMethod).PurchaseOrder | Should -Be 'PO-1'
        (Get-CreditPool -Month 2026-02).Licenses | Should -Be 3
    }

    It 'everything that is read can be written and read again, with a point and ISO 8601' {
        foreach ($row in & { Get-CreditBalance; Get-CreditTransaction; Get-CreditStatement -Month 2026-01; Get-AutoRecharge } | Get-ThereAndBack) {
            foreach ($cell in $row.psobject.Properties) {
                $cell.Value | Should -Not -Match '^-?\d+,\d+$'
                $cell.Value | Should -Not -BeLike 'System.*'
                if ($cell.Name -match 'At$' -and $cell.Value) { $cell.Value | Should -Match '^\d{4}-\d\d-\d\dT[\d:.]+Z$' }
            }
        }
    }
}

Describe 'Warnings of many tenants' {
    It 'are one, with the names' {
        Connect-TestLedger
        1..30 | ForEach-Object { New-CreditTenant "t$_" -Name "Tenant $_" }
        Get-CreditTenant | Set-AutoRecharge -MinimumBalance 1 -RechargeAmount 2 -WarningVariable warned -WarningAction SilentlyContinue
        $warned.Count | Should -Be 1
        "$warned" | Should -BeLike '*no monthly cap*(30): Tenant 1, *…*'
        Get-CreditForecast -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        $warned.Count | Should -Be 1
        Get-CreditForecast t1 -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -BeLike '*Tenant 1 (t1) has 0 whole day(s)*'
    }
}
