BeforeDiscovery {
    . "$PSScriptRoot/Support/Examples.ps1"
    $repository = Join-Path $PSScriptRoot '../..'
    $commands = (Import-PowerShellDataFile "$repository/CommunicationsCredits.psd1").CmdletsToExport | Sort-Object
    $pages = Get-DocPage $repository
    . "$PSScriptRoot/Support/Names.ps1"
    $naming = Get-NamingFile $repository
}
BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    . "$PSScriptRoot/Support/Examples.ps1"
    $repository = Join-Path $PSScriptRoot '../..'
    $module = Get-Module CommunicationsCredits
    $pages = @{}
    Get-DocPage $repository | ForEach-Object { $pages[$_.Name] = $_ }

    # What an error of the module's begins with, or its parameters' names in a list.
    $errors = [Enum]::GetNames([CommunicationsCredits.CreditErrorId])
    $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
    $paging = 'First', 'Skip', 'IncludeTotalCount'
}

Describe 'Help of <_>' -ForEach $commands {
    BeforeAll {
        $name = $_
        $help = Get-Help $name -Full
        $page = $pages[$name]
        $parameters = (Get-Command $name).Parameters.Values.Where({
                $_.Name -notin $common -and $_.Name -notin $paging -and -not $_.Attributes.Where({ $_ -is [Parameter] -and $_.DontShow })
            }).Name
    }

    It 'says what it does' {
        $help.Synopsis.Trim() | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match '\[<CommonParameters>\]' -Because 'then there is no help file'
        ($help.description.Text -join '').Trim() | Should -Not -BeNullOrEmpty
    }

    It 'describes every parameter, and no other' {
        $page.Parameters | Sort-Object | Should -Be ($parameters | Sort-Object)
        foreach ($parameter in $parameters) {
            $described = $help.parameters.parameter.Where({ $_.name -eq $parameter })
            ($described.description.Text -join '').Trim() | Should -Not -BeNullOrEmpty -Because $parameter
        }
    }

    It 'has examples' {
        $help.examples.example.Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) { $example.code | Should -Not -BeNullOrEmpty }
    }

    It 'says what it takes and gives, and what to look at too' {
        'Inputs', 'Outputs', 'Related' | ForEach-Object { $page.Sections.Contains($_) | Should -BeTrue -Because $_ }
        foreach ($output in (Get-Command $name).OutputType.Name.Where({ $_ -ne 'System.Void' })) {
            $page.Text | Should -Match "(?m)^### $([regex]::Escape($output))$"
        }
    }

    It 'names errors by their ids' {
        foreach ($line in "$($page.Sections['Errors'])" -split '\n' -match '^- ') {
            $line -replace '^- `(\w+)`.*', '$1' | Should -BeIn $errors
        }
    }

    It 'says since which version it is there' { $page.Text | Should -Match '(?m)^Since \d+\.\d+\.\d+\.$' }

    It 'shows its syntax' { $page.Syntax.Text | Should -Be (Get-SyntaxText $name) -Because 'build/Update-Examples.ps1 writes it' }

    It 'is on the list in the README' { $pages['README'].Text | Should -Match "docs/en-US/$name\.md\)" }
}

Describe 'Topics' {
    It 'has <_>' -ForEach @(
        'about_CommunicationsCredits', 'about_CommunicationsCredits_Rules', 'about_CommunicationsCredits_Rates', 'about_CommunicationsCredits_AutoRecharge'
        'about_CommunicationsCredits_Formats', 'about_CommunicationsCredits_Stores'
    ) {
        Get-Help $_ | Out-String | Should -Match 'SHORT DESCRIPTION'
    }

    It 'leads somewhere with every link' {
        foreach ($file in @(Get-ChildItem "$repository/*.md", "$repository/samples/*.md") + @(Get-ChildItem "$repository/docs" -Filter *.md -Recurse)) {
            foreach ($link in [regex]::Matches([IO.File]::ReadAllText($file.FullName), '\]\((?!https?:)([\w./-]+)(?:#[^)]*)?\)')) {
                Join-Path $file.DirectoryName $link.Groups[1].Value | Should -Exist -Because $file.Name
            }
        }
    }
}

Describe 'Names' {
    BeforeAll { . "$PSScriptRoot/Support/Names.ps1" }

    It 'in <_.Name> are of commands and parameters that exist' -ForEach $naming {
        Find-UnknownName $_ $module.ExportedCmdlets.Keys | Should -BeNullOrEmpty
    }

    It 'that do not exist are found in blocks, in code and in plain words' {
        $file = Get-Item (New-Item (Get-TestPath names.md) -Value (@'
Backup-CreditBalance is not there, and `Get-CreditTenant -Colour` neither; `-Shade` too.

```powershell
Import-Csv ./a.csv | Get-CreditTenant -TenantId a | New-Thing
Get-CreditBalance -TenantId a -AsWas 2026-01-01
```
'@))
        Find-UnknownName $file $module.ExportedCmdlets.Keys | Should -Be @(
            'names.md: there is no Backup-CreditBalance'
            'names.md: there is no New-Thing'
            'names.md: Get-CreditBalance has no -AsWas'
            'names.md: Get-CreditTenant has no -Colour'
            'names.md: no command of the module has -Shade'
        )
    }
}

Describe 'Examples' {
    BeforeAll {
        $printed = Invoke-DocExample -Repository $repository -Module $module.Path.Replace('.dll', '.psd1') -Folder (Get-TestPath credits) |
            Group-Object Page -AsHashTable
    }

    It 'of <_.Name> are all found' -ForEach $pages.Where({ $_.Examples.Count }) {
        $_.Examples.Count | Should -Be ([regex]::Matches($_.Text, '(?m)^\s*```powershell').Count) -Because 'each block is typed, none in a list or a quotation'
    }

    It 'of docs/operations.md have the nightly run as samples/nightly has it' {
        $script = $pages['operations'].Examples.Where({ $_.File -eq 'nightly.ps1' }).Code
        $script.Trim() | Should -BeExactly ((Get-Content -Raw "$repository/samples/nightly/nightly.ps1") -replace '\r').Trim()
    }

    It 'of <_.Name> print what the page says' -ForEach $pages.Where({ $_.Examples.Count }) {
        $results = @($printed[$_.Name])
        $results.Count | Should -Be $_.Examples.Count
        for ($i = 0; $i -lt $results.Count; $i++) {
            $example = $_.Examples[$i]
            Get-Comparable $results[$i].Output -Varies:$example.Varies |
                Should -BeExactly (Get-Comparable $example.Output -Varies:$example.Varies) -Because "of '$($example.Title)'; build/Update-Examples.ps1 writes what is printed now"
        }
    }
}
