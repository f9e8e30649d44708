BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"

    # A tenant with 12 of its currency, whose rule buys 25 below 10, and a call that waits for a rate.
    function New-Waiting {
        param([string] $Tenant)
        New-CreditTenant $Tenant -Name "Name of $Tenant"
        Add-CreditFunds $Tenant 12 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
        Set-AutoRecharge $Tenant -MinimumBalance 10 -RechargeAmount 25 -MaximumPerMonth 50
        New-TeamsRow 1 -Callee '+9991234567890' | Import-UsageRecord -TenantId $Tenant -WarningAction SilentlyContinue | Out-Null
    }
    # What a script shows, of which previews are no output.
    function Get-WhatIf {
        param([scriptblock] $Script)
        $file = Get-TestPath 'shown.txt'
        $null = Start-Transcript $file
        & $Script | Out-Null
        $null = Stop-Transcript
        Get-Content $file -Raw
    }
    function Import-NineRate { [pscustomobject]@{ Prefix = '999'; PricePerMinute = '5' } | Import-CreditRate -Name Nine -EffectiveFrom 2020-01-01 }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'What comes with a change' {
    BeforeEach {
        Connect-TestLedger
        New-Waiting a
        Import-TestRate
        Import-NineRate
    }

    It 'is shown before calls are rated, and nothing is kept' {
        $shown = Get-WhatIf { Update-UsageRecord a -WhatIf }
        $shown | Should -Match 'Charge 1 call of Name of a \(a\), USD 5.00: USD 12.00 → USD 7.00'
        $shown | Should -Match "Recharge 'Name of a' by USD 25.00"
        Get-CreditTransaction a -Kind Recharge | Should -BeNullOrEmpty
    }

    It 'is shown before entries and imports are reversed' {
        Update-UsageRecord a -WarningAction SilentlyContinue | Out-Null
        $entry = Get-CreditTransaction a -Kind Usage
        Get-WhatIf { $entry | Undo-CreditTransaction -WhatIf } | Should -Match "Reverse entry 'a/\d+' of Name of a \(a\), USD 5.00: USD 32.00 → USD 37.00"
        Get-WhatIf { Undo-UsageImport a/I1 -WhatIf } | Should -Match "Reverse import 'a/I1' of Name of a \(a\), USD 5.00: USD 32.00 → USD 37.00"
    }

    It 'is said when something was bought, or a cap did not allow it, and the balance shows the cap' {
        function Get-Told { @($args[0] | Where-Object { $_ -is [System.Management.Automation.InformationRecord] -and $_.Tags -contains 'Recharge' }) -join '' }
        Get-Told (Update-UsageRecord a 6>&1) | Should -Be "'Name of a' was recharged by USD 25.00."
        Get-Told (Add-CreditAdjustment a -30 6>&1) | Should -Be "'Name of a' was recharged by USD 25.00."
        Get-Told (Add-CreditAdjustment a -20 6>&1) | Should -Be "'Name of a' was refused a recharge of USD 25.00: maximum per month."
        $balance = Get-CreditBalance a
        $balance.Recharge | Should -Be 'capped: maximum per month'
        $balance.Attention | Should -Match 'recharge capped: maximum per month'
        "$(Invoke-AutoRecharge a -Verbose 4>&1)" | Should -Match 'capped: maximum per month'
    }
}

Describe 'Warnings of imports' {
    It 'are said of the first, and of the others once, with their names' {
        Connect-TestLedger
        Import-TestRate
        $map = 1..12 | ForEach-Object {
            New-CreditTenant "t$_" -Name "Tenant $_"
            [pscustomobject]@{ TenantId = "t$_"; Path = (New-TeamsRow 1 -Callee '+9991234567890' | Export-TeamsFile "waits-$_.csv") }
        }
        $map | Import-UsageRecord -WarningVariable warned -WarningAction SilentlyContinue | Should -HaveCount 12
        $waiting = @($warned -match 'wait for a rate')
        $waiting | Should -HaveCount 2
        $waiting[0] | Should -Match 'Tenant 1 \(t1\)'
        $waiting[1] | Should -BeLike 'The same is true of more imports (11: Tenant 2, Tenant 3,*'
    }
}

Describe 'What the streams tell' {
    BeforeAll {
        Connect-TestLedger
        New-Waiting a
        Import-TestRate
        Import-NineRate
    }

    It 'why this rate' {
        $told = Get-CreditRate +442071838750 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$told" | Should -BeLike "*4420 is the longest prefix*on 'List', in force from 2020-01-01 on."
        $told = Measure-CreditCall +442071838750 90 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$told" | Should -BeLike '*120 billed seconds at USD 0.03 a minute*'
    }

    It 'why these funds' {
        $told = "$(Add-CreditAdjustment a -1 -Verbose 4>&1)"
        $told | Should -Match 'USD 12.00 → USD 11.00'
        $told | Should -Match 'a/F1 pays USD 1.00: .* \(priority 0, expires 2999-01-01\)'
    }

    It 'why no recharge' {
        "$(Invoke-AutoRecharge a -Verbose 4>&1)" | Should -Match "Nothing is due for 'Name of a': its balance of USD 11.00 is not below USD 10.00"
        Disable-AutoRecharge a
        "$(Invoke-AutoRecharge a -Verbose 4>&1)" | Should -Match 'its rule is off'
        Enable-AutoRecharge a
    }

    It 'what was done, to runbooks, by tags' {
        $told = Add-CreditAdjustment a -2 6>&1
        ($told | Where-Object Tags -Contains 'Recharge').Tags | Should -Contain 'CommunicationsCredits'
    }
}

Describe 'JSON' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant a
        Import-TestRate
        New-TeamsRow 1 | Import-UsageRecord -TenantId a | Out-Null
    }

    It 'has the names of values' {
        $record = Get-UsageRecord a | ConvertTo-Json | ConvertFrom-Json
        $record.Service | Should -Be 'International'
        $record.Status | Should -Be 'Charged'
        (Get-CreditStatement a -Month 2026-01 | ConvertTo-Json | ConvertFrom-Json).Services.Service | Should -Be 'International'
        foreach ($enum in [CommunicationsCredits.UsageRecord].Assembly.GetExportedTypes().Where({ $_.IsEnum })) {
            ([pscustomobject]@{ Value = [enum]::GetValues($enum)[0] } | ConvertTo-Json | ConvertFrom-Json).Value | Should -BeOfType ([string]) -Because $enum
        }
    }

    It 'shows members that mean something' {
        foreach ($result in (Get-CreditTenant), (Get-UsageRecord), (Get-CreditBalance), (Get-CreditTransaction)[0]) {
            ($result | Get-Member -MemberType Method).Name | Should -Be 'Equals', 'GetHashCode', 'GetType', 'ToString'
        }
    }
}
