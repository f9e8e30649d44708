BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-CreditGuard' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
    }

    It 'sets what is given, and the rest stays' {
        $set = Set-CreditGuard contoso.com -HoldRecharge -AllowedCountry gb, Germany -PassThru
        $set.Sensitivity | Should -Be 'Normal'
        $set.HoldRecharge | Should -BeTrue
        $set.AllowedCountry | Should -Be ('DE', 'GB')
        $set = Set-CreditGuard contoso.com -Sensitivity Low -PassThru
        $set.HoldRecharge | Should -BeTrue
        $set.AllowedCountry.Count | Should -Be 2
        (Set-CreditGuard contoso.com -HoldRecharge:$false -AllowedCountry @() -PassThru).AllowedCountry | Should -BeNullOrEmpty
        (Get-CreditGuard contoso.com).HoldRecharge | Should -BeFalse
    }

    It 'takes what Get-CreditGuard writes, and rows of a CSV' {
        Set-CreditGuard contoso.com -Sensitivity High -HoldRecharge -AllowedCountry KE, NG
        $csv = Get-CreditGuard contoso.com | ConvertTo-Csv
        Set-CreditGuard contoso.com -Sensitivity Low -HoldRecharge:$false -AllowedCountry @()
        $csv | ConvertFrom-Csv | Set-CreditGuard
        $set = Get-CreditGuard contoso.com
        $set.Sensitivity | Should -Be 'High'
        $set.HoldRecharge | Should -BeTrue
        $set.AllowedCountry | Should -Be ('KE', 'NG')
        Get-CreditGuard contoso.com | Set-CreditGuard -Sensitivity Normal
        (Get-CreditGuard contoso.com).AllowedCountry | Should -Be ('KE', 'NG')
    }

    It 'changes nothing under -WhatIf, and refuses a country that is none' {
        Set-CreditGuard fabrikam.com -Sensitivity High -WhatIf
        (Get-CreditGuard fabrikam.com).Sensitivity | Should -Be 'Normal'
        Set-CreditGuard fabrikam.com -AllowedCountry Atlantis -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-ErrorId $failed[0] | Should -Be 'InvalidCountry'
    }
}
