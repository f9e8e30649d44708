BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditBudget' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-CreditUser contoso.com ann@contoso.com -Department Sales -CostCenter 4711
        Set-CreditBudget contoso.com 100
        Set-CreditBudget contoso.com 10 -CostCenter 4711
        Set-CreditBudget fabrikam.com 20
        $now = [datetimeoffset]::UtcNow
        $start = [datetimeoffset]::new($now.Year, $now.Month, 1, 0, 0, 0, [timespan]::Zero).ToString('yyyy-MM-ddTHH:mm:ssZ')
        New-TeamsRow 1 -Start $start -Charge 12 -User ann@contoso.com | Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'says what of it is used' {
        $budgets = Get-CreditBudget contoso.com
        $budgets.Used | Should -Be (12, 12)
        $budgets.PercentUsed | Should -Be (12, 120)
        $budgets.Status | Should -Be ('Open', 'UsedUp')
        (Get-CreditBudget -CostCenter 47*).Amount | Should -Be 10
        (Get-CreditBudget).TenantId | Should -Be ('contoso.com', 'contoso.com', 'fabrikam.com')
    }

    It 'is read by what reads a CSV' {
        $csv = Get-CreditBudget contoso.com | ConvertTo-Csv | ConvertFrom-Csv
        $csv.PercentUsed | Should -Be ('12', '120')
        $csv | Set-CreditBudget -Amount 7
        (Get-CreditBudget contoso.com).Amount | Should -Be (7, 7)
    }
}
