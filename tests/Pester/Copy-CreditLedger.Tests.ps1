BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com
    Add-CreditFunds contoso.com 100
    $here = (Get-CreditLedger).Location
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Copy-CreditLedger' {
    It 'copies all into a file that is not there yet, and warns of two ledgers' {
        $path = Get-TestPath copy.db
        $copy = Copy-CreditLedger $path -WarningVariable warned -WarningAction SilentlyContinue
        $copy.Kind, $copy.Location, $copy.TenantCount | Should -Be 'Sqlite', $path, 1
        $warned | Should -BeLike '*two ledgers*'
        $entries = Get-CreditTransaction contoso.com | ConvertTo-Json
        try {
            Connect-CreditLedger $path
            Get-CreditTransaction contoso.com | ConvertTo-Json | Should -Be $entries
            Test-CreditLedger | Should -BeExactly $true
        } finally { Connect-CreditLedger $here }
    }

    It 'refuses a ledger that is not empty, and itself' {
        $path = Get-TestPath full.db
        Copy-CreditLedger -Destination $path -WarningAction SilentlyContinue | Out-Null
        Get-ErrorId (Get-Terminating { Copy-CreditLedger $path }) | Should -Be 'LedgerNotEmpty'
        Get-ErrorId (Get-Terminating { Copy-CreditLedger $here }) | Should -Be 'LedgerNotEmpty'
        (Get-CreditBalance contoso.com).Balance | Should -Be 100
    }

    It 'makes nothing under -WhatIf, and where the folder is missing' {
        Copy-CreditLedger (Get-TestPath none.db) -WhatIf
        Copy-CreditLedger -DestinationConnectionString 'Host=db.example;Database=credits' -WhatIf
        Get-TestPath none.db | Should -Not -Exist
        Get-ErrorId (Get-Terminating { Copy-CreditLedger (Join-Path (Get-TestPath none) copy.db) }) | Should -Be 'LedgerNotFound'
        Get-TestPath none | Should -Not -Exist
    }

    It 'takes no password in a connection string' {
        $refused = Get-Terminating { Copy-CreditLedger -DestinationConnectionString 'Host=db.example;Database=credits;Password=hunter2' }
        Get-ErrorId $refused | Should -Be 'ConnectionInvalid'
        "$refused" | Should -Not -BeLike '*hunter2*'
    }
}
