BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com
    Add-CreditFunds contoso.com 100
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Backup-CreditLedger' {
    It 'writes a ledger that can be connected to' {
        $file = Backup-CreditLedger (Get-TestPath backup.db)
        $file | Should -BeOfType System.IO.FileInfo
        $file.PSPath | Should -BeLike '*FileSystem::*' -Because 'its view shows what Get-Item knows'
        $here = (Get-CreditLedger).Location
        try {
            Connect-CreditLedger $file.FullName -ReadOnly
            Test-CreditLedger | Should -BeExactly $true
            (Get-CreditBalance contoso.com).Balance | Should -Be 100
        } finally { Connect-CreditLedger $here }
    }

    It 'leaves a file that is there alone without -Force' {
        $path = Get-TestPath there.db
        Set-Content $path 'mine'
        Backup-CreditLedger -Destination $path -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-ErrorId $failed[0] | Should -Be 'FileExists'
        Get-Content $path | Should -Be 'mine'
        (Backup-CreditLedger -Destination $path -Force).Length | Should -BeGreaterThan 4096
    }

    It 'never replaces the ledger itself' {
        Backup-CreditLedger (Get-CreditLedger).Location -Force -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'FileExists'
        Test-CreditLedger | Should -BeExactly $true
    }

    It 'writes nothing under -WhatIf' {
        Backup-CreditLedger (Get-TestPath none.db) -WhatIf
        Get-TestPath none.db | Should -Not -Exist
    }

    It 'says which folder is missing' {
        Backup-CreditLedger (Join-Path (Get-TestPath none) backup.db) -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'UnknownFormat'
    }
}
