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

    It 'finds by a seal that an older copy was put back' {
        $path = Get-TestPath 'older.db'
        Connect-CreditLedger $path -WarningAction SilentlyContinue
        New-CreditTenant contoso.com, fabrikam.com
        Add-CreditFunds contoso.com 100
        $null = Backup-CreditLedger (Get-TestPath 'copy.db')
        Add-CreditFunds contoso.com 100
        $null = Get-CreditLedger -SealPath (Get-TestPath 'now.seal')
        Test-CreditLedger -Seal (Get-TestPath 'now.seal') | Should -BeExactly $true
        Disconnect-CreditLedger | Out-Null
        Copy-Item (Get-TestPath 'copy.db') $path
        Connect-CreditLedger $path
        Test-CreditLedger | Should -BeExactly $true
        Test-CreditLedger -Seal (Get-TestPath 'now.seal') | Should -BeExactly $false
        $finding = Test-CreditLedger -Seal (Get-TestPath 'now.seal') -Detailed
        $finding.Rule | Should -Be 'H1c'
        $finding.TenantId | Should -Be 'contoso.com'
        Test-CreditLedger fabrikam.com -Seal (Get-TestPath 'now.seal') | Should -BeExactly $true
    }

    It 'names a tenant that was removed since, once' {
        Connect-CreditLedger (Get-TestPath 'removed.db') -WarningAction SilentlyContinue
        New-CreditTenant contoso.com, fabrikam.com
        $null = Get-CreditLedger -SealPath (Get-TestPath 'removed.seal')
        Remove-CreditTenant fabrikam.com -Confirm:$false
        Test-CreditLedger -Seal (Get-TestPath 'removed.seal') -WarningVariable warned -WarningAction SilentlyContinue | Should -BeExactly $true
        $warned.Count | Should -Be 1
        $warned[0].Message | Should -BeLike "'fabrikam.com' was removed on *"
    }

    It 'refuses a file that is no seal' {
        Set-Content (Get-TestPath 'other.txt') 'Date,Amount'
        foreach ($file in 'other.txt', 'none.seal') {
            Test-CreditLedger -Seal (Get-TestPath $file) -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeExactly $false
            Get-ErrorId $problem[0] | Should -Be 'SealInvalid'
            $problem[0].Exception.Message | Should -BeLike "*$file*"
        }
    }
}
