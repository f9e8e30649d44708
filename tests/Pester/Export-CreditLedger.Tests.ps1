BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Export-CreditLedger' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Import-TestRate
        Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01 -Reference '=1+1'
        New-TeamsRow | Import-UsageRecord -TenantId contoso.com | Out-Null
    }

    It 'writes a journal that hledger confirms (H2)' -Skip:(-not (Get-Command hledger -ErrorAction Ignore)) {
        $file = Export-CreditLedger -Path (Get-TestPath ledger.journal)
        $file | Should -BeOfType System.IO.FileInfo
        & hledger -f $file.FullName check
        $LASTEXITCODE | Should -Be 0
    }

    It 'writes CSV whose cells a spreadsheet does not run' {
        $file = Export-CreditLedger -TenantId contoso.com -Path (Get-TestPath ledger.csv) -Format Csv
        $rows = Import-Csv $file.FullName
        $rows.Count | Should -Be (Get-CreditTransaction contoso.com).Count
        Get-Content $file.FullName -Raw | Should -Not -Match '(^|,)"?='
    }

    It 'writes JSON' {
        $file = Export-CreditLedger -Path (Get-TestPath ledger.json) -Format Json
        { Get-Content $file.FullName -Raw | ConvertFrom-Json } | Should -Not -Throw
    }

    It 'leaves a file that is there alone without -Force' {
        $path = Get-TestPath there.json
        Set-Content $path 'mine'
        Export-CreditLedger -Path $path -Format Json -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'FileExists'
        Get-Content $path | Should -Be 'mine'
        Export-CreditLedger -Path $path -Format Json -Force | Out-Null
        Get-Content $path -Raw | Should -Not -Be 'mine'
    }

    It 'writes nothing under -WhatIf, nor for a tenant that is not there' {
        Export-CreditLedger -Path (Get-TestPath none.json) -WhatIf
        Export-CreditLedger nobody (Get-TestPath none.json) -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'TenantNotFound'
        Get-TestPath none.json | Should -Not -Exist
    }
}

Describe 'Export-CreditLedger, by its path' {
    It 'takes the path first, and its extension for the format: <Extension>' -ForEach @(
        @{ Extension = 'csv'; Begins = 'TransactionId' }, @{ Extension = 'json'; Begins = '{' }, @{ Extension = 'journal'; Begins = ';' }
    ) {
        Connect-TestLedger
        New-CreditTenant a, b
        Add-CreditFunds a, b 5
        $file = Export-CreditLedger (Get-TestPath "by-path.$Extension") a
        (Get-Content $file -Raw).TrimStart('"') | Should -BeLike "$Begins*"
        Get-Content $file -Raw | Should -Not -Match '\bb/F1\b'
    }
}
