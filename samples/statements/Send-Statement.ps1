#Requires -Version 7.4
# Send-Statement.ps1: mails each tenant that has an address its statement of a month, by Microsoft Graph, from the mailbox of -From.
# Before it: Connect-MgGraph -Scopes Mail.Send. It can be run again: statements-<month>.sent has whose mail is gone.
param(
    [Parameter(Mandatory, Position = 0)] [ValidatePattern('^\d{4}-\d{2}$')] [string] $Month,
    [Parameter(Mandatory)] [string] $From
)
$ErrorActionPreference = 'Stop'
$book = "./statements-$Month.sent"
$gone = @(Get-Content $book -ErrorAction Ignore)
foreach ($tenant in Get-CreditTenant | Where-Object NotificationEmail | Where-Object TenantId -notin $gone) {
    $statement = Get-CreditStatement $tenant.TenantId -Month $Month
    if (-not $statement) { continue }
    $lines = foreach ($line in 'Opening', 'Purchased', 'Recharged', 'Used', 'Forfeited', 'Corrected', 'Closing') {
        [pscustomobject]@{ What = $line; $statement.Currency = $statement.$line.ToString('N4', [cultureinfo]::InvariantCulture) }
    }
    $mail = @{
        saveToSentItems = $true
        message         = @{
            subject      = "Communications credits of $($statement.Month)"
            body         = @{ contentType = 'HTML'; content = "<h1>$([Net.WebUtility]::HtmlEncode($tenant.Name))</h1>$($lines | ConvertTo-Html -Fragment)" }
            toRecipients = @($tenant.NotificationEmail | ForEach-Object { @{ emailAddress = @{ address = $_ } } })
        }
    }
    Invoke-MgGraphRequest -Method POST -Uri "https://graph.microsoft.com/v1.0/users/$From/sendMail" -ContentType application/json -Body ($mail | ConvertTo-Json -Depth 6)
    Add-Content $book $tenant.TenantId
    $statement
}
