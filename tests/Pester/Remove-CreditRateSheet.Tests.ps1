BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditRateSheet' {
    BeforeEach {
        Connect-TestLedger
        Import-TestRate -Name PSTN -EffectiveFrom 2025-01-01
        Import-TestRate -Name PSTN -EffectiveFrom 2026-01-01
    }

    It 'removes every version of a name' {
        Remove-CreditRateSheet PSTN -Confirm:$false | Should -BeNullOrEmpty
        Get-CreditRateSheet | Should -BeNullOrEmpty
    }

    It 'removes of a pipeline exactly what is on it' {
        Get-CreditRateSheet | Where-Object EffectiveFrom -gt ([datetimeoffset]'2025-06-01Z') | Remove-CreditRateSheet -Confirm:$false
        (Get-CreditRateSheet).EffectiveFrom.Year | Should -Be 2025
    }

    It 'keeps a version that made a charge' {
        New-CreditTenant contoso.com
        New-TeamsRow 1 | Import-UsageRecord -TenantId contoso.com | Out-Null
        Remove-CreditRateSheet PSTN -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'RateRejected'
        $problem[0].TargetObject | Should -Be 'PSTN'
        (Get-CreditRateSheet).EffectiveFrom.Year | Should -Be 2026
    }

    It 'is told of a name that is not there' {
        Remove-CreditRateSheet nothing -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'RateRejected'
        $problem[0].TargetObject | Should -Be 'nothing'
    }
}
