BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Where the error action is Stop' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant a, b, c
    }

    It 'carries out nothing after an unknown tenant' {
        $problem = Get-Terminating { 'nobody', 'a', 'b' | Add-CreditFunds -Amount 5 -ErrorAction Stop }
        Get-ErrorId $problem | Should -Be 'TenantNotFound'
        "$problem" | Should -BeLike '* 0 records before it stay; nothing after it was carried out.'
        (Get-CreditBalance).Balance | Should -Be 0, 0, 0
    }

    It 'keeps what was carried out before, and says how much: by the preference' {
        $ErrorActionPreference = 'Stop'
        $problem = Get-Terminating { 'a', 'b', 'nobody', 'c' | Add-CreditFunds -Amount 5 }
        "$problem" | Should -BeLike '* 2 records before it stay; *'
        (Get-CreditBalance).Balance | Should -Be 5, 5, 0
    }

    It 'carries out nothing after what only the ledger refuses' {
        Set-CreditTenant b -Status Closed
        $problem = Get-Terminating { 'a', 'b', 'c' | Add-CreditFunds -Amount 5 -ErrorAction Stop }
        Get-ErrorId $problem | Should -Be 'TenantClosed'
        "$problem" | Should -BeLike '* 1 record before it stay*'
        (Get-CreditBalance).Balance | Should -Be 5, 0, 0
    }

    It 'goes on otherwise' {
        'nobody', 'a', 'b' | Add-CreditFunds -Amount 5 -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        "$($problem[0])" | Should -Not -BeLike '*records before*'
        (Get-CreditBalance).Balance | Should -Be 5, 5, 0
    }
}

Describe 'One record''s failure' {
    It 'undoes no other''s, whatever it is' {
        Connect-TestLedger
        New-CreditTenant a
        $rows = 1..20 | ForEach-Object { [pscustomobject]@{ TenantId = 'a'; Amount = 1; PurchasedAt = '2026-01-01'; ExpiresAt = '2999-01-01' } }
        $rows[7].PurchasedAt = '9999-12-31T23:59:59.9999999Z'
        $rows[8].ExpiresAt = '9999-12-31T23:59:59.9999999Z'
        $rows | Add-CreditFunds -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -BeGreaterOrEqual 1
        (Get-CreditBalance a).Balance | Should -BeGreaterOrEqual 18
    }
}

Describe 'What is asked' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant a -Name Contoso -Currency EUR
        Add-CreditFunds a 812.5
    }

    It 'names the money, the tenant, and the balance before and after' {
        $file = Get-TestPath 'transcript.txt'
        $null = Start-Transcript $file
        Add-CreditFunds Contoso 300 -WhatIf
        'a', 'a' | Add-CreditAdjustment -Amount -2.5 -Reason test -WhatIf
        $null = Stop-Transcript
        $text = Get-Content $file -Raw
        $text | Should -Match 'What if: Add EUR 300\.00 to Contoso \(a\): EUR 812\.50 → EUR 1,112\.50'
        $text | Should -Match 'Adjust Contoso \(a\) by EUR -2\.50: EUR 812\.50 → EUR 810\.00'
        $text | Should -Match 'Adjust Contoso \(a\) by EUR -2\.50: EUR 810\.00 → EUR 807\.50'
    }

    It 'shows the recharge and the notices that would follow, once: <Name>' -ForEach @(
        @{ Name = 'Add-CreditAdjustment'; Script = { 'a', 'a' | Add-CreditAdjustment -Amount -6 -Reason test -WhatIf } }
        @{ Name = 'Import-UsageRecord, objects'; Script = { New-TeamsRow 1 -Charge 12 -Currency EUR | Import-UsageRecord -TenantId a -WhatIf } }
        @{ Name = 'Import-UsageRecord, a file'; Script = { Import-UsageRecord -TenantId a -Path (New-TeamsRow 1 -Charge 12 -Currency EUR | Export-TeamsFile calls.csv) -WhatIf } }
        @{ Name = 'Invoke-CreditMaintenance'; Before = { Add-CreditAdjustment a -12 -Reason test }; Script = { Invoke-CreditMaintenance a -WhatIf } }
    ) {
        Add-CreditAdjustment a -802.5 -Reason test
        if ($Before) { & $Before }
        Set-AutoRecharge a -MinimumBalance 5 -RechargeAmount 600 -MaximumPerMonth 1000
        $attempts = @(Get-AutoRechargeAttempt a).Count
        $balance = (Get-CreditBalance a).Balance
        $notices = @(Get-CreditNotification a).Count
        $file = Get-TestPath 'transcript.txt'
        $null = Start-Transcript $file
        & $Script | Out-Null
        $null = Stop-Transcript
        $text = Get-Content $file -Raw
        [regex]::Matches($text, "What if: Recharge 'Contoso' by EUR 600\.00\r?\n").Count | Should -Be 1 -Because $text
        $text | Should -Match "What if: Notify 'Contoso': \w"
        @(Get-AutoRechargeAttempt a).Count | Should -Be $attempts
        @(Get-CreditNotification a).Count | Should -Be $notices
        (Get-CreditBalance a).Balance | Should -Be $balance
    }

    It 'says nothing of a recharge where none would follow' {
        Set-AutoRecharge a -MinimumBalance 5 -RechargeAmount 600 -MaximumPerMonth 1000
        $file = Get-TestPath 'transcript.txt'
        $null = Start-Transcript $file
        Add-CreditAdjustment a -1 -Reason test -WhatIf
        $null = Stop-Transcript
        Get-Content $file -Raw | Should -Not -Match 'Recharge|Notify'
    }

    It 'is in the text of a question and of -Verbose too' {
        Set-AutoRecharge a -MinimumBalance 5 -RechargeAmount 600 -MaximumPerMonth 1000
        $said = Add-CreditAdjustment a -810 -Reason test -Verbose 4>&1
        "$said" | Should -Match "Adjust Contoso \(a\) by EUR -810\.00: EUR 812\.50 → EUR 2\.50\. Recharge 'Contoso' by EUR 600\.00"
        (Get-CreditBalance a).Balance | Should -Be 602.5
    }

    It 'is not asked where it cannot be done' {
        Set-CreditTenant a -Status Closed
        $file = Get-TestPath 'transcript.txt'
        $null = Start-Transcript $file
        Add-CreditFunds a 300 -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problem
        $null = Stop-Transcript
        Get-ErrorId $problem[0] | Should -Be 'TenantClosed'
        Get-Content $file -Raw | Should -Not -Match 'What if'
    }
}
