BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Remove-CreditTenant' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Add-CreditFunds fabrikam.com 5
    }

    It 'removes a tenant without money, and keeps one with it' {
        Get-CreditTenant | Remove-CreditTenant -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        (Get-CreditTenant).TenantId | Should -Be 'fabrikam.com'
        Get-ErrorId $problem[0] | Should -Be 'TenantInUse'
        $problem[0].TargetObject | Should -Be 'fabrikam.com'
    }

    It 'asks, for it has a high impact' {
        $problem = Get-Terminating { & (Get-PowerShellProgram) -NoProfile -NonInteractive -Command {
                param($module, $ledger)
                $ErrorActionPreference = 'Stop'
                Import-Module $module
                Connect-CreditLedger $ledger
                Remove-CreditTenant contoso.com
            } -args (Get-Module CommunicationsCredits).Path, (Get-CreditLedger).Location 2>&1 | ForEach-Object { throw $_ } }
        "$problem" | Should -Match 'NonInteractive'
        (Get-CreditTenant).Count | Should -Be 2
    }
}
