BeforeDiscovery {
    . "$PSScriptRoot/Support/PostgreSql.ps1"
    $missing = -not (Test-Postgres)
}
BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    . "$PSScriptRoot/Support/PostgreSql.ps1"
    if (Test-Postgres) { Start-Postgres }
    function Connect-Credits { Connect-CreditLedger -ConnectionString (Get-PostgresConnection @args) }
}
AfterAll {
    Disconnect-CreditLedger | Out-Null
    Remove-Item env:COMMUNICATIONSCREDITS_LEDGER -ErrorAction Ignore
    if (Test-Postgres) { Stop-Postgres }
}

Describe 'A ledger in PostgreSQL' -Skip:$missing {
    It 'is made, used and found again' {
        $ledger = Connect-CreditLedger -ConnectionString (Get-PostgresConnection) -PassThru
        $ledger.Kind | Should -Be 'PostgreSql'
        $ledger.Location | Should -Match '^postgresql://127\.0\.0\.1:\d+/credits$'
        New-CreditTenant contoso.com -Name Contoso
        Import-TestRate
        1..3 | ForEach-Object { [pscustomobject]@{ TenantId = 'contoso.com'; Amount = $_ } } | Add-CreditFunds
        $result = New-TeamsRow 1 | Export-TeamsFile usage.csv | Import-UsageRecord -TenantId contoso.com
        $result.Imported | Should -Be 1
        (Get-CreditBalance contoso.com).Balance | Should -Be 5.98
        Connect-CreditLedger -ConnectionString (Get-PostgresConnection)
        Test-CreditLedger | Should -BeExactly $true
        (Get-CreditTenant).Name | Should -Be 'Contoso'
    }

    It 'is named by the environment, for parallel runspaces too, and there a password may stand' {
        $env:COMMUNICATIONSCREDITS_LEDGER = "$(Get-PostgresConnection);Password=not-needed"
        Disconnect-CreditLedger | Out-Null
        1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            Add-CreditFunds contoso.com 1 -IdempotencyKey "worker-$($_ % 4)"
        }
        (Get-CreditBalance contoso.com).Balance | Should -Be 9.98
        (Get-CreditLedger).Location | Should -Not -BeLike '*not-needed*'
        Test-CreditLedger | Should -BeExactly $true
        Remove-Item env:COMMUNICATIONSCREDITS_LEDGER
    }

    It 'is only read with -ReadOnly' {
        Connect-CreditLedger -ConnectionString (Get-PostgresConnection) -ReadOnly
        (Get-CreditLedger).ReadOnly | Should -BeTrue
        (Get-CreditBalance contoso.com).Balance | Should -Be 9.98
        Get-ErrorId (Get-Terminating { Add-CreditFunds contoso.com 1 }) | Should -Be 'LedgerReadOnly'
    }

    It 'moves to a file and back, with equal exports' {
        Connect-Credits
        $path = Get-TestPath moved.db
        Copy-CreditLedger $path -WarningAction SilentlyContinue | Out-Null
        $first = (Export-CreditLedger (Get-TestPath first.csv) -Format Csv | Get-FileHash).Hash
        Connect-CreditLedger $path
        (Export-CreditLedger (Get-TestPath second.csv) -Format Csv | Get-FileHash).Hash | Should -Be $first
        New-PostgresDatabase back
        Copy-CreditLedger -DestinationConnectionString (Get-PostgresConnection back) -WarningAction SilentlyContinue | Out-Null
        Get-ErrorId (Get-Terminating { Copy-CreditLedger -DestinationConnectionString (Get-PostgresConnection back) }) | Should -Be 'LedgerNotEmpty'
        Connect-Credits back
        (Export-CreditLedger (Get-TestPath third.csv) -Format Csv | Get-FileHash).Hash | Should -Be $first
        Test-CreditLedger | Should -BeExactly $true
    }

    It 'is backed up to a file, and restored from one' {
        Connect-Credits
        $balance = (Get-CreditBalance contoso.com).Balance
        $backup = Backup-CreditLedger (Get-TestPath backup.db)
        Add-CreditFunds contoso.com 5
        $restored = Restore-CreditLedger $backup.FullName -Force -WarningVariable warned -WarningAction SilentlyContinue
        $restored.Kind | Should -Be 'PostgreSql'
        "$warned" | Should -BeLike '*is kept in*'
        (Get-CreditBalance contoso.com).Balance | Should -Be $balance
        Connect-CreditLedger $backup.FullName -ReadOnly
        (Get-CreditBalance contoso.com).Balance | Should -Be $balance
        Test-CreditLedger | Should -BeExactly $true
    }

    It 'answers Ctrl+C while the server is away' {
        Connect-Credits
        $balance = (Get-CreditBalance contoso.com).Balance
        $shell = [powershell]::Create()
        try {
            $connected, $away = 1..2 | ForEach-Object { [Threading.ManualResetEventSlim]::new() }
            $null = $shell.AddCommand('Import-Module').AddParameter('Name', (Get-Module CommunicationsCredits).Path).AddStatement()
            $null = $shell.AddCommand('Connect-CreditLedger').AddParameter('ConnectionString', (Get-PostgresConnection)).AddStatement()
            $null = $shell.AddScript('param($connected, $away) $connected.Set(); $away.Wait(); Add-CreditFunds contoso.com 1').AddArgument($connected).AddArgument($away)
            $running = $shell.BeginInvoke()
            $connected.Wait(20000) | Should -BeTrue
            Suspend-Postgres
            $away.Set()
            $running.AsyncWaitHandle.WaitOne(300) | Should -BeFalse
            $took = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $running.AsyncWaitHandle.WaitOne(40000) | Should -BeTrue
            $took.Elapsed.TotalSeconds | Should -BeLessThan 10
        }
        finally {
            Resume-Postgres
            $shell.Dispose()
        }
        (Get-CreditBalance contoso.com).Balance | Should -Be $balance
    }

    It 'goes on after the server was restarted' {
        Connect-Credits
        $balance = (Get-CreditBalance contoso.com).Balance
        Suspend-Postgres
        Resume-Postgres
        Add-CreditFunds contoso.com 1
        (Get-CreditBalance contoso.com).Balance | Should -Be ($balance + 1)
    }
}

Describe 'What is no ledger in PostgreSQL' -Skip:$missing {
    It 'a server that is down' {
        $port = (Get-PostgresConnection) -replace 'Port=\d+', 'Port=1'
        $refused = Get-Terminating { Connect-CreditLedger -ConnectionString $port }
        Get-ErrorId $refused | Should -Be 'LedgerUnreachable'
        "$refused" | Should -BeLike '*127.0.0.1:1/credits*Check the server*'
        Get-ErrorId (Get-Terminating { Get-CreditBalance }) | Should -Be 'LedgerNotFound'
    }

    It 'a database that is not there' {
        Get-ErrorId (Get-Terminating { Connect-Credits nowhere }) | Should -Be 'LedgerNotFound'
    }

    It 'a role without rights' {
        New-PostgresDatabase closed
        Invoke-PostgresSql 'CREATE ROLE nobody LOGIN' postgres
        Get-ErrorId (Get-Terminating { Connect-CreditLedger -ConnectionString (Get-PostgresConnection closed nobody) }) | Should -Be 'LedgerDenied'
        Get-ErrorId (Get-Terminating { Connect-CreditLedger -ConnectionString (Get-PostgresConnection credits nobody) }) | Should -Be 'LedgerDenied'
    }

    It 'a schema of another program, or of a newer module' {
        New-PostgresDatabase foreign_one
        Invoke-PostgresSql 'CREATE SCHEMA credits; CREATE TABLE credits.film (title text)' foreign_one
        Get-ErrorId (Get-Terminating { Connect-Credits foreign_one }) | Should -Be 'LedgerUnreadable'
        New-PostgresDatabase newer
        Connect-Credits newer
        Disconnect-CreditLedger | Out-Null
        Invoke-PostgresSql 'UPDATE credits.ledger SET schema_version = 99' newer
        Get-ErrorId (Get-Terminating { Connect-Credits newer }) | Should -Be 'LedgerTooNew'
    }

    It 'a text that is no connection string: <Text>' -ForEach @(
        @{ Text = 'credits.db' }, @{ Text = 'postgres://user@server/credits' }, @{ Text = 'Host=' }, @{ Text = 'Database=credits' }, @{ Text = 'Host=a;Port=many' }
    ) {
        Get-ErrorId (Get-Terminating { Connect-CreditLedger -ConnectionString $Text }) | Should -Be 'ConnectionInvalid'
    }

    It 'a password on the command line' {
        $refused = Get-Terminating { Connect-CreditLedger -ConnectionString "$(Get-PostgresConnection);Password=hunter2" }
        Get-ErrorId $refused | Should -Be 'ConnectionInvalid'
        "$refused" | Should -BeLike '*-Credential*'
        "$refused$($refused.Exception)" | Should -Not -BeLike '*hunter2*'
        $credential = [pscredential]::new('test', (ConvertTo-SecureString hunter2 -AsPlainText -Force))
        Connect-CreditLedger -ConnectionString ((Get-PostgresConnection) -replace ';Username=test') -Credential $credential
        Test-CreditLedger | Should -BeExactly $true
    }

    It 'a server that goes in the middle of an import, and comes back' {
        New-PostgresDatabase midway
        Connect-Credits midway
        New-CreditTenant contoso.com
        $result = 1..3000 | ForEach-Object {
            if ($_ -eq 1500) { Suspend-Postgres; Resume-Postgres }
            New-GraphRow $_ -Charge 0.01
        } | Import-UsageRecord -TenantId contoso.com
        $result.Imported, $result.Duplicate | Should -Be 3000, 0
        (Get-CreditBalance contoso.com).Balance | Should -Be -30
        Test-CreditLedger | Should -BeExactly $true
    }
}
