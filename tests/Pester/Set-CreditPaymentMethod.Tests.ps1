BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Set-CreditPaymentMethod' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name Contoso
        New-CreditTenant fabrikam.com -Name Fabrikam
    }

    It 'stores a method, and shows the end of its token' {
        $method = Set-CreditPaymentMethod contoso.com card -Gateway psp -Token tok_1234567890 -ExpiryMonth 2028-04 -PurchaseOrder PO-1 -PassThru
        $method.TenantId | Should -Be 'contoso.com'
        $method.Name | Should -Be 'card'
        $method.Gateway | Should -Be 'psp'
        $method.Token | Should -Be '****7890'
        $method.ExpiryMonth | Should -Be '2028-04'
        $method.PurchaseOrder | Should -Be 'PO-1'
    }

    It 'invoices by default' { (Set-CreditPaymentMethod contoso.com po -PassThru).Gateway | Should -Be 'Invoice' }

    It 'takes what Get-CreditPaymentMethod writes, and never stores a masked token' {
        $book = Register-TestGateway
        Set-CreditPaymentMethod contoso.com card -Gateway psp -Token tok_1234567890 -ExpiryMonth 2028-04
        Set-CreditPaymentMethod fabrikam.com po -PurchaseOrder PO-1
        $methods = Get-CreditPaymentMethod | Set-CreditPaymentMethod -ExpiryMonth 2030-01 -PassThru
        $methods.Name | Should -Be 'card', 'po'
        $methods.ExpiryMonth | Should -Be '2030-01', '2030-01'
        $methods.Gateway | Should -Be 'psp', 'Invoice'
        $methods[0].Token | Should -Be '****7890'
        $methods[1].PurchaseOrder | Should -Be 'PO-1'
        Set-AutoRecharge contoso.com -MinimumBalance 10 -RechargeAmount 50 -MaximumPerMonth 100 -PaymentMethod card
        $attempt = Invoke-AutoRecharge
        $attempt.State | Should -Be 'Succeeded' -Because $attempt.Reason
        (Get-Content $book | ConvertFrom-Json).paymentMethod.token | Should -BeExactly 'tok_1234567890'
    }

    It 'is all there is of the token anywhere' {
        Set-CreditPaymentMethod contoso.com card -Gateway psp -Token tok_secret7890 -Verbose 4>&1 | Out-String | Should -Not -Match 'secret'
        Get-CreditTransaction | Format-List * | Out-String | Should -Not -Match 'secret'
        Get-CreditPaymentMethod | Format-List * | Out-String | Should -Not -Match 'secret'
        $path = (Get-CreditLedger).Location
        Disconnect-CreditLedger | Out-Null
        [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($path)) | Should -Not -Match 'secret'
    }

    It 'does not take a tenant''s name for a method''s' {
        Get-CreditTenant | Set-CreditPaymentMethod -Gateway psp -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be 'RuleInvalid', 'RuleInvalid'
        $problem.TargetObject | Should -Be 'contoso.com', 'fabrikam.com'
        "TenantId,Name,Currency`ncontoso.com,Contoso,USD" | ConvertFrom-Csv |
            Set-CreditPaymentMethod -PurchaseOrder PO-1 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'RuleInvalid'
        Get-CreditPaymentMethod | Should -BeNullOrEmpty
    }

    It 'takes the tenant of anything where the name is typed' {
        Get-CreditTenant | Set-CreditPaymentMethod -Name po -PurchaseOrder PO-1
        'contoso.com' | Set-CreditPaymentMethod -Name card
        [guid]::Empty | Set-CreditPaymentMethod -Name card -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        (Get-CreditPaymentMethod).Name | Should -Be 'card', 'po', 'po'
    }

    It 'reads a CSV of methods; an empty cell is as if it were not there' {
        "TenantId,Name,Gateway,ExpiryMonth`ncontoso.com,card,psp,2030-01`nfabrikam.com,po,," | ConvertFrom-Csv | Set-CreditPaymentMethod
        (Get-CreditPaymentMethod).Gateway | Should -Be 'psp', 'Invoice'
        (Get-CreditPaymentMethod).ExpiryMonth | Should -Be '2030-01', $null
    }

    It 'is not taken from an object without a tenant' {
        [pscustomobject]@{ Name = 'card'; Gateway = 'psp' } | Set-CreditPaymentMethod -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InputObject*'
        Get-CreditPaymentMethod | Should -BeNullOrEmpty
    }

    It 'refuses a card number as <Parameter>, and does not repeat it' -ForEach @(
        @{ Parameter = 'Name' }, @{ Parameter = 'Token' }, @{ Parameter = 'PurchaseOrder' }, @{ Parameter = 'Gateway' }
    ) {
        $arguments = @{ Name = 'card' }
        $arguments[$Parameter] = '4111-1111-1111-1111'
        $said = Set-CreditPaymentMethod contoso.com @arguments -Verbose -ErrorAction SilentlyContinue -ErrorVariable problem 4>&1
        Get-ErrorId $problem[0] | Should -Be 'CardNumberRefused'
        $problem[0].TargetObject | Should -Be 'contoso.com'
        "$($problem[0])$said" | Should -Not -Match '1111'
        Get-CreditPaymentMethod | Should -BeNullOrEmpty
    }

    It 'refuses the month <Month>' -ForEach @(@{ Month = '2028-13' }, @{ Month = '04/28' }, @{ Month = '' }) {
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth $Month -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
        $problem[0].TargetObject | Should -Be 'contoso.com'
    }

    It 'clears what declines hold against a rule' {
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth 2020-01
        Set-AutoRecharge contoso.com -MinimumBalance 10 -RechargeAmount 50 -MaximumPerMonth 100 -PaymentMethod card
        (Invoke-AutoRecharge).State | Should -Be 'Declined'
        Set-CreditPaymentMethod contoso.com card -ExpiryMonth 2999-01
        (Get-AutoRecharge).State | Should -Be 'On'
    }

    It 'keeps nothing under -WhatIf' {
        (Set-CreditPaymentMethod contoso.com card -WhatIf -PassThru).Name | Should -Be 'card'
        Get-CreditPaymentMethod | Should -BeNullOrEmpty
    }
}
