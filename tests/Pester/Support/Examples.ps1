# The examples of README.md, docs/operations.md, docs/charging-back.md, docs/toll-fraud.md and docs/en-US: how they are found on a page, run, and compared. A page's examples are run in
# order, in a session that is as the page asks in a comment (<!-- session: usage -->, see Invoke-Examples.ps1). What is typed is a block of
# powershell; what it prints, the block of text that follows. In one marked `text varies`, figures are of the day. A block that begins with
# the name of a script (# nightly.ps1) is that script, in the folder where the ledger is.

. "$PSScriptRoot/PowerShell.ps1"

# The month the pages are written in: dates in their examples move with the calendar, by whole months.
$script:WrittenIn = [datetime]'2026-11-01'

# Where the pages say the ledger is, and who keeps it.
$script:Place = '/srv/credits'
$script:Actor = 'ada@admin01'

# The pages of a checkout, with their examples and where these stand in the text.
function Get-DocPage {
    param([string] $Repository, [string] $Name = '*')
    foreach ($file in Get-ChildItem "$Repository/docs/en-US/*.md", "$Repository/docs/operations.md", "$Repository/docs/charging-back.md", "$Repository/docs/toll-fraud.md", "$Repository/README.md" | Where-Object BaseName -like $Name | Sort-Object Name) {
        $text = [IO.File]::ReadAllText($file.FullName)
        $page = [pscustomobject]@{
            Name = $file.BaseName; Path = $file.FullName; Text = $text; Session = 'usage'; Sections = [ordered]@{}; Parameters = @()
            Examples = [System.Collections.Generic.List[object]]::new(); Syntax = $null
        }
        $section = $part = $example = $setup = $null
        foreach ($block in (ConvertFrom-Markdown -InputObject $text).Tokens) {
            $source = $text.Substring($block.Span.Start, $block.Span.Length)
            switch ($block.GetType().Name) {
                'HeadingBlock' {
                    $heading = $source.TrimStart('#', ' ')
                    if ($block.Level -le 2) {
                        $section = $heading
                        $page.Sections[$section] = ''
                        $part = $null
                    }
                    elseif ($block.Level -eq 3) { $part = $heading }
                    if ($part -and $section -eq 'Parameters') { $page.Parameters += $part.TrimStart('-') }
                    $example = $null
                }
                'HtmlBlock' {
                    if ($source -match '^<!-- session: (\S+) -->') { $page.Session = $Matches[1] }
                    if ($source -match '(?s)^<!-- setup:(.+)-->') { $setup = $Matches[1].Trim() }
                }
                'FencedCodeBlock' {
                    $end = $block.Span.End + 1
                    if ($section -eq 'Syntax') { $page.Syntax = [pscustomobject]@{ Start = $block.Span.Start; End = $end; Text = $block.Lines.ToString() } }
                    elseif ($block.Info -eq 'powershell') {
                        $example = [pscustomobject]@{
                            Page = $page.Name; Title = $part ?? $section; Setup = $setup; Code = $block.Lines.ToString(); Output = ''; Varies = $false
                            File = $block.Lines.ToString() -match '\A(#Requires.*\n)*# ([\w-]+\.ps1)\b' ? $Matches[2] : $null
                            Start = $end; End = $end
                        }
                        $setup = $null
                        $page.Examples.Add($example)
                    }
                    elseif ($block.Info -eq 'text' -and $example -and $example.Start -eq $example.End) {
                        $example.Output = $block.Lines.ToString()
                        $example.Varies = $block.Arguments -eq 'varies'
                        $example.Start, $example.End = $block.Span.Start, $end
                    }
                }
                'ParagraphBlock' { $page.Sections[$section] += "$source`n" }
                'ListBlock' { $page.Sections[$section] += "$source`n" }
            }
        }
        $page
    }
}

# Runs the examples of pages in a PowerShell of their own; gives what each printed.
function Invoke-DocExample {
    param([string] $Repository, [string] $Module, [string] $Folder, [string] $Name = '*')
    $result = Join-Path ([IO.Path]::GetTempPath()) "$([guid]::NewGuid()).json"
    try {
        $null = & (Get-PowerShellProgram) -NoProfile -NonInteractive -File "$PSScriptRoot/Invoke-Examples.ps1" -Repository $Repository `
            -Module $Module -Folder $Folder -Name "$Name" -Result $result
        if ($LASTEXITCODE) { throw "The examples could not be run: exit code $LASTEXITCODE." }
        Get-Content -Raw $result | ConvertFrom-Json
    }
    finally { Remove-Item $result -ErrorAction Ignore }
}

# What must be the same wherever and whenever an example is run.
function Get-Comparable {
    param([AllowEmptyString()] [string] $Text, [switch] $Varies)
    $same = $Text -replace '\r' -replace '\b[0-9a-f]{16}…', '<digest>' -replace '\b[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{0,12})?…?', '<id>' `
        -replace '\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?', '<date>' -replace '\b\d{4}-\d\d\b', '<month>' `
        -replace '\b\d\d?/\d\d?/\d{4}\b', '<date>' `
        -replace '\b\d\d:\d\d:\d\d(\.\d+)?\b', '<time>'
    if ($Varies) { $same = $same -replace '\d[\d,.]*', '#' }
    ($same -split '\n').ForEach({ ($_ -replace '-{2,}', '--' -replace '\s+', ' ').Trim() }).Where({ $_ }) -join "`n"
}

# A command's syntax as its help has it, wrapped between words.
function Get-SyntaxText {
    param([string] $Command)
    $lines = foreach ($item in (Get-Help $Command).Syntax.syntaxItem) {
        $words = foreach ($parameter in $item.parameter) {
            $name = "-$($parameter.name)"
            if ($parameter.position -ne 'named') { $name = "[$name]" }
            $value = if ($parameter.parameterValueGroup) { "{$($parameter.parameterValueGroup.parameterValue -join '|')}" }
            elseif ($parameter.parameterValue) { "<$($parameter.parameterValue)>" }
            $word = "$name $value".TrimEnd()
            $parameter.required -eq 'true' ? $word : "[$word]"
        }
        $line = $item.name
        foreach ($word in @($words) + '[<CommonParameters>]') {
            if ($line.Length + 1 + $word.Length -gt 100) {
                $line
                $line = '   '
            }
            $line += " $word"
        }
        $line
        ''
    }
    ($lines -join "`n").Trim()
}
