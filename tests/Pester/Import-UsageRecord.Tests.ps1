BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Import-UsageRecord' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
    }

    It 'imports a file' {
        $file = 1..10 | ForEach-Object { New-TeamsRow $_ -Seconds (30 * $_) } | Export-TeamsFile 'calls.csv'
        $import = Import-UsageRecord $file -TenantId contoso.com
        $import | Should -BeOfType ([CommunicationsCredits.UsageImport])
        $import.ImportId | Should -Be 'contoso.com/I1'
        $import.TenantId | Should -Be 'contoso.com'
        $import.Source | Should -Be 'calls.csv'
        $import.Format | Should -Be 'TeamsPstnCsv'
        $import.Read | Should -Be 10
        $import.Imported | Should -Be 10
        $import.Duplicate | Should -Be 0
        $import.Rejected | Should -Be 0
        $import.Charged | Should -Be 0.60
        $import.Currency | Should -Be 'USD'
        $import.BalanceAfter | Should -Be 99.40
        (Get-CreditBalance contoso.com).Balance | Should -Be 99.40
    }

    It 'changes nothing the second time' {
        $file = 1..5 | ForEach-Object { New-TeamsRow $_ } | Export-TeamsFile 'again.csv'
        Import-UsageRecord $file -TenantId contoso.com | Out-Null
        $again = Import-UsageRecord $file -TenantId contoso.com
        $again.Duplicate | Should -Be 5
        $again.Imported | Should -Be 0
        $again.Charged | Should -Be 0
        (Get-CreditBalance contoso.com).Balance | Should -Be 99.90
    }

    It 'takes <Text> on the pipeline for files' -ForEach @(
        @{ Text = 'Get-ChildItem *.csv'; Given = { Get-ChildItem (Get-TestPath 'pipe-*.csv') | Import-UsageRecord -TenantId contoso.com } }
        @{ Text = 'paths'; Given = { (Get-TestPath 'pipe-1.csv'), (Get-TestPath 'pipe-2.csv') | Import-UsageRecord -TenantId contoso.com } }
        @{ Text = 'a wildcard'; Given = { Get-TestPath 'pipe-*.csv' | Import-UsageRecord -TenantId contoso.com } }
        @{ Text = '-Path *.csv'; Given = { Import-UsageRecord (Get-TestPath 'pipe-*.csv') -TenantId contoso.com } }
        @{ Text = 'a map of TenantId and Path'; Given = {
                "TenantId,Path`ncontoso.com,$(Get-TestPath 'pipe-1.csv')`ncontoso.com,$(Get-TestPath 'pipe-2.csv')" | ConvertFrom-Csv | Import-UsageRecord
            }
        }
        @{ Text = 'objects with a LiteralPath'; Given = {
                1..2 | ForEach-Object { [pscustomobject]@{ Customerid = 'contoso.com'; literalpath = (Get-TestPath "pipe-$_.csv") } } | Import-UsageRecord
            }
        }
        @{ Text = 'objects with a PSPath'; Given = {
                1..2 | ForEach-Object { [pscustomobject]@{ Tenant = 'contoso.com'; PSPath = "TestDrive:\pipe-$_.csv" } } | Import-UsageRecord
            }
        }
    ) {
        $null = 1..2 | ForEach-Object { New-TeamsRow $_ } | Export-TeamsFile 'pipe-1.csv'
        $null = 3..5 | ForEach-Object { New-TeamsRow $_ } | Export-TeamsFile 'pipe-2.csv'
        $imports = & $Given
        $imports.Source | Should -Be 'pipe-1.csv', 'pipe-2.csv'
        $imports.TenantId | Should -Be 'contoso.com', 'contoso.com'
        $imports.Imported | Should -Be 2, 3
    }

    It 'takes a name as it stands with -LiteralPath' {
        $file = New-TeamsRow 1 | Export-TeamsFile 'plain.csv'
        $odd = Get-TestPath 'calls[1].csv'
        [IO.File]::Copy($file, $odd)
        (Import-UsageRecord -LiteralPath $odd -TenantId contoso.com).Source | Should -Be 'calls[1].csv'
        (Get-Item -LiteralPath $odd | Import-UsageRecord -TenantId contoso.com).Duplicate | Should -Be 1
    }

    It 'imports objects: <Text>' -ForEach @(
        @{ Text = 'rows of the export'; Format = 'TeamsPstnCsv'; Given = { 1..3 | ForEach-Object { New-TeamsRow $_ } } }
        @{ Text = 'Graph objects'; Format = 'GraphPstnCalls'; Given = { 1..3 | ForEach-Object { New-GraphRow $_ } } }
        @{ Text = 'Graph objects with dates'; Format = 'GraphPstnCalls'; Given = {
                New-GraphRow 1 -Start ([datetime]::new(2026, 1, 5, 10, 0, 0)) -Seconds ([timespan]'00:01:00')
                New-GraphRow 2 -Start ([datetime]::new(2026, 1, 5, 10, 0, 0, [DateTimeKind]::Utc)) -Seconds 60.0
                New-GraphRow 3 -Start ([datetimeoffset]'2026-01-05T12:00:00+02:00') -Seconds ([long]60)
            }
        }
        @{ Text = 'hashtables'; Format = 'GraphPstnCalls'; Given = {
                1..3 | ForEach-Object { $row = @{}; (New-GraphRow $_).PSObject.Properties | ForEach-Object { $row[$_.Name] = $_.Value }; $row }
            }
        }
        @{ Text = 'names in any case'; Format = 'GraphPstnCalls'; Given = {
                1..3 | ForEach-Object {
                    $row = [ordered]@{}
                    (New-GraphRow $_).PSObject.Properties | ForEach-Object { $row[$_.Name.ToUpperInvariant()] = $_.Value }
                    [pscustomobject]$row
                }
            }
        }
        @{ Text = 'what ConvertFrom-Json makes of Graph'; Format = 'GraphPstnCalls'; Given = { 1..3 | ForEach-Object { New-GraphRow $_ } | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        $import = & $Given | Import-UsageRecord -TenantId contoso.com
        $import.Source | Should -Be '(objects)'
        $import.Format | Should -Be $Format
        $import.Imported | Should -Be 3
        $import.Rejected | Should -Be 0
        $records = Get-UsageRecord contoso.com
        $records.RecordId | Should -Be (1..3 | ForEach-Object { Get-TestId $_ })
        $records.StartedAt | Should -Be (@([datetimeoffset]'2026-01-05T10:00:00Z') * 3)
        $records.Duration | Should -Be (@([timespan]'00:01:00') * 3)
        $records.Charge | Should -Be (@(0.02) * 3)
    }

    It 'takes an array of objects, or of files, as an argument' {
        (Import-UsageRecord -InputObject @((New-TeamsRow 1), (New-TeamsRow 2)) -TenantId contoso.com).Imported | Should -Be 2
        $file = New-TeamsRow 3 | Export-TeamsFile 'argument.csv'
        (Import-UsageRecord -InputObject (Get-Item $file) -TenantId contoso.com).Imported | Should -Be 1
    }

    It 'stops at once, and keeps what was posted' {
        $row = New-TeamsRow 1
        $lines = $row | ConvertTo-Csv -UseQuotes AsNeeded
        $file = Get-TestPath 'long.csv'
        $writer = [IO.StreamWriter]::new($file)
        $writer.WriteLine($lines[0])
        foreach ($n in 1..300000) { $writer.WriteLine((Get-TestId $n) + $lines[1].Substring(36)) }
        $writer.Dispose()
        $shell = New-TestSession
        try {
            $null = $shell.AddCommand('Import-UsageRecord').AddParameter('Path', $file).AddParameter('TenantId', 'contoso.com')
            $running = $shell.BeginInvoke()
            $limit = [datetime]::UtcNow.AddSeconds(30)
            while (-not (Get-UsageImport contoso.com) -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 10 }
            $took = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $running.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue
            $took.Elapsed.TotalSeconds | Should -BeLessThan 10
        }
        finally { $shell.Dispose() }
        $import = Get-UsageImport contoso.com
        $import.Read | Should -BeGreaterThan 0
        $import.Read | Should -BeLessThan 300000
        (Get-UsageRecord contoso.com -First 0 -IncludeTotalCount).ToString() | Should -Match "\b$($import.Read)\b"
        (Get-CreditBalance contoso.com).Balance | Should -Be (100 - 0.02 * $import.Read)
    }

    It 'imports objects whose properties differ from one to the next' {
        $full = New-GraphRow 1 -Charge 0.5
        $bare = New-GraphRow 2 | Select-Object id, startDateTime, duration, callType, calleeNumber
        $charged = $bare | Select-Object *, @{ n = 'charge'; e = { 0.25 } }, @{ n = 'currency'; e = { 'USD' } }
        $charged.id = Get-TestId 3
        $import = $bare, $charged, $full, (New-TeamsRow 4 -Charge '0.75') | Import-UsageRecord -TenantId contoso.com
        $import.Imported | Should -Be 4
        (Get-UsageRecord contoso.com).Charge | Should -Be 0.02, 0.25, 0.5, 0.75
    }

    It 'keeps a charge exactly, a double as its shortest text' {
        New-GraphRow 1 -Charge 0.1 | Import-UsageRecord -TenantId contoso.com | Out-Null
        New-GraphRow 2 -Charge ([double]'1E-05') | Import-UsageRecord -TenantId contoso.com | Out-Null
        New-GraphRow 3 -Charge ([decimal]'0.123456') | Import-UsageRecord -TenantId contoso.com | Out-Null
        (Get-UsageRecord contoso.com).RecordedCharge | Should -Be 0.1, 0.00001, 0.123456
    }

    It 'imports several tenants'' objects at once, each as one import' {
        $imports = 1..6 | ForEach-Object {
            New-TeamsRow $_ | Select-Object *, @{ n = 'TenantId'; e = { if ($_.UsageId -match '[135]$') { 'fabrikam.com' } else { 'contoso.com' } } }
        } | Import-UsageRecord
        $imports.TenantId | Should -Be 'fabrikam.com', 'contoso.com'
        $imports.Imported | Should -Be 3, 3
    }

    It 'takes no Id for a tenant' {
        [pscustomobject]@{ Id = 'contoso.com'; Path = 'x.csv' } | Import-UsageRecord -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Match 'InputObjectMissingMandatory|InputObjectNotBound|MissingMandatoryParameter'
    }

    It 'sets a bad record aside, says why, and goes on' {
        $rows = (New-TeamsRow 1), (New-TeamsRow 2 -Charge '1.2.3'), (New-TeamsRow 3 -Seconds '-1'), (New-TeamsRow 4)
        $file = $rows | Export-TeamsFile 'march.csv'
        $import = Import-UsageRecord $file -TenantId contoso.com -ErrorAction SilentlyContinue -ErrorVariable problem
        $import.Imported | Should -Be 2
        $import.Rejected | Should -Be 2
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be 'UsageRejected', 'UsageRejected'
        "$($problem[0])" | Should -BeLike "march.csv line 3, Charge: '1.2.3' is not an amount. The line was set aside; add -QuarantinePath*"
        $rejection = $problem[0].TargetObject
        $rejection | Should -BeOfType ([CommunicationsCredits.UsageRejection])
        $rejection.TenantId | Should -Be 'contoso.com'
        $rejection.Line | Should -Be 3
        $rejection.Field | Should -Be 'Charge'
        $rejection.RecordId | Should -Be (Get-TestId 2)
    }

    It 'sets a bad object aside too' {
        $import = (New-TeamsRow 1), (New-TeamsRow 2 -Seconds 'x'), [pscustomobject]@{ Foo = 1 } |
            Import-UsageRecord -TenantId contoso.com -ErrorAction SilentlyContinue -ErrorVariable problem
        $import.Imported | Should -Be 1
        $import.Rejected | Should -Be 1
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be 'UnknownFormat', 'UsageRejected'
        "$($problem[0])" | Should -BeLike "The object is no usage: it has 'Foo': it is neither a call*"
        $problem[1].TargetObject.Line | Should -Be 2
    }

    It 'keeps refused records in a file that imports again' {
        $file = (New-TeamsRow 1), (New-TeamsRow 2 -Seconds 'x') | Export-TeamsFile 'bad.csv'
        Import-UsageRecord $file -TenantId contoso.com -QuarantinePath TestDrive:/quarantine.csv -ErrorAction SilentlyContinue | Out-Null
        $kept = Get-TestPath 'quarantine.csv'
        (Get-Content $kept).Count | Should -Be 2
        Set-Content $kept ((Get-Content $kept) -replace ',x,', ',60,')
        (Import-UsageRecord $kept -TenantId contoso.com).Imported | Should -Be 1
    }

    It 'reports a conflict, corrects it, or passes over it' {
        New-TeamsRow 1 -Charge '0.10' | Import-UsageRecord -TenantId contoso.com | Out-Null
        $changed = New-TeamsRow 1 -Charge '0.30'
        $import = $changed | Import-UsageRecord -TenantId contoso.com -ErrorAction SilentlyContinue -ErrorVariable problem
        $import.Rejected | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'UsageConflict'
        ($changed | Import-UsageRecord -TenantId contoso.com -OnConflict Skip).Duplicate | Should -Be 1
        (Get-CreditBalance contoso.com).Balance | Should -Be 99.9
        ($changed | Import-UsageRecord -TenantId contoso.com -OnConflict Correct).Imported | Should -Be 1
        (Get-CreditBalance contoso.com).Balance | Should -Be 99.7
    }

    It 'charges by <Source>' -ForEach @(
        @{ Source = 'Auto'; Charge = 0.5 }, @{ Source = 'Record'; Charge = 0.5 }, @{ Source = 'RateSheet'; Charge = 0.02 }
    ) {
        (New-TeamsRow 1 -Charge '0.5' | Import-UsageRecord -TenantId contoso.com -PricingSource $Source).Charged | Should -Be $Charge
    }

    It 'warns once of calls without a rate' {
        $import = 1..3 | ForEach-Object { New-TeamsRow $_ -Callee '+8613800000000' } |
            Import-UsageRecord -TenantId contoso.com -WarningAction SilentlyContinue -WarningVariable warning
        $import.Unrated | Should -Be 3
        $warning.Count | Should -Be 1
    }

    It 'says once that a tenant is not there' {
        1..100 | ForEach-Object { New-TeamsRow $_ } | Import-UsageRecord -TenantId nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
        $file = New-TeamsRow 1 | Export-TeamsFile 'nobody.csv'
        Import-UsageRecord $file -TenantId nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'says of <Text> that it cannot be read' -ForEach @(
        @{ Text = 'a missing file'; Path = { Get-TestPath 'missing.csv' } }
        @{ Text = 'a wildcard without a match'; Path = { Get-TestPath 'nothing*.csv' } }
        @{ Text = 'a folder'; Path = { Get-TestPath '' } }
        @{ Text = 'a path of another provider'; Path = { 'Env:PATH' } }
        @{ Text = 'a file of another kind'; Path = { $other = Get-TestPath 'other.csv'; Set-Content $other "a,b`n1,2"; $other } }
    ) {
        $good = New-TeamsRow 1 | Export-TeamsFile 'good.csv'
        $import = (& $Path), $good | Import-UsageRecord -TenantId contoso.com -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'UnknownFormat'
        $import.Source | Should -Be 'good.csv'
    }

    It 'insists on the format it is told' {
        $file = New-TeamsRow 1 | Export-TeamsFile 'format.csv'
        Import-UsageRecord $file -TenantId contoso.com -Format GraphPstnCalls -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'UnknownFormat'
    }

    It 'imports Graph JSON, and warns of a page that is not the last' {
        $file = Get-TestPath 'graph.json'
        @{ '@odata.nextLink' = 'https://graph.microsoft.com/next'; value = @(New-GraphRow 1; New-GraphRow 2) } | ConvertTo-Json -Depth 4 | Set-Content $file
        $import = Import-UsageRecord $file -TenantId contoso.com -WarningAction SilentlyContinue -WarningVariable warning
        $import.Format | Should -Be 'GraphPstnCalls'
        $import.Imported | Should -Be 2
        "$warning" | Should -Match 'nextLink'
    }
}
