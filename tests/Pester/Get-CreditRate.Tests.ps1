BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    Import-TestRate -EffectiveFrom 2026-01-01
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditRate' {
    It 'gets the longest prefix' {
        $rate = Get-CreditRate +442071838750
        $rate.Prefix | Should -Be '4420'
        $rate.Destination | Should -Be 'London'
        $rate.Country | Should -Be 'GB'
        $rate.PricePerMinute | Should -Be 0.03
        $rate.Sheet | Should -Be 'List'
        $rate.EffectiveFrom | Should -Be ([datetimeoffset]'2026-01-01Z')
    }

    It 'takes a number as it was typed' {
        (Get-CreditRate 00442071838750).Prefix | Should -Be '4420'
        (Get-CreditRate 442071838750).Prefix | Should -Be '4420'
        ('+44 113 496 0000', '+1 425 555 0100' | Get-CreditRate).Prefix | Should -Be '44', '1'
        ([pscustomobject]@{ Number = '+44 113 496 0000' } | Get-CreditRate).Prefix | Should -Be '44'
    }

    It 'gets nothing without a rate' {
        Get-CreditRate +8613800000000 -ErrorVariable problem | Should -BeNullOrEmpty
        Get-CreditRate +442071838750 -At 2025-12-31 -ErrorVariable +problem | Should -BeNullOrEmpty
        Get-CreditRate +442071838750 -Currency EUR -ErrorVariable +problem | Should -BeNullOrEmpty
        Get-CreditRate +442071838750 -Service TollFreeInbound -ErrorVariable +problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'refuses a currency that is none' {
        Get-CreditRate +442071838750 -Currency XQQ -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'InvalidCurrency'
    }
}
