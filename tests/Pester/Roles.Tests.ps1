BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $script:Path = Get-TestPath 'roles.db'
    Connect-CreditLedger $Path -WarningAction SilentlyContinue
    New-CreditTenant a -Name Contoso
    Add-CreditFunds a 10
    $null = Disconnect-CreditLedger
    $script:Before = @{ Modules = $env:PSModulePath; Ledger = $env:COMMUNICATIONSCREDITS_LEDGER }
    $env:PSModulePath = (Get-Item (Get-Module CommunicationsCredits).ModuleBase).Parent.Parent.FullName + [IO.Path]::PathSeparator + $env:PSModulePath
    $env:COMMUNICATIONSCREDITS_LEDGER = $Path

    # A session as an endpoint of Just Enough Administration makes it, in this process.
    function Invoke-InRole {
        param([string] $Role, [string] $Command, [hashtable] $Parameters = @{})
        $file = Get-TestPath "$Role.pssc"
        New-PSSessionConfigurationFile $file -SessionType RestrictedRemoteServer -RoleDefinitions @{
            'test\group' = @{ RoleCapabilityFiles = Join-Path (Get-Module CommunicationsCredits).ModuleBase "RoleCapabilities/$Role.psrc" }
        }
        $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateFromSessionConfigurationFile($file, { $true })
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        $shell = [powershell]::Create()
        try {
            $shell.Runspace = $runspace
            $null = $shell.AddCommand($Command).AddParameters($Parameters)
            $shell.Invoke()
            if ($shell.HadErrors) { throw $shell.Streams.Error[0] }
        }
        finally {
            $shell.Dispose()
            $runspace.Dispose()
        }
    }
}
AfterAll { $env:PSModulePath, $env:COMMUNICATIONSCREDITS_LEDGER = $Before.Modules, $Before.Ledger }

Describe 'The role <_>' -ForEach 'BillingReader', 'BillingOperator', 'BillingAdministrator' {
    It 'reads' {
        $balance = Invoke-InRole $_ Get-CreditBalance @{ TenantId = 'Contoso' }
        $balance.TenantId | Should -Be 'a'
        $balance.Balance | Should -BeGreaterOrEqual 10
    }

    It 'does not run anything else' {
        { Invoke-InRole $_ Get-Process } | Should -Throw '*not recognized*'
        { Invoke-InRole $_ Remove-Item @{ Path = $Path } } | Should -Throw '*not recognized*'
    }
}

Describe 'The roles' {
    It 'let a reader change nothing' {
        { Invoke-InRole BillingReader Add-CreditFunds @{ TenantId = 'a'; Amount = 5 } } | Should -Throw '*not recognized*'
        { Invoke-InRole BillingReader Connect-CreditLedger @{ Path = (Get-TestPath other.db) } } | Should -Throw '*not recognized*'
    }

    It 'let an operator do the daily work, and no more' {
        (Invoke-InRole BillingOperator Add-CreditFunds @{ TenantId = 'a'; Amount = 5; PassThru = $true }).Amount | Should -Be 5
        { Invoke-InRole BillingOperator Set-AutoRecharge @{ TenantId = 'a' } } | Should -Throw '*not recognized*'
    }

    It 'let an administrator do everything that the module does' {
        $visible = (Invoke-InRole BillingAdministrator Get-Command @{ Module = 'CommunicationsCredits' }).Name
        $visible | Sort-Object | Should -Be ((Get-Command -Module CommunicationsCredits).Name | Sort-Object)
    }
}
