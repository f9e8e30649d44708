BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Unregister-CreditGateway' {
    BeforeEach {
        Register-CreditGateway psp -Uri https://pay.example | Out-Null
        Register-CreditGateway other -Uri https://other.example | Out-Null
    }

    It 'removes one' {
        Unregister-CreditGateway PSP | Should -BeNullOrEmpty
        (Get-CreditGateway).Name | Should -Be 'Invoice', 'other'
    }

    It 'removes what is on a pipeline' {
        Get-CreditGateway psp, other | Unregister-CreditGateway
        (Get-CreditGateway).Name | Should -Be 'Invoice'
    }

    It 'is told of one that is not there, and goes on' {
        Unregister-CreditGateway nothing, psp -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'GatewayNotFound'
        $problem[0].TargetObject | Should -Be 'nothing'
        (Get-CreditGateway).Name | Should -Be 'Invoice', 'other'
    }

    It 'keeps the built-in one' {
        Unregister-CreditGateway Invoice -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'GatewayInvalid'
        $problem[0].TargetObject | Should -Be 'Invoice'
    }

    It 'keeps everything under -WhatIf' {
        Unregister-CreditGateway psp -WhatIf
        (Get-CreditGateway).Name | Should -Contain 'psp'
    }
}
