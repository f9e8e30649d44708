#Requires -Version 7.4
# Runs the examples of README.md and docs/en-US, and writes what they print, and the syntax of each cmdlet, into the pages.
# Read the difference before it is committed: what is wrong is the page, or the module.
param(
    # The pages, by their names; wildcards are understood.
    [string] $Name = '*',

    # Where to run them: the paths that they print begin with it.
    [string] $Folder = '/srv/credits',

    # The staged module.
    [string] $Module = (Get-ChildItem "$PSScriptRoot/../out/CommunicationsCredits/*/CommunicationsCredits.psd1" | Select-Object -Last 1)
)
. "$PSScriptRoot/../tests/Pester/Support/Examples.ps1"
Import-Module $Module
$repository = "$PSScriptRoot/.."
$results = Invoke-DocExample -Repository $repository -Module $Module -Folder $Folder -Name $Name
foreach ($page in Get-DocPage $repository $Name) {
    $printed = @($results.Where({ $_.Page -eq $page.Name }))
    $text = $page.Text

    # From the end on, so that what stands before stays where it is.
    for ($i = $page.Examples.Count - 1; $i -ge 0; $i--) {
        $example = $page.Examples[$i]
        $output = $printed[$i].Output
        if ((Get-Comparable $output -Varies:$example.Varies) -ceq (Get-Comparable $example.Output -Varies:$example.Varies)) { continue }
        $block = $output ? '```text' + ($example.Varies ? ' varies' : '') + "`n$output`n" + '```' : ''
        if ($example.Start -eq $example.End -and $block) { $block = "`n`n$block" }
        $text = $text.Remove($example.Start, $example.End - $example.Start).Insert($example.Start, $block)
    }
    if ($page.Syntax) {
        $text = $text.Remove($page.Syntax.Start, $page.Syntax.End - $page.Syntax.Start).Insert(
            $page.Syntax.Start, '```text' + "`n$(Get-SyntaxText $page.Name)`n" + '```')
    }
    $text = $text -replace '\n{3,}', "`n`n"
    if ($text -cne $page.Text) {
        [IO.File]::WriteAllText($page.Path, $text)
        "updated $($page.Name)"
    }
}
