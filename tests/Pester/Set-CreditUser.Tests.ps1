BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-CreditUser' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com
    }

    It 'takes rows of a CSV, and an empty cell is as if it were not there' {
        $rows = "User,Department,CostCenter,Month`nann@contoso.com,Sales,4711,2026-01`nbob@contoso.com,,4712," | ConvertFrom-Csv
        $set = $rows | Set-CreditUser contoso.com -PassThru
        $set.Department | Should -Be ('Sales', $null)
        $set.CostCenter | Should -Be ('4711', '4712')
        $set[0].Month | Should -Be '2026-01'
        $set[1].Month | Should -Be ([datetimeoffset]::UtcNow.ToString('yyyy-MM'))
    }

    It 'takes what Get-MgUser writes, whose Id is no tenant' {
        $mgUser = [pscustomobject]@{
            Id = [guid]::NewGuid().ToString(); UserPrincipalName = 'carla@contoso.com'; DisplayName = 'Carla'; Department = 'Research'
            EmployeeOrgData = [pscustomobject]@{ CostCenter = '99'; Division = 'EMEA' }
        }
        $set = $mgUser | Set-CreditUser -TenantId contoso.com -PassThru
        $set.User | Should -Be 'carla@contoso.com'
        $set.CostCenter | Should -Be '99'
        $set.DisplayName | Should -Be 'Carla'
        $mgUser | Set-CreditUser -ErrorAction SilentlyContinue -ErrorVariable failed -TenantId nobody
        Get-ErrorId $failed[0] | Should -Be 'TenantNotFound'
    }

    It 'says of which of many users a department is too long, and sets the others' {
        $set = 1..3 | ForEach-Object { [pscustomobject]@{ User = "many$_@contoso.com"; Department = ($_ -eq 2 ? 'x' * 129 : 'Sales') } } |
            Set-CreditUser contoso.com -PassThru -ErrorAction SilentlyContinue -ErrorVariable failed
        $set.User | Should -Be ('many1@contoso.com', 'many3@contoso.com')
        "$($failed[0])" | Should -BeLike "*the department of 'many2@contoso.com' has 129 characters*"
    }

    It 'shows a long department in lines that end between words' {
        $shown = Set-CreditUser contoso.com long@contoso.com -Department 'Research and Development, Europe' -PassThru | Out-String -Width 80
        $shown | Should -Match 'Research and '
        $shown | Should -Match '(?m)^ +Development, *\r?$'
    }

    It 'takes what Get-CreditUser writes' {
        Get-CreditUser contoso.com ann* -Month 2026-01 | Set-CreditUser -Department Support -Month 2026-03
        (Get-CreditUser contoso.com ann@contoso.com -Month 2026-02).Department | Should -Be 'Sales'
        (Get-CreditUser contoso.com ann@contoso.com -Month 2026-03).Department | Should -Be 'Support'
    }

    It 'changes nothing under -WhatIf' {
        Set-CreditUser contoso.com ann@contoso.com -Department Other -WhatIf
        (Get-CreditUser contoso.com ann@contoso.com).Department | Should -Be 'Support'
    }

    It 'refuses a department that is too long, and goes on with the others' {
        $rows = [pscustomobject]@{ User = 'd@contoso.com'; Department = 'x' * 129 }, [pscustomobject]@{ User = 'e@contoso.com'; Department = 'x' }
        $rows | Set-CreditUser contoso.com -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-ErrorId $failed[0] | Should -Be 'RuleInvalid'
        (Get-CreditUser contoso.com e@contoso.com).Department | Should -Be 'x'
        Get-CreditUser contoso.com d@contoso.com | Should -BeNullOrEmpty
    }
}
