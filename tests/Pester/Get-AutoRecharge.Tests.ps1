BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-AutoRecharge' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com, tailspin.example
        Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 250 -MaximumPerMonth 1000
        Set-AutoRecharge fabrikam.com -MinimumBalance 10 -TargetBalance 50 -MaximumPerMonth 100
    }

    It 'gets the rules there are' { (Get-AutoRecharge).TenantId | Should -Be 'contoso.com', 'fabrikam.com' }

    It 'gets a tenant''s' {
        (Get-AutoRecharge FABRIKAM.com).TargetBalance | Should -Be 50
        Get-AutoRecharge tailspin.example | Should -BeNullOrEmpty
        (Get-AutoRecharge con*).TenantId | Should -Be 'contoso.com'
        (Get-CreditTenant | Get-AutoRecharge).Count | Should -Be 2
    }

    It 'is told of a tenant that is not there' {
        Get-AutoRecharge nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'shows itself' {
        $table = Get-AutoRecharge | Out-String -Width 160
        $table | Should -Match 'contoso\.com +On +USD +100\.00 +250\.00'
        $table | Should -Match 'to +50\.00'
    }
}
