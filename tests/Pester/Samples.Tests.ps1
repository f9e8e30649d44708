BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    . "$PSScriptRoot/Support/StandIns.ps1"
    $samples = Join-Path $PSScriptRoot '../../samples'
    $origin = Get-Location

    # The samples are of October 2026; funds bought then are long gone when this is run later.
    $lastMonth = [datetime]::UtcNow.AddMonths(-1).ToString('yyyy-MM')

    # Usage of the stand-in for Graph: a call a day.
    function New-GraphPage {
        param([datetime] $From, [int] $Count, [int] $FirstNumber, [string] $Next)
        $page = [ordered]@{ '@odata.count' = $Count }
        if ($Next) { $page['@odata.nextLink'] = $Next }
        $page.value = @(0..($Count - 1) | ForEach-Object {
                New-GraphRow ($FirstNumber + $_) -Start $From.AddDays($_).ToString('yyyy-MM-ddT10:00:00Z') -Charge 0.25
            })
        $page | ConvertTo-Json -Depth 4
    }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'The sample' {
    BeforeEach {
        Connect-TestLedger
        $folder = New-Item -ItemType Directory (Get-TestPath ([guid]::NewGuid()))
        Set-Location $folder
        (Get-Content "$samples/onboarding/tenants.csv").Replace('2026-10', $lastMonth) | Set-Content ./tenants.csv
    }
    AfterEach { Set-Location $origin }

    Context 'nightly' {
        BeforeEach {
            # The module as it is installed, for the PowerShell that the job starts.
            $modules = $env:PSModulePath
            $env:PSModulePath = (Get-Item (Get-Module CommunicationsCredits).Path).Directory.Parent.Parent.FullName + [IO.Path]::PathSeparator + $modules
            Copy-Item "$samples/nightly/nightly.ps1" .
            function Invoke-Night {
                $null = & (Get-PowerShellProgram) -NoProfile -NonInteractive -File ./nightly.ps1 -SmtpServer 127.0.0.1 -Port 9
                $LASTEXITCODE
                Get-Content ./nightly.log | ConvertFrom-Json
                Remove-Item ./nightly.log
            }
        }
        AfterEach { $env:PSModulePath = $modules }

        It 'does not begin where the ledger is not, and makes none' {
            $exit, $steps = Invoke-Night
            $exit | Should -Be 1
            $steps.Step | Should -Be connect
            $steps.Errors | Should -Match 'ledger.db'
            './ledger.db' | Should -Not -Exist
        }

        It 'says which file is in trouble, leaves it, and goes on with the others' {
            Connect-CreditLedger ./ledger.db -WarningAction Ignore
            New-CreditTenant contoso.example -Name Contoso
            Add-CreditFunds contoso.example 100
            Disconnect-CreditLedger | Out-Null
            New-Item -ItemType Directory ./inbox/contoso.example, ./inbox/nobody.example | Out-Null
            $yesterday = [datetime]::UtcNow.AddDays(-1).ToString('yyyy-MM-ddTHH:mm:ssZ')
            foreach ($number in 1, 2) {
                $tenant = $number -eq 1 ? 'nobody.example' : 'contoso.example'
                New-TeamsRow -Number $number -Start $yesterday -Charge 1.5 | Export-Csv "./inbox/$tenant/calls.csv" -UseQuotes AsNeeded
            }

            $exit, $steps = Invoke-Night

            $exit | Should -Be 1
            $steps.Step | Should -Be connect, usage, rates, maintenance, notices, verify
            $steps.Where({ $_.Errors }).Step | Should -Be usage
            $steps[1].Errors | Should -Match 'nobody.example'
            './inbox/nobody.example/calls.csv' | Should -Exist
            './inbox/contoso.example/calls.csv' | Should -Not -Exist
            './done/contoso.example/* calls.csv' | Should -Exist
            Connect-CreditLedger ./ledger.db
            (Get-CreditBalance).Balance | Should -Be 98.5
            Disconnect-CreditLedger | Out-Null

            # Once its trouble is over, so is the night's; and what was done is not done twice.
            Remove-Item ./inbox/nobody.example -Recurse
            Copy-Item './done/contoso.example/* calls.csv' ./inbox/contoso.example/again.csv
            $exit, $steps = Invoke-Night
            $exit | Should -Be 0
            Connect-CreditLedger ./ledger.db
            (Get-CreditBalance).Balance | Should -Be 98.5
        }
    }

    Context 'onboarding' {
        It 'takes on the tenants of the CSV, with openings, licenses and rules' {
            $taken = & "$samples/onboarding/onboard.ps1" ./tenants.csv

            $taken.TenantId | Should -Be 'contoso.example', 'fabrikam.example', 'tailspin.example'
            (Get-CreditBalance).Balance | Should -Be 312.40, 100, 0
            (Get-CreditPool contoso.example).Licenses | Should -Be 25
            $rules = Get-AutoRecharge
            $rules.TenantId | Should -Be 'contoso.example', 'fabrikam.example'
            $rules.MaximumPerMonth | Should -Be 1000, 300
            (Get-CreditTenant tailspin.example).Currency | Should -Be EUR
        }

        It 'can be run again, with more in the CSV' {
            & "$samples/onboarding/onboard.ps1" ./tenants.csv | Out-Null
            Set-CreditTenant fabrikam.example -Name 'Fabrikam, Inc.'
            Copy-Item ./tenants.csv ./more.csv
            Add-Content ./more.csv "woodgrove.example,Woodgrove,USD,US,,40,$lastMonth-01,,portal E0500,,,,,"

            $taken = & "$samples/onboarding/onboard.ps1" ./more.csv

            $taken.TenantId | Should -Be 'woodgrove.example'
            (Get-CreditBalance).Balance | Should -Be 312.40, 100, 0, 40
            (Get-CreditTenant fabrikam.example).Name | Should -Be 'Fabrikam, Inc.'
        }
    }

    Context 'graph' {
        BeforeEach {
            New-CreditTenant contoso.example -Name Contoso
            Add-CreditFunds contoso.example 500 -PurchasedAt 2026-01-01 -ExpiresAt 2099-01-01

            # Stands for the command of Microsoft.Graph.Authentication: two pages for a window; every first request for one is throttled.
            $asked = [Collections.Generic.List[string]]::new()
            $script:always = 0
            function global:Invoke-MgGraphRequest {
                param($Method, $Uri, $OutputType, [switch] $SkipHttpErrorCheck, $StatusCodeVariable, $ResponseHeadersVariable)
                $again = $asked.Contains($Uri)
                $asked.Add($Uri)
                $status, $headers, $json = if ($always) { $always, @{}, '{"error":{"code":"Forbidden"}}' }
                elseif (-not $again) { 429, @{ 'Retry-After' = [string[]]'0' }, '{"error":{"code":"TooManyRequests"}}' }
                else {
                    $Uri -match 'fromDateTime=([\d-]+),toDateTime=([\d-]+)\)(.+)?$' | Should -BeTrue
                    $from = [datetime]$Matches[1]
                    ([datetime]$Matches[2] - $from).TotalDays | Should -BeLessOrEqual 90
                    200, @{}, ($Matches[3] ? (New-GraphPage $from 1 (1000 + $from.DayOfYear)) : (New-GraphPage $from 2 $from.DayOfYear "${Uri}?`$skip=2"))
                }
                Set-Variable $StatusCodeVariable $status -Scope 1
                Set-Variable $ResponseHeadersVariable $headers -Scope 1
                $json
            }
        }
        AfterEach { Remove-Item Function:/Invoke-MgGraphRequest }

        It 'follows pages and windows, and waits where it is throttled' {
            $files = & "$samples/graph/Get-GraphUsage.ps1" contoso.example -From 2026-01-10 -To 2026-08-01

            # 203 days are three windows of two pages; each page was asked for twice.
            $files.Name | Should -Be @(
                'getPstnCalls-20260110-20260410-0001.json', 'getPstnCalls-20260110-20260410-0002.json'
                'getPstnCalls-20260410-20260709-0001.json', 'getPstnCalls-20260410-20260709-0002.json'
                'getPstnCalls-20260709-20260801-0001.json', 'getPstnCalls-20260709-20260801-0002.json'
            )
            $asked.Count | Should -Be 12
            $imports = $files | Import-UsageRecord -TenantId contoso.example
            ($imports | Measure-Object Read -Sum).Sum | Should -Be 9
            ($imports | Measure-Object Charged -Sum).Sum | Should -Be 2.25
            Get-ChildItem ./inbox -File | Should -BeNullOrEmpty
        }

        It 'gives up on an error that no patience mends' {
            $script:always = 403
            (Get-Terminating { & "$samples/graph/Get-GraphUsage.ps1" contoso.example -From 2026-01-10 -To 2026-02-01 }).Exception.Message |
                Should -Match '^Graph answered 403 for .*Forbidden'
            $asked.Count | Should -Be 1
            Get-ChildItem ./inbox -File -Recurse | Should -BeNullOrEmpty
        }
    }

    Context 'statements' {
        It 'mails each tenant with an address its statement, once' {
            New-CreditTenant contoso.example -Name 'Contoso & Sons' -NotificationEmail billing@contoso.example
            New-CreditTenant fabrikam.example -Name Fabrikam
            Add-CreditFunds contoso.example, fabrikam.example 200 -PurchasedAt "$lastMonth-01"
            $sent = [Collections.Generic.List[object]]::new()
            function global:Invoke-MgGraphRequest {
                param($Method, $Uri, $ContentType, $Body)
                $sent.Add([pscustomobject]@{ Method = $Method; Uri = $Uri; Mail = $Body | ConvertFrom-Json })
            }
            try { 1..2 | ForEach-Object { & "$samples/statements/Send-Statement.ps1" $lastMonth -From credits@example.com } | Should -HaveCount 1 }
            finally { Remove-Item Function:/Invoke-MgGraphRequest }

            $sent | Should -HaveCount 1
            $sent[0].Uri | Should -Be 'https://graph.microsoft.com/v1.0/users/credits@example.com/sendMail'
            $sent[0].Mail.message.toRecipients.emailAddress.address | Should -Be billing@contoso.example
            $sent[0].Mail.message.body.content | Should -Match '<h1>Contoso &amp; Sons</h1>'
            $sent[0].Mail.message.body.content | Should -Match '<td>Closing</td><td>200\.0000</td>'
        }
    }

    Context 'teams' {
        It 'posts each notice as a card, once' {
            New-CreditTenant contoso.example -Name Contoso
            Set-AutoRecharge contoso.example -MinimumBalance 10 -TargetBalance 40 -MaximumPerMonth 100
            Invoke-AutoRecharge | Out-Null
            $notices = @(Get-CreditNotification)
            $channel = Start-HttpStandIn { '{}' }
            try { 1..2 | ForEach-Object { & "$samples/teams/Send-TeamsNotice.ps1" "$($channel.Uri)/workflow" } | Should -HaveCount $notices.Count }
            finally { Stop-StandIn $channel }

            $channel.Seen.Count | Should -Be $notices.Count
            $cards = $channel.Seen.ToArray().ForEach({ ($_.Body | ConvertFrom-Json).attachments[0] })
            $cards.contentType | Select-Object -Unique | Should -Be 'application/vnd.microsoft.card.adaptive'
            $cards.content.body.Where({ $_.weight }).text | Sort-Object | Should -Be ($notices.Subject | Sort-Object)
        }
    }
}
