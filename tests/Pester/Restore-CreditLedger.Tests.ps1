BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Restore-CreditLedger' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com
        Add-CreditFunds contoso.com 100
        Set-AutoRecharge contoso.com -MinimumBalance 10 -RechargeAmount 50
        $backup = Get-TestPath "$([guid]::NewGuid().ToString('N')).db"
        Backup-CreditLedger $backup | Out-Null
    }

    It 'brings back the backup, and warns of what to do next' {
        Add-CreditAdjustment contoso.com -95 -Reason 'Bill' | Out-Null
        $attempt = Get-AutoRechargeAttempt contoso.com
        $attempt | Should -Not -BeNullOrEmpty
        $ledger = Restore-CreditLedger $backup -Force -WarningVariable warnings -WarningAction SilentlyContinue
        $ledger | Should -BeOfType ([CommunicationsCredits.CreditLedger])
        $ledger.Location | Should -Be (Get-CreditLedger).Location
        (Get-CreditBalance contoso.com).Balance | Should -Be 100
        (Get-AutoRecharge contoso.com).State | Should -Be 'Paused'
        $warnings.Count | Should -Be 3
        $warnings[0] | Should -Match 'is kept in'
        $warnings[1] | Should -Match 'Enable-AutoRecharge'
        $warnings[2] | Should -Match ([regex]::Escape("$($attempt.AttemptId) of "))
        Test-CreditLedger | Should -BeExactly $true
        Enable-AutoRecharge contoso.com
        (Get-AutoRecharge contoso.com).State | Should -Be 'On'
    }

    It 'changes nothing under -WhatIf, with -Force too' {
        Add-CreditFunds contoso.com 1
        Restore-CreditLedger $backup -WhatIf -Force
        $WhatIfPreference = $true
        Restore-CreditLedger $backup -Force
        $WhatIfPreference = $false
        (Get-CreditBalance contoso.com).Balance | Should -Be 101
    }

    It 'refuses a file that is no ledger, or is not there' {
        $path = Get-TestPath notes.txt
        Set-Content $path ('mine ' * 100)
        Restore-CreditLedger $path -Force -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'BackupNotValid'
        Restore-CreditLedger (Get-TestPath none.db) -Force -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'BackupNotValid'
        (Get-CreditBalance contoso.com).Balance | Should -Be 100
    }

    It 'asks by itself' {
        (Get-Command Restore-CreditLedger).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)[0].ConfirmImpact |
            Should -Be 'High'
    }
}
