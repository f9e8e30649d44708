BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditLedger' {
    It 'says which ledger the session has, and how many tenants it keeps' {
        Connect-TestLedger 'a.db'
        New-CreditTenant contoso.com, fabrikam.com
        $ledger = Get-CreditLedger
        $ledger.Location | Should -Be (Get-TestPath 'a.db')
        $ledger.TenantCount | Should -Be 2
    }

    It 'writes a seal, whose digest is that of the file, and replaces none' {
        Connect-TestLedger 'sealed.db'
        New-CreditTenant contoso.com
        $path = Get-TestPath 'kept.seal'
        $ledger = Get-CreditLedger -SealPath $path
        $ledger.Seal | Should -BeExactly (Get-FileHash $path).Hash
        (Get-CreditLedger).Seal | Should -BeExactly $ledger.Seal
        Get-CreditLedger -SealPath $path -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'FileExists'
        Get-CreditLedger -SealPath (Get-TestPath 'no/such/folder.seal') -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        Add-CreditFunds contoso.com 1
        (Get-CreditLedger).Seal | Should -Not -Be $ledger.Seal
    }

    It 'uses the default ledger where it exists, and Connect-CreditLedger makes it with its folder' -Skip:$IsWindows {
        $script = {
            param($module, $data)
            $env:COMMUNICATIONSCREDITS_LEDGER = $null
            $env:XDG_DATA_HOME = $data
            Import-Module $module
            try { Get-CreditLedger } catch { "$_" }
            Connect-CreditLedger -WarningAction SilentlyContinue
            $null = Disconnect-CreditLedger
            (Get-CreditLedger).Location
        }
        $data = Get-TestPath 'data'
        $null = New-Item -ItemType Directory $data
        $found = & (Get-PowerShellProgram) -NoProfile -Command $script -args (Get-Module CommunicationsCredits).Path, $data
        $found[0] | Should -BeLike 'There is no ledger *'
        $found[1] | Should -Be (Join-Path $data 'CommunicationsCredits/ledger.db')
    }
}
