BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }

Describe 'The package' -Skip:(-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
    It 'is published to a folder, installed from there, and does the main job' {
        $base = (Get-Module CommunicationsCredits).ModuleBase
        $folder, $packages = (Get-TestPath repository), (Get-TestPath packages)
        $null = New-Item -ItemType Directory $folder, $packages
        Compress-PSResource -Path $base -DestinationPath $packages
        $package = Get-ChildItem $packages/*.nupkg
        $package.Name | Should -Be "CommunicationsCredits.$((Get-Module CommunicationsCredits).Version).nupkg"

        # Repositories and installed modules are the user's: here, of a user of this test.
        $script = {
            param($folder, $package, $ledger)
            $ErrorActionPreference = 'Stop'
            $ProgressPreference = 'SilentlyContinue'
            Register-PSResourceRepository -Name Local -Uri $folder -Trusted
            Publish-PSResource -NupkgPath $package -Repository Local
            Install-PSResource CommunicationsCredits -Repository Local
            Import-Module CommunicationsCredits
            Connect-CreditLedger $ledger -WarningAction SilentlyContinue
            New-CreditTenant contoso.example -Name Contoso
            Add-CreditFunds Contoso 100
            [pscustomobject]@{
                id = '00000000-0000-4000-a000-000000000001'; startDateTime = '2026-01-05T10:00:00Z'; endDateTime = '2026-01-05T10:01:00Z'; duration = 60
                callType = 'user_out'; calleeNumber = '+441134960000'; charge = 1.25; currency = 'USD'; licenseCapability = 'MCOPSTNPP'
            } | Import-UsageRecord -TenantId Contoso | Out-Null
            "$((Get-Module CommunicationsCredits).ModuleBase)|$((Get-CreditBalance Contoso).Balance)"
        }
        $before = @{ Home = $env:HOME; Data = $env:XDG_DATA_HOME; Local = $env:LOCALAPPDATA; Modules = $env:PSModulePath }
        try {
            $env:HOME = $env:LOCALAPPDATA = Get-TestPath user
            $env:XDG_DATA_HOME = $env:PSModulePath = ''
            $null = New-Item -ItemType Directory $env:HOME
            $answer = & (Get-PowerShellProgram) -NoProfile -NonInteractive -Command $script -args $folder, $package.FullName, (Get-TestPath installed.db)
        }
        finally { $env:HOME, $env:XDG_DATA_HOME, $env:LOCALAPPDATA, $env:PSModulePath = $before.Home, $before.Data, $before.Local, $before.Modules }
        $installed, $balance = "$answer".Split('|')
        $installed | Should -Not -Be $base
        $installed | Should -BeLike "*$((Get-Module CommunicationsCredits).Version)"
        $balance | Should -Be '98.75'
        Get-ChildItem $folder/*.nupkg | Should -HaveCount 1
    }
}
