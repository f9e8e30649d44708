BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-CreditPool' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com
        New-CreditTenant fabrikam.com -Country DE
    }

    It 'sets the minutes that a capability is known to have' {
        $pool = Set-CreditPool contoso.com MCOPSTN2 -Licenses 115 -PassThru
        $pool.TenantId | Should -Be 'contoso.com'
        $pool.Capability | Should -Be 'MCOPSTN2'
        $pool.Country | Should -Be 'US'
        $pool.Licenses | Should -Be 115
        $pool.Month | Should -Be ([datetime]::UtcNow.ToString('yyyy-MM'))
        $pool.Minutes | Should -Be 345000
        $pool.InternationalMinutes | Should -Be 69000
        $pool.MinutesUsed | Should -Be 0
        $pool.PercentUsed | Should -Be 0
        $pool.Status | Should -Be 'Open'
    }

    It 'has 6,900 minutes of dial-out for 115 licenses, in no country' {
        $pool = Set-CreditPool contoso.com conferencedialout -Licenses 115 -PassThru
        $pool.Capability | Should -Be 'ConferenceDialOut'
        $pool.Country | Should -BeNullOrEmpty
        $pool.Minutes | Should -Be 6900
    }

    It 'takes what Get-CreditPool writes' {
        Set-CreditPool contoso.com MCOPSTN1 -Licenses 10 -MinutesPerLicense 500
        Set-CreditPool contoso.com MCOPSTN1 -Country GB -Licenses 10
        Set-CreditPool fabrikam.com ConferenceDialOut -Licenses 10
        $pools = Get-CreditPool | Set-CreditPool -Licenses 120 -PassThru
        $pools.Licenses | Should -Be 120, 120, 120
        $pools.Country | Should -Be 'GB', 'US', $null
        $pools.Minutes | Should -Be 144000, 60000, 7200
    }

    It 'takes a tenant, whose country is the pool''s' {
        Get-CreditTenant | Set-CreditPool -Capability MCOPSTN1 -Licenses 1
        (Get-CreditPool).Country | Should -Be 'US', 'DE'
        (Get-CreditPool).Minutes | Should -Be 3000, 1200
        Get-CreditTenant | Set-CreditPool -Capability ConferenceDialOut -Licenses 1
        (Get-CreditPool -Capability ConferenceDialOut).Country | Should -Be $null, $null
    }

    It 'reads a CSV; an empty cell is as if it were not there' {
        "TenantId,Capability,Country,Licenses,MinutesPerLicense,Month`ncontoso.com,MCOPSTN1,,2,,`nfabrikam.com,MCOPSTN6,AT,3,100,2026-01" |
            ConvertFrom-Csv | Set-CreditPool
        (Get-CreditPool).Minutes | Should -Be 6000, 300
        (Get-CreditPool).Country | Should -Be 'US', 'AT'
    }

    It 'holds from its month on' {
        Set-CreditPool contoso.com MCOPSTN1 -Licenses 1 -Month 2026-01
        Set-CreditPool contoso.com MCOPSTN1 -Licenses 5 -Month 2026-06
        (Get-CreditPool -Month 2026-05).Licenses | Should -Be 1
        (Get-CreditPool -Month 2026-06).Licenses | Should -Be 5
        (Get-CreditPool -Month 2025-01).Licenses | Should -Be 1
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'negative licenses'; Arguments = @{ Capability = 'MCOPSTN1'; Licenses = -1 }; Id = 'PoolInvalid' }
        @{ Why = 'absurd licenses'; Arguments = @{ Capability = 'MCOPSTN1'; Licenses = 20000000 }; Id = 'PoolInvalid' }
        @{ Why = 'an unknown capability without minutes'; Arguments = @{ Capability = 'MCOPSTN7'; Licenses = 1 }; Id = 'PoolInvalid' }
        @{ Why = 'pay-as-you-go'; Arguments = @{ Capability = 'MCOPSTNPP'; Licenses = 1 }; Id = 'PoolInvalid' }
        @{ Why = 'an unknown country'; Arguments = @{ Capability = 'MCOPSTN1'; Licenses = 1; Country = 'XX' }; Id = 'InvalidCountry' }
        @{ Why = 'a new pool without licenses'; Arguments = @{ Capability = 'MCOPSTN1' }; Id = 'PoolInvalid' }
        @{ Why = 'a month that is none'; Arguments = @{ Capability = 'MCOPSTN1'; Licenses = 1; Month = '2026-13' }; Id = 'InvalidInstant' }
    ) {
        Set-CreditPool contoso.com @Arguments -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be $Id
        $problem[0].TargetObject | Should -Be 'contoso.com'
        Get-CreditPool | Should -BeNullOrEmpty
    }

    It 'takes a capability of its own where its minutes are given' {
        (Set-CreditPool contoso.com MCOPSTN7 -Licenses 2 -MinutesPerLicense 100 -InternationalMinutesPerLicense 10 -PassThru).InternationalMinutes | Should -Be 20
    }

    It 'goes on after a tenant that is not there' {
        'nobody', 'contoso.com' | Set-CreditPool -Capability MCOPSTN1 -Licenses 1 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        (Get-CreditPool).TenantId | Should -Be 'contoso.com'
    }

    It 'keeps nothing under -WhatIf' {
        (Set-CreditPool contoso.com MCOPSTN1 -Licenses 1 -WhatIf -PassThru).Minutes | Should -Be 3000
        Get-CreditPool | Should -BeNullOrEmpty
    }
}
