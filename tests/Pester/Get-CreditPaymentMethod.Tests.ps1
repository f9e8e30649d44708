BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditPaymentMethod' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
        Set-CreditPaymentMethod contoso.com card -Gateway psp -Token tok_1234567890 -ExpiryMonth 2028-04
        Set-CreditPaymentMethod contoso.com, fabrikam.com po -PurchaseOrder PO-1
    }

    It 'gets them all' { (Get-CreditPaymentMethod).Name | Should -Be 'card', 'po', 'po' }

    It 'gets those of a tenant or a name' {
        (Get-CreditPaymentMethod fabrikam.com).Name | Should -Be 'po'
        (Get-CreditPaymentMethod contoso.com CARD).Token | Should -Be '****7890'
        (Get-CreditPaymentMethod -Name p*).TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        (Get-CreditTenant | Get-CreditPaymentMethod).Count | Should -Be 3
    }

    It 'is told of a tenant that is not there' {
        Get-CreditPaymentMethod nobody -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
    }

    It 'shows itself, masked' {
        $table = Get-CreditPaymentMethod | Out-String -Width 160
        $table | Should -Match 'contoso\.com +card +psp +2028-04 +\*\*\*\*7890'
        $table | Should -Not -Match 'tok_'
    }
}
