BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Disconnect-CreditLedger' {
    It 'writes which ledger it left, and nothing where there was none' {
        Connect-TestLedger 'a.db'
        (Disconnect-CreditLedger).Location | Should -Be (Get-TestPath 'a.db')
        Disconnect-CreditLedger | Should -BeNullOrEmpty
    }

    It 'takes the ledger from no command that is using it' {
        Connect-TestLedger 'b.db'
        New-CreditTenant a, b, c
        $seen = Get-CreditTenant | ForEach-Object { Disconnect-CreditLedger | Out-Null; $_ }
        $seen.TenantId | Should -Be 'a', 'b', 'c'
        "$(Get-TestPath 'b.db')-wal" | Should -Not -Exist
    }

    It 'loses nothing that a pipeline has accepted' {
        Connect-TestLedger 'c.db'
        New-CreditTenant a
        & { 'a'; Disconnect-CreditLedger | Out-Null; 'a' } | Add-CreditFunds -Amount 5
        Connect-TestLedger 'c.db'
        (Get-CreditBalance a).Balance | Should -Be 10
    }
}
