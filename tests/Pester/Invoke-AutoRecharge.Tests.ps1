BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Invoke-AutoRecharge' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name Contoso
        Add-CreditFunds contoso.com 20
        Set-AutoRecharge contoso.com -MinimumBalance 100 -RechargeAmount 50 -MaximumPerMonth 1000
    }

    It 'makes one charge for the whole gap' {
        $attempt = Invoke-AutoRecharge
        $attempt.AttemptId | Should -Be 'contoso.com/A1'
        $attempt.TenantId | Should -Be 'contoso.com'
        $attempt.Amount | Should -Be 100
        $attempt.Currency | Should -Be 'USD'
        $attempt.State | Should -Be 'Succeeded'
        $attempt.SettledAt | Should -BeOfType datetimeoffset
        (Get-CreditBalance).Balance | Should -Be 120
        Invoke-AutoRecharge | Should -BeNullOrEmpty
        Test-CreditLedger | Should -BeTrue
    }

    It 'tells of it with the balance there is then' {
        Invoke-AutoRecharge | Out-Null
        (Get-CreditNotification -Kind RechargeSucceeded).Body | Should -BeLike '*USD 100.00 was bought*balance is USD 120.00*'
    }

    It 'shows under -WhatIf the charge it would make' {
        $attempt = Invoke-AutoRecharge -WhatIf
        $attempt.Amount | Should -Be 100
        Get-AutoRechargeAttempt | Should -BeNullOrEmpty
        (Get-CreditBalance).Balance | Should -Be 20
        (Invoke-AutoRecharge).Amount | Should -Be $attempt.Amount
    }

    It 'takes the tenants asked for, and goes on after one that is not there' {
        New-CreditTenant fabrikam.com
        Set-AutoRecharge fabrikam.com -MinimumBalance 10 -TargetBalance 30 -MaximumPerMonth 100
        Invoke-AutoRecharge con* -WhatIf | ForEach-Object TenantId | Should -Be 'contoso.com'
        $made = 'nobody', 'fabrikam.com' | Invoke-AutoRecharge -ErrorAction SilentlyContinue -ErrorVariable problem
        $made.Amount | Should -Be 30
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
        Get-CreditBalance | Invoke-AutoRecharge | ForEach-Object TenantId | Should -Be 'contoso.com'
    }

    It 'waits after a decline unless forced, and never passes over a cap' {
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth 2020-01
        Set-AutoRecharge contoso.com -PaymentMethod card
        (Invoke-AutoRecharge).State | Should -Be 'Declined'
        Invoke-AutoRecharge | Should -BeNullOrEmpty
        (Get-AutoRecharge).State | Should -Be 'Waiting'
        (Invoke-AutoRecharge -Force).State | Should -Be 'Declined'
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth 2999-01
        Set-AutoRecharge contoso.com -MaximumPerCharge 40
        $refused = Invoke-AutoRecharge -Force
        $refused.State | Should -Be 'Refused'
        $refused.Reason | Should -Be 'MaximumPerCharge'
        Invoke-AutoRecharge -Force | Should -BeNullOrEmpty
        (Get-CreditNotification -Kind RechargeCapped).Count | Should -Be 1
    }

    It 'asks a gateway that is a program, with the token and a key' {
        $book = Register-TestGateway
        Set-CreditPaymentMethod contoso.com card -Gateway psp -Token tok_1234567890 -ExpiryMonth 2999-01
        Set-AutoRecharge contoso.com -PaymentMethod card
        (Invoke-AutoRecharge -WhatIf).State | Should -Be 'Pending'
        $book | Should -Not -Exist
        $attempt = Invoke-AutoRecharge
        $attempt.State | Should -Be 'Succeeded'
        $attempt.PaymentReference | Should -Be 'ch_1'
        $request = Get-Content $book | ConvertFrom-Json
        $request.attemptId | Should -Be $attempt.AttemptId
        $request.tenantId | Should -Be 'contoso.com'
        $request.amount | Should -BeExactly '100.00'
        $request.currency | Should -Be 'USD'
        $request.idempotencyKey | Should -Not -BeNullOrEmpty
        $request.paymentMethod.token | Should -Be 'tok_1234567890'
        (Get-CreditFunds).Reference | Should -Contain 'ch_1'
    }

    It 'sends the same request again while a gateway is pending' {
        $book = Register-TestGateway -Answer '{"status":"pending","reference":"pi_1"}'
        Set-CreditPaymentMethod contoso.com card -Gateway psp -Token tok_1
        Set-AutoRecharge contoso.com -PaymentMethod card
        (Invoke-AutoRecharge).State | Should -Be 'Pending'
        Set-Content ($book -replace 'book$', 'answer') '{"status":"succeeded","reference":"ch_2"}'
        (Invoke-AutoRecharge).State | Should -Be 'Succeeded'
        $asked = Get-Content $book
        $asked.Count | Should -Be 2
        $asked[1] | Should -BeExactly $asked[0]
        (Get-CreditBalance).Balance | Should -Be 120
    }

    It 'does not know whether it was paid when a gateway answers rubbish' {
        Register-TestGateway -Answer 'Segmentation fault' | Out-Null
        Set-CreditPaymentMethod contoso.com card -Gateway psp
        Set-AutoRecharge contoso.com -PaymentMethod card
        (Invoke-AutoRecharge).State | Should -Be 'Unknown'
        (Get-AutoRecharge).State | Should -Be 'Waiting'
    }

    It 'is refused a gateway that this machine does not know' {
        Set-CreditPaymentMethod contoso.com card -Gateway elsewhere
        Set-AutoRecharge contoso.com -PaymentMethod card
        Invoke-AutoRecharge -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'GatewayNotFound'
        $problem[0].TargetObject | Should -Be 'contoso.com'
        Get-AutoRechargeAttempt | Should -BeNullOrEmpty
    }

    It 'lets go of a gateway at once when it is stopped, and asks it again' {
        $book = Register-TestGateway
        Set-Content ($book -replace '\.book$') '[Console]::In.ReadToEnd() | Add-Content "$PSCommandPath.book"; Start-Sleep 300'
        Set-CreditPaymentMethod contoso.com card -Gateway psp
        Set-AutoRecharge contoso.com -PaymentMethod card
        $shell = New-TestSession
        try {
            $null = $shell.AddCommand('Invoke-AutoRecharge')
            $running = $shell.BeginInvoke()
            $patience = [datetime]::UtcNow.AddSeconds(60)
            while (-not (Test-Path $book) -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 50 }
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
            $running.IsCompleted | Should -BeTrue
        }
        finally { $shell.Dispose() }
        $attempt = Get-AutoRechargeAttempt
        $attempt.State | Should -Be 'Unknown'
        $attempt.Reason | Should -BeLike '*stopped*'
        $book = Register-TestGateway
        (Invoke-AutoRecharge).State | Should -Be 'Succeeded'
    }
}
