BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-AutoRechargeAttempt' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth 2020-01
        Set-AutoRecharge contoso.com -MinimumBalance 10 -RechargeAmount 50 -MaximumPerMonth 100 -PaymentMethod card
        Set-AutoRecharge fabrikam.com -MinimumBalance 10 -TargetBalance 40 -MaximumPerMonth 100
        Invoke-AutoRecharge | Out-Null
        Set-CreditPaymentMethod contoso.com card -PurchaseOrder PO-7 -ExpiryMonth 2999-01
        Invoke-AutoRecharge | Out-Null
    }

    It 'gets them all, in order' {
        (Get-AutoRechargeAttempt).AttemptId | Should -Be 'contoso.com/A1', 'contoso.com/A2', 'fabrikam.com/A1'
        (Get-AutoRechargeAttempt).State | Should -Be 'Declined', 'Succeeded', 'Succeeded'
        (Get-AutoRechargeAttempt)[0].Reason | Should -BeLike '*expired*'
        (Get-AutoRechargeAttempt)[1].PaymentReference | Should -Be 'PO-7'
    }

    It 'gets a tenant''s, those of a state, or since an instant' {
        (Get-AutoRechargeAttempt fabrikam.com).Amount | Should -Be 40
        (Get-AutoRechargeAttempt -State Declined, Refused).AttemptId | Should -Be 'contoso.com/A1'
        $second = (Get-AutoRechargeAttempt contoso.com)[1]
        (Get-AutoRechargeAttempt contoso.com -From $second.StartedAt).AttemptId | Should -Be $second.AttemptId
        Get-AutoRechargeAttempt -From 2999-01-01 | Should -BeNullOrEmpty
    }

    It 'refuses an instant that is none' {
        Get-AutoRechargeAttempt -From 03/04/2026 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
    }

    It 'shows itself' {
        Get-AutoRechargeAttempt | Out-String -Width 160 | Should -Match 'contoso\.com +\d{4}-\d\d-\d\d \d\d:\d\d +USD +50\.00 +Succeeded'
    }
}
