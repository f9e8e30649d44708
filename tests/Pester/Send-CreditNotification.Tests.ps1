BeforeDiscovery {
    # The mail server of the tests is python3-aiosmtpd of Debian.
    $python = @('/usr/bin/python3', 'python3', 'python').Where({
            if (-not (Get-Command $_ -CommandType Application -ErrorAction Ignore)) { return $false }
            & $_ -c 'import aiosmtpd.controller' 2> $null
            $LASTEXITCODE -eq 0
        }, 'First')
    $hasNoMailServer = $python.Count -eq 0
}
BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"

    # A port that is free now.
    function Get-FreePort {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try { $listener.LocalEndpoint.Port } finally { $listener.Stop() }
    }

    # Answers one request after another, keeps them, and stops when asked to.
    function Start-Webhook {
        param([int] $Status = 200)
        $port = Get-FreePort
        $requests = [Collections.Concurrent.ConcurrentQueue[object]]::new()
        $listener = [Net.HttpListener]::new()
        $listener.Prefixes.Add("http://127.0.0.1:$port/")
        $listener.Start()
        $job = Start-ThreadJob {
            $listener = $using:listener
            while ($listener.IsListening) {
                try { $context = $listener.GetContext() } catch { return }
                $body = [IO.StreamReader]::new($context.Request.InputStream).ReadToEnd()
                ($using:requests).Enqueue(@{ Body = $body; Signature = $context.Request.Headers['X-Signature'] })
                $context.Response.StatusCode = $using:Status
                $context.Response.Close()
            }
        }
        @{ Uri = "http://127.0.0.1:$port/hook"; Requests = $requests; Listener = $listener; Job = $job }
    }
    function Stop-Webhook { param($Webhook) $Webhook.Listener.Close(); $Webhook.Job | Wait-Job -Timeout 10 | Remove-Job -Force }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Send-CreditNotification' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name Contoso -NotificationEmail billing@contoso.com
        New-CreditTenant fabrikam.com
        Set-AutoRecharge contoso.com, fabrikam.com -MinimumBalance 10 -TargetBalance 40 -MaximumPerMonth 100
        Invoke-AutoRecharge | Out-Null
        $count = @(Get-CreditNotification).Count
    }

    Context 'by webhook' {
        BeforeEach { $webhook = Start-Webhook }
        AfterEach { Stop-Webhook $webhook; Remove-Item Env:WEBHOOK_SECRET -ErrorAction Ignore }

        It 'posts each notice once, and writes it as it stands then' {
            $sent = Send-CreditNotification -WebhookUri $webhook.Uri
            $sent.Count | Should -Be $count
            $sent.Status | Sort-Object -Unique | Should -Be 'Sent'
            $sent.Attempts | Sort-Object -Unique | Should -Be 1
            $webhook.Requests.Count | Should -Be $count
            (Get-CreditNotification).Status | Sort-Object -Unique | Should -Be 'Sent'
            Send-CreditNotification -WebhookUri $webhook.Uri | Should -BeNullOrEmpty
            ($webhook.Requests.ToArray()[0].Body | ConvertFrom-Json).tenantId | Should -Be 'contoso.com'
        }

        It 'sends those of the tenants asked for' {
            (Send-CreditNotification fab* -WebhookUri $webhook.Uri).TenantId | Sort-Object -Unique | Should -Be 'fabrikam.com'
            (Get-CreditNotification contoso.com | Send-CreditNotification -WebhookUri $webhook.Uri).TenantId | Sort-Object -Unique | Should -Be 'contoso.com'
            Get-CreditNotification -Status Pending | Should -BeNullOrEmpty
        }

        It 'signs with a secret from the environment' {
            $env:WEBHOOK_SECRET = 'quiet'
            Send-CreditNotification contoso.com -WebhookUri $webhook.Uri -SecretName WEBHOOK_SECRET | Out-Null
            $request = $webhook.Requests.ToArray()[0]
            $hmac = [Security.Cryptography.HMACSHA256]::new([Text.Encoding]::UTF8.GetBytes('quiet'))
            $request.Signature | Should -Be ('sha256=' + [Convert]::ToHexString($hmac.ComputeHash([Text.Encoding]::UTF8.GetBytes($request.Body))).ToLowerInvariant())
        }

        It 'signs with a secret of SecretManagement, as text or as a SecureString' {
            $folder = New-Item -ItemType Directory -Force (Get-TestPath 'modules/Microsoft.PowerShell.SecretManagement')
            Set-Content (Join-Path $folder 'Microsoft.PowerShell.SecretManagement.psm1') @'
function Get-Secret {
    [CmdletBinding()] param($Name)
    if ($Name -ne 'hook') { Write-Error "no secret $Name"; return }
    ConvertTo-SecureString 'of the vault' -AsPlainText -Force
}
'@
            $before = $env:PSModulePath
            try {
                $env:PSModulePath = (Get-TestPath 'modules') + [IO.Path]::PathSeparator + $before
                Send-CreditNotification contoso.com -WebhookUri $webhook.Uri -SecretName hook | Out-Null
                Send-CreditNotification fabrikam.com -WebhookUri $webhook.Uri -SecretName other -ErrorAction SilentlyContinue -ErrorVariable problem
            }
            finally {
                $env:PSModulePath = $before
                Remove-Module Microsoft.PowerShell.SecretManagement -ErrorAction Ignore
            }
            $request = $webhook.Requests.ToArray()[0]
            $hmac = [Security.Cryptography.HMACSHA256]::new([Text.Encoding]::UTF8.GetBytes('of the vault'))
            $request.Signature | Should -Be ('sha256=' + [Convert]::ToHexString($hmac.ComputeHash([Text.Encoding]::UTF8.GetBytes($request.Body))).ToLowerInvariant())
            Get-ErrorId $problem[-1] | Should -Be 'RuleInvalid'
        }

        It 'refuses a secret that is not there, and sends nothing' {
            Send-CreditNotification -WebhookUri $webhook.Uri -SecretName NOT_THERE -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            Get-ErrorId $problem[-1] | Should -Be 'RuleInvalid'
            $webhook.Requests.Count | Should -Be 0
        }

        It 'keeps nothing under -WhatIf, and shows what it would send' {
            $sent = Send-CreditNotification -WebhookUri $webhook.Uri -WhatIf
            $sent.Count | Should -Be $count
            $sent.Status | Sort-Object -Unique | Should -Be 'Sent'
            $webhook.Requests.Count | Should -Be 0
            (Get-CreditNotification).Status | Sort-Object -Unique | Should -Be 'Pending'
        }

        It 'ends when enough was seen' {
            (Send-CreditNotification -WebhookUri $webhook.Uri | Select-Object -First 1).Status | Should -Be 'Sent'
            @(Get-CreditNotification -Status Sent).Count | Should -Be 1
        }
    }

    It 'keeps what did not get through for the next run, and says so' {
        'a', 'b', 'c' | New-CreditTenant
        'a', 'b', 'c' | Set-AutoRecharge -MinimumBalance 10 -TargetBalance 40 -MaximumPerMonth 100
        Invoke-AutoRecharge | Out-Null
        $refused = Send-CreditNotification -WebhookUri "http://127.0.0.1:$(Get-FreePort)/" -WarningVariable said -WarningAction SilentlyContinue
        $refused.Status | Sort-Object -Unique | Should -Be 'Failed'
        $refused[0].LastError | Should -Not -BeNullOrEmpty
        $refused.Count | Should -Be 3
        $said.Count | Should -Be 1
        $said[0].Message | Should -BeLike '*stay for the next run*'
    }

    It 'refuses <Why>, and sends nothing' -ForEach @(
        @{ Why = 'a webhook of plain HTTP'; Arguments = @{ WebhookUri = 'http://hook.example/secret-path' } }
        @{ Why = 'a sender that is no address'; Arguments = @{ SmtpServer = '127.0.0.1'; From = 'billing' } }
        @{ Why = 'a recipient that is no address'; Arguments = @{ SmtpServer = '127.0.0.1'; From = 'a@b.example'; To = 'nobody' } }
        @{ Why = 'a server that is none'; Arguments = @{ SmtpServer = 'smtp server'; From = 'a@b.example' } }
        @{ Why = 'a port that is none'; Arguments = @{ SmtpServer = '127.0.0.1'; From = 'a@b.example'; Port = 70000 } }
    ) {
        Send-CreditNotification @Arguments -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'RuleInvalid'
        "$($problem[0])" | Should -Not -Match 'secret-path'
        (Get-CreditNotification).Attempts | Sort-Object -Unique | Should -Be 0
    }

    It 'is told of a tenant that is not there' {
        Send-CreditNotification nobody -SmtpServer 127.0.0.1 -From a@b.example -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
    }

    Context 'by mail (needs python3-aiosmtpd)' -Skip:$hasNoMailServer -ForEach @{ Python = $python } {
        BeforeEach {
            $folder = New-Item -ItemType Directory (Get-TestPath ([guid]::NewGuid().ToString('N')))
            $port = Get-FreePort
            $start = [Diagnostics.ProcessStartInfo]::new("$($Python[0])")
            foreach ($argument in "$PSScriptRoot/Support/mail_server.py", $folder.FullName, "$port") { $start.ArgumentList.Add($argument) }
            $server = [Diagnostics.Process]::Start($start)
            $patience = [datetime]::UtcNow.AddSeconds(30)
            while (-not (Test-Path (Join-Path $folder 'ready')) -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 50 }
        }
        AfterEach { $server.Kill(); $server.WaitForExit() }

        It 'sends to the tenants'' own addresses, and notes who has none' {
            $sent = Send-CreditNotification -SmtpServer 127.0.0.1 -Port $port -From 'Credits <billing@msp.example>'
            $sent.Where({ $_.TenantId -eq 'contoso.com' }).Status | Sort-Object -Unique | Should -Be 'Sent'
            $sent.Where({ $_.TenantId -eq 'fabrikam.com' }).Status | Sort-Object -Unique | Should -Be 'NoRecipient'
            $mail = Get-Content (Join-Path $folder '0.eml') -Raw
            $mail | Should -Match 'X-To: billing@contoso\.com'
            $mail | Should -Match 'Subject: Contoso: USD 40'
            Send-CreditNotification -SmtpServer 127.0.0.1 -Port $port -From billing@msp.example | Should -BeNullOrEmpty
        }

        It 'sends to the addresses given instead' {
            $sent = Send-CreditNotification -SmtpServer 127.0.0.1 -Port $port -From billing@msp.example -To ops@msp.example, noc@msp.example
            $sent.Count | Should -Be $count
            Get-Content (Join-Path $folder '0.eml') -Raw | Should -Match 'X-To: ops@msp\.example,noc@msp\.example'
        }

        It 'tries again later what was refused' {
            $failed = Send-CreditNotification contoso.com -SmtpServer 127.0.0.1 -Port $port -From billing@msp.example -To refused@msp.example
            $failed.Status | Sort-Object -Unique | Should -Be 'Failed'
            $failed[0].LastError | Should -BeLike '*no such person*'
            Send-CreditNotification contoso.com -SmtpServer 127.0.0.1 -Port $port -From billing@msp.example | Should -BeNullOrEmpty
        }

        It 'keeps nothing under -WhatIf, not even that there is nobody to send to' {
            $would = Send-CreditNotification -SmtpServer 127.0.0.1 -Port $port -From billing@msp.example -WhatIf
            $would.Status | Sort-Object -Unique | Should -Be 'Sent', 'NoRecipient'
            (Get-CreditNotification).Status | Sort-Object -Unique | Should -Be 'Pending'
            Join-Path $folder '0.eml' | Should -Not -Exist
        }
    }
}
