BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $script:Before = @{ Ledger = $env:COMMUNICATIONSCREDITS_LEDGER; Home = $env:HOME; Data = $env:LOCALAPPDATA; Xdg = $env:XDG_DATA_HOME }
    $env:COMMUNICATIONSCREDITS_LEDGER = ''
    $env:HOME = $env:LOCALAPPDATA = $env:XDG_DATA_HOME = (New-Item -ItemType Directory (Get-TestPath home)).FullName
    $script:Module = "$((Get-Module CommunicationsCredits).ModuleBase)/CommunicationsCredits.psd1"
    $script:Default = Join-Path $env:HOME 'CommunicationsCredits/ledger.db'
}
AfterAll {
    Disconnect-CreditLedger | Out-Null
    $env:COMMUNICATIONSCREDITS_LEDGER, $env:HOME, $env:LOCALAPPDATA, $env:XDG_DATA_HOME = $Before.Ledger, $Before.Home, $Before.Data, $Before.Xdg
}

Describe 'A session that asked for a ledger and could not have it' {
    It 'has none, and makes none' {
        Get-ErrorId (Get-Terminating { Connect-CreditLedger (Get-TestPath no-such-folder/credits.db) }) | Should -Be 'LedgerNotFound'
        foreach ($attempt in { New-CreditTenant contoso.example }, { Get-CreditLedger }, { Get-CreditBalance }) {
            $refused = Get-Terminating $attempt
            Get-ErrorId $refused | Should -Be 'LedgerNotFound'
            "$refused" | Should -BeLike 'Connect-CreditLedger failed, and this session has no ledger since: *no-such-folder*'
        }
        Test-Path $Default | Should -BeFalse
    }

    It 'does not write to the ledger that was connected before' {
        Connect-CreditLedger (Get-TestPath first.db) -WarningAction SilentlyContinue
        New-CreditTenant contoso.example
        $null = Get-Terminating { Connect-CreditLedger (Get-TestPath no-such-folder/second.db) }
        Get-ErrorId (Get-Terminating { Add-CreditFunds contoso.example 500 }) | Should -Be 'LedgerNotFound'
        Connect-CreditLedger (Get-TestPath first.db)
        (Get-CreditBalance contoso.example).Balance | Should -Be 0
    }

    It 'goes back to the default ledger when it disconnects' {
        $null = Get-Terminating { Connect-CreditLedger (Get-TestPath no-such-folder/second.db) }
        Disconnect-CreditLedger | Should -BeNullOrEmpty
        "$(Get-Terminating { Get-CreditLedger })" | Should -BeLike "There is no ledger '*ledger.db' yet. Connect-CreditLedger makes one*"
        Test-Path $Default | Should -BeFalse
    }
}

Describe 'Connect-CreditLedger' {
    AfterEach { Disconnect-CreditLedger | Out-Null }

    It 'warns of a ledger that is new, and only then' {
        Connect-CreditLedger (Get-TestPath new.db) -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike "'*new.db' is a new ledger.*"
        Connect-CreditLedger (Get-TestPath new.db) -WarningVariable warned
        $warned | Should -BeNullOrEmpty
    }

    It 'takes a path literally: <Name>' -ForEach @{ Name = 'with [brackets].db' }, @{ Name = 'with space ''n quote.db' }, @{ Name = 'star#.db' } {
        Connect-CreditLedger (Get-TestPath $Name) -WarningAction SilentlyContinue
        (Get-CreditLedger).Location | Should -Be (Get-TestPath $Name)
        Test-Path -LiteralPath (Get-TestPath $Name) | Should -BeTrue
    }

    It 'takes ~ and symbolic links' {
        Connect-CreditLedger (Get-TestPath real.db) -WarningAction SilentlyContinue
        New-CreditTenant there
        $null = New-Item -ItemType SymbolicLink (Get-TestPath link.db) -Target (Get-TestPath real.db)
        Connect-CreditLedger (Get-TestPath link.db) -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        (Get-CreditTenant).TenantId | Should -Be 'there'
    }

    It 'means the default ledger without a path' {
        Connect-CreditLedger -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*is a new ledger*'
        (Get-CreditLedger).Location | Should -Be $Default
        New-CreditTenant mine
        $null = Disconnect-CreditLedger

        # It is there now, and so is used without a word.
        (Get-CreditTenant).TenantId | Should -Be 'mine'
        $null = Disconnect-CreditLedger
        Remove-Item "$Default*"
    }

    It 'makes nothing of a missing file with -ReadOnly' {
        Get-ErrorId (Get-Terminating { Connect-CreditLedger (Get-TestPath missing.db) -ReadOnly }) | Should -Be 'LedgerNotFound'
        Test-Path (Get-TestPath missing.db) | Should -BeFalse
    }
}

Describe 'A runspace that never connected' {
    It 'refuses where another of the process did' {
        Connect-CreditLedger (Get-TestPath parent.db) -WarningAction SilentlyContinue
        $answers = 1, 2 | ForEach-Object -Parallel {
            Import-Module $using:Module
            try { New-CreditTenant "t$_" } catch { $_.FullyQualifiedErrorId; "$_" }
        }
        $answers | Where-Object { $_ -like 'LedgerNotFound,*' } | Should -HaveCount 2
        $answers | Where-Object { $_ -like '*Connect in this runspace*' } | Should -HaveCount 2
        Test-Path $Default | Should -BeFalse
    }

    It 'works once it has, and where the variable names a ledger' {
        Connect-CreditLedger (Get-TestPath parent2.db) -WarningAction SilentlyContinue
        $null = 1 | ForEach-Object -Parallel {
            Import-Module $using:Module
            Connect-CreditLedger (Join-Path $using:TestDrive parent2.db)
            New-CreditTenant t1
            Disconnect-CreditLedger
        }
        (Get-CreditTenant).TenantId | Should -Be 't1'
        try {
            $env:COMMUNICATIONSCREDITS_LEDGER = Get-TestPath parent2.db
            (1 | ForEach-Object -Parallel { Import-Module $using:Module; (Get-CreditTenant).TenantId }) | Should -Be 't1'
        }
        finally { $env:COMMUNICATIONSCREDITS_LEDGER = '' }
    }
}
