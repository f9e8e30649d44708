BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Update-UsageRecord' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        (New-TeamsRow 1), (New-TeamsRow 2 -Callee '+8613800000000') |
            Import-UsageRecord -TenantId contoso.com -WarningAction SilentlyContinue | Out-Null
    }

    It 'charges what has a rate by now' {
        (Get-UsageRecord contoso.com).Status | Should -Be 'Unrated', 'Unrated'
        Import-TestRate
        $update = Update-UsageRecord contoso.com
        $update.Read | Should -Be 2
        $update.Unrated | Should -Be 1
        $update.Charged | Should -Be 0.02
        $update.BalanceAfter | Should -Be -0.02
        (Get-UsageRecord contoso.com).Status | Should -Be 'Charged', 'Unrated'
    }

    It 'says why calls still wait' {
        Import-TestRate -EffectiveFrom 2026-02-01
        Update-UsageRecord contoso.com -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -BeLike '*-EffectiveFrom 2026-01-05*'
    }

    It 'prices again what a sheet charged, shows it under -WhatIf, and undoes it' {
        Import-TestRate
        Update-UsageRecord contoso.com -WarningAction SilentlyContinue | Out-Null
        [pscustomobject]@{ Prefix = '44'; PricePerMinute = '0.05' } | Import-CreditRate -Name List -EffectiveFrom 2020-01-01

        $preview = Update-UsageRecord contoso.com -Rerate -WhatIf
        $preview.Imported, $preview.Charged | Should -Be 1, 0.03
        (Get-CreditBalance contoso.com).Balance | Should -Be -0.02
        $again = Update-UsageRecord contoso.com -Rerate
        $again.Imported, $again.Charged, $again.BalanceAfter, $again.Source | Should -Be 1, 0.03, -0.05, '(priced again)'
        (Update-UsageRecord contoso.com -Rerate).Imported | Should -Be 0

        Undo-UsageImport $again.ImportId -Confirm:$false
        (Get-CreditBalance contoso.com).Balance | Should -Be -0.02
        Test-CreditLedger | Should -BeTrue
    }

    It 'takes a period with -Rerate only' {
        $problem = Get-Terminating { Update-UsageRecord contoso.com -From 2026-01-01 }
        Get-ErrorId $problem | Should -Be 'InvalidInstant'
    }

    It 'tells of a recharge that it brought' {
        Import-TestRate
        Set-AutoRecharge contoso.com -MinimumBalance 1 -RechargeAmount 5 -WarningAction SilentlyContinue
        Update-UsageRecord contoso.com -InformationVariable told -WarningAction SilentlyContinue 6> $null | Out-Null
        @($told).Where({ $_.Tags -contains 'Recharge' }).MessageData.Message | Should -Be "'contoso.com' was recharged by USD 5.00."
        @($told).Where({ $_.Tags -contains 'Notification' }).Count | Should -BeGreaterThan 0
    }

    It 'takes tenants from the pipeline, and is told of one that is not there' {
        Import-TestRate
        $updates = 'contoso.com', 'nobody', 'fabrikam.com' | Update-UsageRecord -ErrorAction SilentlyContinue -ErrorVariable problem
        $updates.TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }
}
