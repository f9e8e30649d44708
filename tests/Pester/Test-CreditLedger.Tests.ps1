BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger 'sound.db'
    New-CreditTenant contoso.com, fabrikam.com
    Import-TestRate
    Add-CreditFunds contoso.com 100
    1..50 | ForEach-Object { New-TeamsRow $_ -Seconds ($_ * 7) } | Import-UsageRecord -TenantId contoso.com | Out-Null
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Test-CreditLedger' {
    It 'answers with one bool for all that was asked' {
        Test-CreditLedger | Should -BeExactly $true
        'contoso.com', 'fabrikam.com' | Test-CreditLedger | Should -BeExactly $true
        Test-CreditLedger *abrikam* | Should -BeExactly $true
    }

    It 'finds nothing under -Detailed where all is well' { Test-CreditLedger -Detailed | Should -BeNullOrEmpty }

    It 'calls what cannot be verified not sound' {
        $answer = Test-CreditLedger contoso.com, nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        $answer | Should -BeExactly $false
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'names what was tampered with' {
        Disconnect-CreditLedger | Out-Null
        $path = Get-TestPath 'tampered.db'
        Copy-Item (Get-TestPath 'sound.db') $path
        $bytes = [IO.File]::ReadAllBytes($path)
        $text = [Text.Encoding]::Latin1.GetString($bytes)
        $at = $text.IndexOf('Tenant created: contoso.com')
        $at | Should -BeGreaterThan 0
        $bytes[$at] = [byte][char]'t'
        [IO.File]::WriteAllBytes($path, $bytes)
        Connect-CreditLedger $path
        Test-CreditLedger | Should -BeExactly $false
        $findings = @(Test-CreditLedger -Detailed)
        $findings[0] | Should -BeOfType ([CommunicationsCredits.CreditLedgerFinding])
        $findings[0].TenantId | Should -Be 'contoso.com'
        $findings[0].Sequence | Should -Be 1
        $findings[0].Rule | Should -Be 'H1'
        Test-CreditLedger fabrikam.com | Should -BeExactly $true
    }
}
