BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $WarningPreference = 'SilentlyContinue'
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Connect-CreditLedger' {
    It 'creates a missing file, and writes nothing of itself' {
        $path = Get-TestPath 'new.db'
        Connect-CreditLedger $path | Should -BeNullOrEmpty
        $path | Should -Exist
    }

    It 'answers with the ledger under -PassThru' {
        $path = Get-TestPath 'pass.db'
        $ledger = Connect-CreditLedger $path -PassThru
        $ledger | Should -BeOfType ([CommunicationsCredits.CreditLedger])
        $ledger.Kind | Should -Be 'Sqlite'
        $ledger.Location | Should -Be $path
        $ledger.TenantCount | Should -Be 0
        $ledger.SchemaVersion | Should -BeGreaterThan 0
        $ledger.ReadOnly | Should -BeFalse
    }

    It 'takes a path relative to the location of the session, and drives' {
        Push-Location TestDrive:/
        try { (Connect-CreditLedger ./relative.db -PassThru).Location | Should -Be (Get-TestPath 'relative.db') }
        finally { Pop-Location }
        (Connect-CreditLedger TestDrive:/drive.db -PassThru).Location | Should -Be (Get-TestPath 'drive.db')
    }

    It 'understands ~' {
        $problem = Get-Terminating { Connect-CreditLedger '~/no such folder/x.db' }
        $problem.TargetObject | Should -Be (Join-Path $HOME 'no such folder/x.db').Replace('/', [IO.Path]::DirectorySeparatorChar)
    }

    It 'refuses a missing folder' {
        $problem = Get-Terminating { Connect-CreditLedger (Get-TestPath 'nowhere/x.db') }
        Get-ErrorId $problem | Should -Be 'LedgerNotFound'
        $problem.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'refuses a missing file under -ReadOnly' {
        $path = Get-TestPath 'missing.db'
        $problem = Get-Terminating { Connect-CreditLedger $path -ReadOnly }
        Get-ErrorId $problem | Should -Be 'LedgerNotFound'
        $problem.TargetObject | Should -Be $path
        $path | Should -Not -Exist
    }

    It 'refuses a file that is no ledger, and a folder' {
        $path = Get-TestPath 'text.db'
        Set-Content $path ('this is no database ' * 100)
        Get-ErrorId (Get-Terminating { Connect-CreditLedger $path }) | Should -Be 'LedgerUnreadable'
        Get-ErrorId (Get-Terminating { Connect-CreditLedger (Get-TestPath '') }) | Should -Be 'LedgerUnreadable'
    }

    It 'reads under -ReadOnly, and writes nothing' {
        $path = Get-TestPath 'reading.db'
        Connect-CreditLedger $path
        New-CreditTenant contoso.com
        $ledger = Connect-CreditLedger $path -ReadOnly -PassThru
        $ledger.ReadOnly | Should -BeTrue
        (Get-CreditTenant).TenantId | Should -Be 'contoso.com'
        Get-ErrorId (Get-Terminating { New-CreditTenant fabrikam.com }) | Should -Be 'LedgerReadOnly'
    }

    It 'is not needed where the environment names a ledger' {
        Disconnect-CreditLedger | Out-Null
        $before = $env:COMMUNICATIONSCREDITS_LEDGER
        try {
            foreach ($name in 'environment.db', 'other.db') { Connect-CreditLedger (Get-TestPath $name) }
            $null = Disconnect-CreditLedger
            $env:COMMUNICATIONSCREDITS_LEDGER = Get-TestPath 'environment.db'
            (Get-CreditLedger).Location | Should -Be (Get-TestPath 'environment.db')
            $env:COMMUNICATIONSCREDITS_LEDGER = Get-TestPath 'other.db'
            (Get-CreditLedger).Location | Should -Be (Get-TestPath 'other.db')
        }
        finally { $env:COMMUNICATIONSCREDITS_LEDGER = $before }
    }

    It 'leaves no connection behind when it is disconnected' {
        $path = Get-TestPath 'closing.db'
        Connect-CreditLedger $path
        New-CreditTenant contoso.com
        "$path-wal" | Should -Exist
        Disconnect-CreditLedger | Out-Null
        "$path-wal" | Should -Not -Exist
    }
}
