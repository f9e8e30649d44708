BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Under -WhatIf' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, empty.example
        Import-TestRate
        Add-CreditFunds contoso.com 10 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
        (New-TeamsRow 1), (New-TeamsRow 2 -Callee '+8613800000000') |
            Import-UsageRecord -TenantId contoso.com -WarningAction SilentlyContinue | Out-Null
        Import-TestRate -Name Europe -Currency EUR
        $file = (New-TeamsRow 3), (New-TeamsRow 4 -Seconds 600) | Export-TeamsFile 'whatif.csv'
        $rates = Get-TestPath 'whatif-rates.csv'
        Set-Content $rates "Prefix,PricePerMinute`n86,0.05"

        # All that a ledger shows, in one text.
        function Get-State {
            Get-CreditTenant; Get-CreditFunds -IncludeSpent; Get-CreditTransaction; Get-UsageRecord; Get-UsageImport; Get-CreditRateSheet |
                Out-String -Width 300
        }
        function Get-Text { (Get-State | ForEach-Object { "$_" }) -join "`n" }
    }

    It '<Command> keeps nothing, and answers with what would have been' -ForEach @(
        @{ Command = 'New-CreditTenant'; Run = { New-CreditTenant new.example -WhatIf -PassThru }; Property = 'TenantId'; Value = 'new.example' }
        @{ Command = 'Set-CreditTenant'; Run = { Set-CreditTenant contoso.com -Country DE -WhatIf -PassThru }; Property = 'Country'; Value = 'DE' }
        @{ Command = 'Remove-CreditTenant'; Run = { Remove-CreditTenant empty.example -WhatIf }; Property = $null; Value = $null }
        @{ Command = 'Add-CreditFunds'; Run = { Add-CreditFunds contoso.com 5 -WhatIf -PassThru }; Property = 'FundsId'; Value = 'contoso.com/F2' }
        @{ Command = 'Import-CreditRate'; Run = { Import-CreditRate $rates -Name China -WhatIf -PassThru }; Property = 'RateCount'; Value = 1 }
        @{ Command = 'Remove-CreditRateSheet'; Run = { Remove-CreditRateSheet Europe -WhatIf }; Property = $null; Value = $null }
        @{ Command = 'Import-UsageRecord (file)'; Run = { Import-UsageRecord $file -TenantId contoso.com -WhatIf }; Property = 'Charged'; Value = 0.22 }
        @{ Command = 'Import-UsageRecord (objects)'; Run = { Import-Csv $file | Import-UsageRecord -TenantId contoso.com -WhatIf }; Property = 'Charged'; Value = 0.22 }
        @{ Command = 'Update-UsageRecord'; Run = { Update-UsageRecord contoso.com -WhatIf }; Property = 'Read'; Value = 1 }
    ) {
        $before = Get-Text
        $result = & $Run
        Get-Text | Should -Be $before
        if ($Property) { $result.$Property | Should -Be $Value } else { $result | Should -BeNullOrEmpty }
        Test-CreditLedger | Should -BeTrue
    }

    It 'errors are those there would be' {
        New-CreditTenant contoso.com -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantExists'
        Add-CreditFunds contoso.com 0 -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidAmount'
        Remove-CreditTenant contoso.com -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantInUse'
    }

    It 'a whole pipeline is carried out together' {
        'a', 'a' | New-CreditTenant -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantExists'

        # In a runspace without a host, for nobody would read 1,200 lines of what if.
        Invoke-InRunspace {
            param($path)
            Connect-CreditLedger $path
            (1..1200 | ForEach-Object { "tenant$_" } | New-CreditTenant -WhatIf -PassThru).Count
        } (Get-CreditLedger).Location | Should -Be 1200
        (Get-CreditTenant).Count | Should -Be 2
    }

    It 'objects of several tenants are carried out each' {
        $imports = 5..8 | ForEach-Object {
            New-TeamsRow $_ | Select-Object *, @{ n = 'TenantId'; e = { if ($_.UsageId -match '[57]$') { 'contoso.com' } else { 'empty.example' } } }
        } | Import-UsageRecord -WhatIf
        $imports.TenantId | Should -Be 'contoso.com', 'empty.example'
        $imports.Imported | Should -Be 2, 2
        @(Get-UsageRecord).Count | Should -Be 2
    }

    It 'another command upstream may still write' {
        & { foreach ($n in 5..7) { Add-CreditFunds contoso.com 1; New-TeamsRow $n } } |
            Import-UsageRecord -TenantId contoso.com -WhatIf | Out-Null
        @(Get-CreditFunds contoso.com).Count | Should -Be 4
    }

    It 'no quarantine file is written' {
        $bad = New-TeamsRow 9 -Seconds x | Export-TeamsFile 'bad.csv'
        Import-UsageRecord $bad -TenantId contoso.com -QuarantinePath (Get-TestPath 'q.csv') -WhatIf -ErrorAction SilentlyContinue | Out-Null
        Get-TestPath 'q.csv' | Should -Not -Exist
    }
}

Describe 'Confirmation' {
    It 'is supported by everything that changes something, and high for what removes' {
        $changing = Get-Command -Module CommunicationsCredits -Verb New, Set, Add, Remove, Import, Update, Undo, Clear, Restore, Invoke, Enable, Disable
        foreach ($command in $changing) {
            $command.Parameters.Keys | Should -Contain 'WhatIf' -Because $command.Name
            $impact = [System.Management.Automation.CommandMetadata]::new($command).ConfirmImpact
            $impact | Should -Be $(if ($command.Verb -in 'Remove', 'Clear', 'Undo', 'Restore') { 'High' } else { 'Medium' }) -Because $command.Name
        }
        foreach ($command in Get-Command -Module CommunicationsCredits -Verb Get, Test, Measure, Compare) {
            $command.Parameters.Keys | Should -Not -Contain 'WhatIf' -Because $command.Name
        }
    }
}
