BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'An error' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, closed.example
        Set-CreditTenant closed.example -Status Closed
    }

    It '<Id> has its id, its category and what it is about' -ForEach @(
        @{ Id = 'TenantNotFound'; Category = 'ObjectNotFound'; Target = 'nobody'; Run = { Get-CreditBalance nobody @quiet } }
        @{ Id = 'TenantExists'; Category = 'ResourceExists'; Target = 'contoso.com'; Run = { New-CreditTenant contoso.com @quiet } }
        @{ Id = 'TenantClosed'; Category = 'InvalidOperation'; Target = 'closed.example'; Run = { Add-CreditFunds closed.example 5 @quiet } }
        @{ Id = 'InvalidAmount'; Category = 'InvalidArgument'; Target = 'contoso.com'; Run = { Add-CreditFunds contoso.com 1,50 @quiet } }
        @{ Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = 'contoso.com'; Run = { Add-CreditFunds contoso.com 5 -ExpiresAt soon @quiet } }
        @{ Id = 'InvalidCurrency'; Category = 'InvalidArgument'; Target = 'new'; Run = { New-CreditTenant new -Currency dollars @quiet } }
        @{ Id = 'FundsInFuture'; Category = 'InvalidArgument'; Target = 'contoso.com'; Run = { Add-CreditFunds contoso.com 5 -PurchasedAt 2999-01-01 @quiet } }
        @{ Id = 'FundsAlreadyExpired'; Category = 'InvalidArgument'; Target = 'contoso.com'; Run = { Add-CreditFunds contoso.com 5 -ExpiresAt 2001-01-01 @quiet } }
        @{ Id = 'NoRate'; Category = 'ObjectNotFound'; Target = '+442071838750'; Run = { Measure-CreditCall +442071838750 60 @quiet } }
        @{ Id = 'ImportNotFound'; Category = 'ObjectNotFound'; Target = 'x/I1'; Run = { Get-UsageImport -ImportId x/I1 @quiet } }
    ) {
        $quiet = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'problem' }
        . $Run
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be $Id
        $problem[0].FullyQualifiedErrorId | Should -Match '^\w+,CommunicationsCredits\.Commands\.\w+Command$'
        $problem[0].CategoryInfo.Category | Should -Be $Category
        $problem[0].TargetObject | Should -Be $Target
        $problem[0].Exception.GetType().FullName | Should -Be 'CommunicationsCredits.CreditException'
        "$($problem[0].Exception.ErrorId)" | Should -Be $Id
    }

    It 'of one record is non-terminating, and -ErrorAction Stop makes it end the pipeline' {
        'nobody', 'contoso.com' | Add-CreditFunds -Amount 5 -ErrorAction SilentlyContinue
        (Get-CreditBalance contoso.com).Balance | Should -Be 5
        { Get-CreditBalance nobody -ErrorAction Stop } | Should -Throw -ErrorId 'TenantNotFound,CommunicationsCredits.Commands.GetCreditBalanceCommand'
    }
}

Describe 'A ledger' {
    It 'that is newer is refused untouched' {
        $path = Get-TestPath 'newer.db'
        Connect-CreditLedger $path
        Disconnect-CreditLedger | Out-Null
        $bytes = [IO.File]::ReadAllBytes($path)
        # The schema's number is at byte 60 of an SQLite file.
        $bytes[60], $bytes[61], $bytes[62], $bytes[63] = 0, 0, 3, 232
        [IO.File]::WriteAllBytes($path, $bytes)
        $before = (Get-FileHash $path).Hash
        $problem = Get-Terminating { Connect-CreditLedger $path }
        Get-ErrorId $problem | Should -Be 'LedgerTooNew'
        $problem.TargetObject | Should -Be $path
        (Get-FileHash $path).Hash | Should -Be $before
    }

    It 'that is damaged ends the command' {
        $path = Get-TestPath 'damaged.db'
        Connect-CreditLedger $path
        1..300 | ForEach-Object { "tenant$_" } | New-CreditTenant
        Disconnect-CreditLedger | Out-Null
        $bytes = [IO.File]::ReadAllBytes($path)
        [Array]::Fill($bytes, [byte]0x5A, 8192, $bytes.Length - 8192)
        [IO.File]::WriteAllBytes($path, $bytes)
        $problem = Get-Terminating { Connect-CreditLedger $path; 'tenant1', 'tenant2' | Add-CreditFunds -Amount 5 -ErrorAction Continue }
        Get-ErrorId $problem | Should -BeIn 'LedgerCorrupt', 'LedgerUnreadable'
        Disconnect-CreditLedger -ErrorAction SilentlyContinue -ErrorVariable problem
    }

    It 'for reading only ends every command that writes' -ForEach @(
        @{ Run = { 'a' | New-CreditTenant } }, @{ Run = { Add-CreditFunds a 5 } }, @{ Run = { Set-CreditTenant a -Country DE } }
        @{ Run = { Remove-CreditTenant a -Confirm:$false } }, @{ Run = { Import-TestRate } }, @{ Run = { New-TeamsRow 1 | Import-UsageRecord -TenantId a } }
        @{ Run = { Import-UsageRecord (New-TeamsRow 1 | Export-TeamsFile 'ro.csv') -TenantId a } }, @{ Run = { Update-UsageRecord a } }
    ) {
        $path = Get-TestPath 'readonly.db'
        Connect-CreditLedger $path
        if (-not (Get-CreditTenant)) { New-CreditTenant a }
        Connect-CreditLedger $path -ReadOnly
        $problem = Get-Terminating $Run
        Get-ErrorId $problem | Should -Be 'LedgerReadOnly'
        $problem.TargetObject | Should -Be $path
    }
}
