BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    Import-TestRate -Name 'PSTN' -EffectiveFrom 2025-01-01
    Import-TestRate -Name 'PSTN' -EffectiveFrom 2026-01-01
    Import-TestRate -Name 'Europe' -Currency EUR
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditRateSheet' {
    It 'gets all, by name and date' {
        $sheets = Get-CreditRateSheet
        $sheets.Name | Should -Be 'Europe', 'PSTN', 'PSTN'
        $sheets[1].EffectiveFrom | Should -BeLessThan $sheets[2].EffectiveFrom
    }

    It 'finds <Given>' -ForEach @(
        @{ Given = 'pstn'; Count = 2 }, @{ Given = 'E*'; Count = 1 }, @{ Given = '*'; Count = 3 }, @{ Given = 'no*'; Count = 0 }
    ) {
        @(Get-CreditRateSheet $Given).Count | Should -Be $Count
    }

    It 'is told of a name that is not there' {
        Get-CreditRateSheet nothing -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'RateRejected'
        $problem[0].TargetObject | Should -Be 'nothing'
    }

    It 'shows how it bills' {
        Get-CreditRateSheet Europe | Out-String -Width 200 | Should -Match 'Europe\s+Outbound\s+EUR\s+3\s+2020-01-01\s+60/60 s, 4 decimals, HalfUp'
    }
}
