BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $manifest = Join-Path (Get-Module CommunicationsCredits).ModuleBase 'CommunicationsCredits.psd1'
    $shell = Get-PowerShellProgram
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'The module' {
    It 'has a manifest that holds' {
        $data = Test-ModuleManifest $manifest
        $data.CompatiblePSEditions | Should -Be 'Core'
        $data.PowerShellVersion | Should -Be '7.4'
        $data.Tags | Should -Contain 'Teams'
        $data.LicenseUri | Should -Not -BeNullOrEmpty
        $data.ProjectUri | Should -Not -BeNullOrEmpty
        $data.ReleaseNotes | Should -Not -BeNullOrEmpty
        $data.ExportedAliases.Count | Should -Be 0
        # The types file needs them; they are the module's own.
        $data.RequiredAssemblies | Should -Be 'CommunicationsCredits.Contracts.dll', 'CommunicationsCredits.dll'
    }

    It 'leads to a page of help for each cmdlet' {
        foreach ($command in Get-Command -Module CommunicationsCredits) {
            $command.HelpUri | Should -BeLike "https://*/docs/en-US/$($command.Name).md"
            Test-Path "$PSScriptRoot/../../docs/en-US/$($command.Name).md" | Should -BeTrue
        }
    }

    It 'exports every cmdlet it has' {
        $built = [CommunicationsCredits.Commands.GetCreditLedgerCommand].Assembly.GetExportedTypes().ForEach({
                foreach ($cmdlet in $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)) { "$($cmdlet.VerbName)-$($cmdlet.NounName)" }
            })
        (Get-Command -Module CommunicationsCredits).Name | Sort-Object | Should -Be ($built | Sort-Object)
    }

    It 'says of every cmdlet what it writes, and has a suite for it' {
        foreach ($command in Get-Command -Module CommunicationsCredits) {
            $command.OutputType | Should -Not -BeNullOrEmpty -Because $command.Name
            Join-Path $PSScriptRoot "$($command.Name).Tests.ps1" | Should -Exist
        }
    }

    It 'has a table for every record' {
        $records = [CommunicationsCredits.CreditTenant].Assembly.GetExportedTypes().Where({
                -not $_.IsEnum -and -not $_.IsSubclassOf([Exception]) -and $_.Name -in (
                    (Get-Command -Module CommunicationsCredits).OutputType.Type.Name + 'UsageRejection') })
        foreach ($record in $records) { Get-FormatData $record.FullName | Should -Not -BeNullOrEmpty -Because $record.Name }
    }

    It 'keeps its engine out of every other module''s way' {
        $script = {
            param($module)
            Import-Module $module
            $loaded = { [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -match 'CommunicationsCredits|SQLite' }) }
            "before: $((& $loaded).ForEach({ $_.GetName().Name }) -join ' ')"
            $env:COMMUNICATIONSCREDITS_LEDGER = [IO.Path]::GetTempFileName()
            $null = Get-CreditLedger
            (& $loaded).ForEach({ "$($_.GetName().Name): $([Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)" }) | Sort-Object
            [CommunicationsCredits.CreditBalance].Name
            Remove-Item $env:COMMUNICATIONSCREDITS_LEDGER*
        }
        $lines = & $shell -NoProfile -Command $script -args $manifest
        $lines[0] | Should -Be 'before: CommunicationsCredits CommunicationsCredits.Contracts'
        $lines | Should -Contain 'CommunicationsCredits: Default'
        $lines | Should -Contain 'CommunicationsCredits.Contracts: Default'
        $lines | Should -Contain 'CommunicationsCredits.Ledger: CommunicationsCredits'
        $lines.Where({ $_ -match '^SQLite' }) | Should -Not -BeNullOrEmpty
        $lines.Where({ $_ -match '^SQLite' -and $_ -notmatch ': CommunicationsCredits$' }) | Should -BeNullOrEmpty
        $lines[-1] | Should -Be 'CreditBalance'
    }

    It 'can be removed and imported again' {
        $script = {
            param($module, $ledger)
            $ErrorActionPreference = 'Stop'
            foreach ($round in 1..2) {
                Import-Module $module
                Connect-CreditLedger $ledger
                New-CreditTenant "tenant$round"
                (Get-CreditTenant).TenantId -join ' '
                Remove-Module CommunicationsCredits
            }
            Import-Module $module
            Import-Module $module -Force
            (Get-CreditTenant).Count
        }
        & $shell -NoProfile -Command $script -args $manifest, (Get-TestPath 'again.db') | Should -Be 'tenant1', 'tenant1 tenant2', '2'
    }

    It 'goes on in one runspace when another has ended' {
        $script = {
            param($module, $ledger)
            $ErrorActionPreference = 'Stop'
            Import-Module $module
            Start-ThreadJob { Import-Module $using:module; Get-Command Get-CreditTenant | Out-Null; Remove-Module CommunicationsCredits } |
                Receive-Job -Wait -AutoRemoveJob
            Connect-CreditLedger $ledger -PassThru | ForEach-Object Kind
        }
        & $shell -NoProfile -Command $script -args $manifest, (Get-TestPath 'ended.db') | Should -Be 'Sqlite'
    }
}
