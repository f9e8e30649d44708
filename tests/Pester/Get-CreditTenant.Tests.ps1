BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant contoso.com, fabrikam.com, 'Tail [spin]', 12345
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditTenant' {
    It 'gets all tenants in order of their ids' {
        (Get-CreditTenant).TenantId | Should -Be '12345', 'contoso.com', 'fabrikam.com', 'Tail [spin]'
    }

    It 'finds <Given>' -ForEach @(
        @{ Given = 'CONTOSO.COM'; Found = 'contoso.com' }
        @{ Given = 'con*'; Found = 'contoso.com' }
        @{ Given = '*.COM'; Found = @('contoso.com', 'fabrikam.com') }
        @{ Given = '[cf]*'; Found = @('contoso.com', 'fabrikam.com') }
        @{ Given = 'Tail [spin]'; Found = 'Tail [spin]' }
        @{ Given = 'Tail `[spin`]'; Found = 'Tail [spin]' }
        @{ Given = 12345; Found = '12345' }
        @{ Given = 'no*'; Found = $null }
    ) {
        (Get-CreditTenant $Given).TenantId | Should -Be $Found
    }

    It 'is told of a tenant that is not there, and goes on' {
        $found = Get-CreditTenant nobody, contoso.com -ErrorAction SilentlyContinue -ErrorVariable problem
        $found.TenantId | Should -Be 'contoso.com'
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'writes plain records' {
        $tenant = Get-CreditTenant contoso.com
        $tenant | Should -BeOfType ([CommunicationsCredits.CreditTenant])
        $tenant.CreatedAt | Should -BeOfType ([datetimeoffset])
        $tenant.CreatedAt.Offset | Should -Be ([timespan]::Zero)
    }
}
