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
