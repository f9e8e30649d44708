#Requires -Version 7.4
# Draws the pictures of the prompt in docs: what a real session prints on the files of samples/morning, in its colours, at 80 and at 120 columns.
param(
    # The staged module.
    [string] $Module = (Get-ChildItem "$PSScriptRoot/../out/CommunicationsCredits/*/CommunicationsCredits.psd1" | Select-Object -Last 1)
)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$repository = (Get-Item "$PSScriptRoot/..").FullName
$PSStyle.OutputRendering = 'Ansi'

# The colours of the sixteen that a terminal has, on a dark ground.
$palette = @{ 30 = '#44475a'; 31 = '#fc618d'; 32 = '#7bd88f'; 33 = '#fce566'; 34 = '#5ad4e6'; 35 = '#948ae3'; 36 = '#78dce8'; 37 = '#e6e6e6' }
$ink = '#e6e6e6'
$cell = 8.4
$line = 20

function ConvertTo-Tspan {
    param([string] $Text)
    $fill, $bold, $column = $ink, $false, 0
    foreach ($part in [regex]::Matches($Text, "`e\[([\d;]*)m|[^`e]+")) {
        if ($part.Groups[1].Success) {
            foreach ($code in $part.Groups[1].Value.Split(';')) {
                switch ([int]"0$code") {
                    0 { $fill, $bold = $ink, $false }
                    1 { $bold = $true }
                    { $_ -in 30..37 } { $fill = $palette[$_] }
                    { $_ -in 90..97 } { $fill = $palette[$_ - 60] }
                }
            }
            continue
        }
        if ($part.Value.Trim()) {
            $x = (16 + $column * $cell).ToString('0.0', [cultureinfo]::InvariantCulture)
            '<tspan x="{0}" fill="{1}"{2} xml:space="preserve">{3}</tspan>' -f $x, $fill, ($bold ? ' font-weight="bold"' : ''), [Security.SecurityElement]::Escape($part.Value)
        }
        $column += $part.Length
    }
}

# What the commands print, drawn.
function Get-Picture {
    param([int] $Width, [string] $Label, [scriptblock[]] $Commands)
    $lines = foreach ($command in $Commands) {
        "`e[36mPS /srv/credits>`e[0m $("$command".Trim())"
        (& $command | Out-String -Width $Width).Trim("`r", "`n") -split '\r?\n'
        ''
    }
    $size = [int](32 + $Width * $cell), (28 + $line * ($lines.Count - 1))
    '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">' -f $size[0], $size[1], $Label
    '<rect width="100%" height="100%" rx="8" fill="#1e1f29"/>'
    '<g font-family="Cascadia Mono, Consolas, Menlo, DejaVu Sans Mono, monospace" font-size="14">'
    for ($i = 0; $i -lt $lines.Count; $i++) {
        $spans = -join (ConvertTo-Tspan $lines[$i])
        if ($spans) { '<text y="{0}">{1}</text>' -f (34 + $line * $i), $spans }
    }
    '</g></svg>'
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "credits-pictures-$([guid]::NewGuid())")).FullName
Push-Location $folder
try {
    Copy-Item "$repository/samples/morning/*" . -Recurse
    Connect-CreditLedger ./credits.db -WarningAction Ignore
    Import-Csv ./tenants.csv | New-CreditTenant
    Import-CreditRate ./rates.csv -Name Outbound -EffectiveFrom 2026-01-01
    Import-CreditRate ./toll-free.csv -Name Toll-free -Service TollFreeInbound -EffectiveFrom 2026-01-01
    Import-CreditRate ./rates-eur.csv -Name 'Outbound EUR' -Currency EUR -EffectiveFrom 2026-01-01
    Add-CreditFunds contoso.example 200 -PurchasedAt 2026-10-01
    Add-CreditFunds fabrikam.example 100 -PurchasedAt 2026-10-01
    Add-CreditFunds tailspin.example 250 -PurchasedAt 2026-10-01
    $null = Import-Csv ./map.csv | Import-UsageRecord -ErrorAction SilentlyContinue -WarningAction Ignore
    $label = 'Balances, usage by country and the latest entries at a PowerShell prompt'
    Get-Picture 80 $label { Get-CreditBalance }, { Measure-CreditUsage -By Country -Top 2 }, { Get-CreditTransaction contoso -Kind Usage -Newest 3 -IncludeDraw } |
        Set-Content $repository/docs/prompt.svg
    Get-Picture 120 'The dearest calls, imports and statements at a PowerShell prompt of 120 columns' { Get-UsageRecord -Top 3 }, { Get-UsageImport },
        { Get-CreditStatement -Month 2026-10 | Format-Table } | Set-Content $repository/docs/prompt-120.svg
}
finally {
    $null = Disconnect-CreditLedger
    Pop-Location
    Remove-Item $folder -Recurse
}
