#Requires -Version 7.4
# Get-GraphUsage.ps1: fetches PSTN calls from Microsoft Graph into inbox/<tenant>, a file a page as it came, and gives the files on:
#   ./Get-GraphUsage.ps1 contoso.example -From 2026-01-01 | Import-UsageRecord -TenantId contoso.example
# Before it: Connect-MgGraph -Scopes CallRecord-PstnCalls.Read.All. Exports may overlap; the same call again is a duplicate. Of a page that is
# not the last the import warns that there are others; here they are.
param(
    [Parameter(Mandatory, Position = 0)] [string] $TenantId,
    [Parameter(Mandatory)] [datetime] $From,
    [datetime] $To = [datetime]::UtcNow.Date.AddDays(1),
    [string] $Inbox = './inbox',
    [int] $MaximumTries = 6
)
$ErrorActionPreference = 'Stop'
$folder = New-Item -ItemType Directory -Force (Join-Path $Inbox $TenantId)
for ($start = $From; $start -lt $To; $start = $end) {
    $end = $start.AddDays(90) -lt $To ? $start.AddDays(90) : $To   # Graph answers for 90 days at most
    $next = 'https://graph.microsoft.com/v1.0/communications/callRecords/getPstnCalls(fromDateTime={0:yyyy-MM-dd},toDateTime={1:yyyy-MM-dd})' -f $start, $end
    for ($page = 1; $next; $page++) {
        for ($try = 1; ; $try++) {
            # Text, not objects: an amount stays as Graph wrote it.
            $json = Invoke-MgGraphRequest -Method GET -Uri $next -OutputType Json -SkipHttpErrorCheck -StatusCodeVariable status -ResponseHeadersVariable headers
            if ($status -eq 200) { break }
            if ($status -notin 429, 503, 504 -or $try -ge $MaximumTries) { throw "Graph answered $status for $next`: $json" }
            $wait = "$($headers['Retry-After'])" -match '^\d+$' ? [int]$Matches[0] : [math]::Pow(2, $try)
            Write-Verbose "Graph answered $status; another try in $wait s."
            Start-Sleep -Seconds $wait
        }

        # A page is in the inbox whole or not at all: the nightly run may look at any time.
        $part = Join-Path $Inbox "$TenantId.part"
        Set-Content $part $json -NoNewline
        Move-Item $part (Join-Path $folder ('getPstnCalls-{0:yyyyMMdd}-{1:yyyyMMdd}-{2:d4}.json' -f $start, $end, $page)) -Force -PassThru
        $next = ($json | ConvertFrom-Json).'@odata.nextLink'
    }
}
