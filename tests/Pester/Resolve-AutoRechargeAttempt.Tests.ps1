BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Resolve-AutoRechargeAttempt' {
    BeforeEach {
        Connect-TestLedger
        Register-TestGateway -Answer '{"status":"pending","reference":"pi_1"}' | Out-Null
        New-CreditTenant contoso.com
        Set-CreditPaymentMethod contoso.com card -Gateway psp
        Set-AutoRecharge contoso.com -MinimumBalance 10 -RechargeAmount 50 -MaximumPerMonth 100 -PaymentMethod card
        Invoke-AutoRecharge | Out-Null
    }

    It 'posts what was paid' {
        $attempt = Get-AutoRechargeAttempt -State Pending | Resolve-AutoRechargeAttempt -As Succeeded -PaymentReference ch_9
        $attempt.State | Should -Be 'Succeeded'
        $attempt.PaymentReference | Should -Be 'ch_9'
        (Get-CreditBalance).Balance | Should -Be 50
        (Get-CreditTransaction)[-1].Description | Should -BeLike '*settled by hand*'
        Test-CreditLedger | Should -BeTrue
    }

    It 'posts nothing of what was declined' {
        (Resolve-AutoRechargeAttempt contoso.com/A1 -As Declined).State | Should -Be 'Declined'
        (Get-CreditBalance).Balance | Should -Be 0
        (Get-AutoRecharge).State | Should -Be 'Waiting'
    }

    It 'keeps the gateway''s reference where none is given' {
        (Resolve-AutoRechargeAttempt contoso.com/A1 -As Succeeded).PaymentReference | Should -Be 'pi_1'
    }

    It 'keeps nothing under -WhatIf' {
        (Resolve-AutoRechargeAttempt contoso.com/A1 -As Succeeded -WhatIf).State | Should -Be 'Succeeded'
        (Get-AutoRechargeAttempt).State | Should -Be 'Pending'
        (Get-CreditBalance).Balance | Should -Be 0
    }

    It 'refuses <Id>' -ForEach @(
        @{ Id = 'contoso.com/A9' }, @{ Id = 'nobody/A1' }, @{ Id = 'rubbish' }
    ) {
        Resolve-AutoRechargeAttempt $Id -As Declined -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'AttemptNotFound'
        $problem[0].TargetObject | Should -Be $Id
    }

    It 'refuses one that is settled, and goes on with the others' {
        Resolve-AutoRechargeAttempt contoso.com/A1 -As Declined | Out-Null
        Resolve-AutoRechargeAttempt contoso.com/A1, contoso.com/A2 -As Succeeded -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be 'AttemptNotFound', 'AttemptNotFound'
    }

    It 'takes Succeeded and Declined only' {
        { Resolve-AutoRechargeAttempt contoso.com/A1 -As Pending } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'refuses a card number, and does not repeat it' {
        Resolve-AutoRechargeAttempt contoso.com/A1 -As Succeeded -PaymentReference '4111 1111 1111 1111' -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'CardNumberRefused'
        "$($problem[0])$($problem[0].TargetObject)" | Should -Not -Match '1111'
        (Get-AutoRechargeAttempt).State | Should -Be 'Pending'
    }
}
