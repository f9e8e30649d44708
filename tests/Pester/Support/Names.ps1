# The commands and parameters that documents and samples name, wherever they do: in blocks, in `code` within a sentence, in plain words.

# What documents name that no PowerShell here has.
$script:NamedElsewhere = @{
    'Get-Secret' = 'Microsoft.PowerShell.SecretManagement'
    'Get-AzTenant' = 'Az.Accounts'
    'Get-MgUser' = 'Microsoft.Graph.Users'
    'Invoke-MgGraphRequest' = 'Microsoft.Graph.Authentication'
}

# The documents and samples of a checkout, but for the changelog: what it says was true of its version.
function Get-NamingFile {
    param([string] $Repository)
    Get-ChildItem "$Repository/*.md" | Where-Object Name -ne CHANGELOG.md
    Get-ChildItem "$Repository/docs" -Filter *.md -Recurse
    Get-ChildItem "$Repository/samples" -Include *.ps1, *.md -Recurse | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
}

# The pieces of a file that are PowerShell: each block, and each span of code that begins with a command or a parameter.
function Get-NamingCode {
    param([IO.FileInfo] $File, [string] $Text)
    if ($File.Extension -eq '.ps1') { return $Text }
    $block = '(?ms)^[ \t>]*```(?<kind>\w*)[^\n]*\n(?<code>.*?)^[ \t>]*```'
    foreach ($match in [regex]::Matches($Text, $block)) { if ($match.Groups['kind'].Value -eq 'powershell') { $match.Groups['code'].Value } }
    foreach ($match in [regex]::Matches(($Text -replace $block), '`([^`]+)`')) {
        if ($match.Groups[1].Value -cmatch '^(-[A-Z]|([\w./\\]+ \| )?[A-Z][a-z]+-[A-Z])') { $match.Groups[1].Value }
    }
}

# The parameters of a command, with their aliases; null where there is no such command.
$script:parameters = @{}
function Get-ParameterName {
    param([string] $Command)
    if (-not $parameters.ContainsKey($Command)) {
        $found = Get-Command $Command -ErrorAction Ignore
        $parameters[$Command] = $found ? @($found.Parameters.Values | ForEach-Object { $_.Name; $_.Aliases }) : $null
    }
    return , $parameters[$Command]
}

# What is wrong with what a file names: one line a command or parameter that does not exist.
function Find-UnknownName {
    param([IO.FileInfo] $File, [string[]] $Exported)
    $text = [IO.File]::ReadAllText($File.FullName)
    [regex]::Matches($text, '\b[A-Z][a-z]+-(Credit|Usage|AutoRecharge)[A-Za-z]*\b').Value | Sort-Object -Unique | Where-Object { $_ -notin $Exported } |
        ForEach-Object { "$($File.Name): there is no $_" }
    $own = $Exported | ForEach-Object { Get-ParameterName $_ } | ForEach-Object { $_ }
    $verbs = (Get-Verb).Verb
    foreach ($code in Get-NamingCode $File $text) {
        if ($code -match '^-(\w+)') {
            if ($Matches[1] -notin $own) { "$($File.Name): no command of the module has -$($Matches[1])" }
            continue
        }
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($code, [ref]$null, [ref]$null)
        $defined = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true).Name
        foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            $name = $command.GetCommandName()
            if ($name -notmatch '^(\w+)-\w+$' -or $Matches[1] -notin $verbs -or $name -in $defined -or $NamedElsewhere.ContainsKey($name)) { continue }
            $known = Get-ParameterName $name
            if ($null -eq $known) { "$($File.Name): there is no $name"; continue }
            foreach ($parameter in $command.CommandElements.Where({ $_ -is [System.Management.Automation.Language.CommandParameterAst] }).ParameterName) {
                if ($parameter -notin $known) { "$($File.Name): $name has no -$parameter" }
            }
        }
    }
}
