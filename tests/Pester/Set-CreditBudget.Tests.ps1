BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-CreditBudget' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-CreditUser contoso.com ann@contoso.com -Department Sales
        Set-CreditUser fabrikam.com bob@fabrikam.com -Department Sales
    }

    It 'sets one for a tenant, a user and a department' {
        $set = Set-CreditBudget contoso.com, fabrikam.com 100.50 -PassThru
        $set.Amount | Should -Be (100.5, 100.5)
        $set.Status | Should -Be ('Open', 'Open')
        (Set-CreditBudget contoso.com 5 -User ANN@contoso.com -PassThru).User | Should -Be 'ANN@contoso.com'
        ('Department,Amount', 'Sales,50', 'Support,' | ConvertFrom-Csv | Set-CreditBudget contoso.com -PassThru -ErrorAction SilentlyContinue -ErrorVariable failed).Department | Should -Be 'Sales'
        Get-ErrorId $failed[0] | Should -Be 'InvalidAmount'
        (Get-CreditBudget contoso.com).Amount | Should -Be (100.5, 5, 50)
    }

    It 'takes a user, whose budget it is and not the department''s' {
        New-CreditTenant northwind.com
        Set-CreditUser northwind.com dora@northwind.com -Department Sales -CostCenter 4711
        Set-CreditUser northwind.com emil@northwind.com -Department Sales
        Get-CreditUser northwind.com | Set-CreditBudget -Amount 9
        (Get-CreditBudget northwind.com).User | Should -Be ('dora@northwind.com', 'emil@northwind.com')
        Get-CreditUser northwind.com dora@northwind.com | Remove-CreditBudget -Confirm:$false
        (Get-CreditBudget northwind.com).User | Should -Be 'emil@northwind.com'
        Get-CreditUser northwind.com dora@northwind.com | Set-CreditBudget -Amount 9 -Department Sales -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-ErrorId $failed[0] | Should -Be 'BudgetInvalid'
        Remove-CreditTenant northwind.com -Confirm:$false
    }

    It 'says what an amount has to be' {
        Set-CreditBudget contoso.com -5 -ErrorAction SilentlyContinue -ErrorVariable failed
        "$($failed[0])" | Should -BeLike '*has to be above 0, and is -5. Remove-CreditBudget*'
    }

    It 'takes what Get-CreditBudget writes' {
        Get-CreditBudget contoso.com -Department Sales | Set-CreditBudget -Amount 60
        (Get-CreditBudget contoso.com -Department Sales).Amount | Should -Be 60
        (Get-CreditBudget contoso.com).Count | Should -Be 3
    }

    It 'refuses <Because>' -ForEach @(
        @{ Because = 'an amount of 0'; Id = 'BudgetInvalid'; Run = { Set-CreditBudget contoso.com 0 -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'an amount below 0'; Id = 'BudgetInvalid'; Run = { Set-CreditBudget contoso.com -5 -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'a user of another tenant'; Id = 'UserNotFound'; Run = { Set-CreditBudget contoso.com 5 -User bob@fabrikam.com -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'a department that is too long'; Id = 'BudgetInvalid'; Run = { Set-CreditBudget contoso.com 5 -Department ('x' * 129) -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'a cost center that is too long'; Id = 'BudgetInvalid'; Run = { Set-CreditBudget contoso.com 5 -CostCenter ('x' * 129) -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'a department with a tab'; Id = 'BudgetInvalid'; Run = { Set-CreditBudget contoso.com 5 -Department "a`tb" -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'two owners'; Id = 'BudgetInvalid'; Run = { Set-CreditBudget contoso.com 5 -User ann@contoso.com -Department Sales -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ Because = 'a decimal comma'; Id = 'InvalidAmount'; Run = { Set-CreditBudget contoso.com '1,50' -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
    ) {
        & $Run
        Get-ErrorId $failed[0] | Should -Be $Id
    }

    It 'keeps a department as long as a user has one, and says what to do about a longer one' {
        $long = 'y' * 128
        Set-CreditUser contoso.com cleo@contoso.com -Department $long
        (Set-CreditBudget contoso.com 5 -Department $long -PassThru).Department | Should -Be $long
        Remove-CreditBudget contoso.com -Department $long -Confirm:$false
        Set-CreditBudget contoso.com 5 -Department ($long + 'y') -ErrorAction SilentlyContinue -ErrorVariable failed
        "$($failed[0])" | Should -BeLike "*'contoso.com'*department has 129 characters*at most 128*Shorten it*"
    }

    It 'notifies when it is passed, and never blocks' {
        Import-TestRate
        $day = [datetimeoffset]::UtcNow.AddDays(-1).ToString('yyyy-MM-ddTHH:mm:ssZ')
        New-TeamsRow 1 -Start $day -Charge 500 -User ann@contoso.com | Import-UsageRecord -TenantId contoso.com | Out-Null
        $raised = Get-CreditNotification contoso.com -Kind BudgetReached
        $raised.Count | Should -Be 3
        ($raised.Subject -match '100 % of the budget of ann@contoso.com') | Should -Not -BeNullOrEmpty
    }
}
