#Requires -Version 7.4
# Send-TeamsNotice.ps1: posts notices to a Teams channel, a card each. -WebhookUri is that of the channel's workflow "Post to a channel when
# a webhook request is received". It can be run again: teams.sent has what was posted. Mail and other webhooks go their own way.
param(
    [Parameter(Mandatory, Position = 0)] [uri] $WebhookUri,
    [CommunicationsCredits.CreditNotificationKind[]] $Kind = [Enum]::GetValues([CommunicationsCredits.CreditNotificationKind])
)
$ErrorActionPreference = 'Stop'
$gone = @(Get-Content ./teams.sent -ErrorAction Ignore)
foreach ($notice in Get-CreditNotification -Kind $Kind | Where-Object NotificationId -notin $gone | Sort-Object RaisedAt) {
    $card = @{
        type = 'message'
        attachments = @(@{
                contentType = 'application/vnd.microsoft.card.adaptive'
                content     = @{
                    type = 'AdaptiveCard'; version = '1.4'; '$schema' = 'http://adaptivecards.io/schemas/adaptive-card.json'
                    body = @(
                        @{ type = 'TextBlock'; text = $notice.Subject; weight = 'Bolder'; wrap = $true }
                        @{ type = 'TextBlock'; text = $notice.Body; wrap = $true }
                    )
                }
            })
    }
    $null = Invoke-RestMethod -Method Post -Uri $WebhookUri -ContentType 'application/json; charset=utf-8' -Body ($card | ConvertTo-Json -Depth 8) -MaximumRetryCount 3 -RetryIntervalSec 5
    Add-Content ./teams.sent $notice.NotificationId
    $notice
}
