BeforeDiscovery { $hasNoMailServer = [Environment]::Version.Major -lt 10 }
BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $shell = Get-PowerShellProgram

    # The mail server of the tests runs in this process, on a port of its own.
    if ([Environment]::Version.Major -ge 10) {
        Add-Type -Path (Get-Item "$PSScriptRoot/../CommunicationsCredits.Ledger.TestHost/bin/*/*/CommunicationsCredits.Ledger.TestHost.dll" |
                Sort-Object LastWriteTime | Select-Object -Last 1)
    }

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

        It 'posts an episode as one message, and as a card for Teams' {
            $sent = Send-CreditNotification -WebhookUri $webhook.Uri -Format AdaptiveCard
            $webhook.Requests.Count | Should -Be @($sent.Episode | Sort-Object -Unique).Count
            $card = ($webhook.Requests.ToArray()[0].Body | ConvertFrom-Json).attachments[0].content
            $card.type | Should -Be 'AdaptiveCard'
            $card.body[0].inlines[0].text | Should -Be $sent[0].Subject
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
        @{ Why = 'an empty access token'; Arguments = @{ SmtpServer = '127.0.0.1'; From = 'a@b.example'; AccessToken = [securestring]::new() } }
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

    Context 'by mail (to a server on .NET 10)' -Skip:$hasNoMailServer {
        BeforeEach { $server = [CommunicationsCredits.Ledger.TestHost.MailServer]::new() }
        AfterEach { $server.Dispose() }

        It 'sends to the tenants'' own addresses, and notes who has none' {
            $sent = Send-CreditNotification -SmtpServer 127.0.0.1 -Port $server.Port -From 'Credits <billing@msp.example>'
            $sent.Where({ $_.TenantId -eq 'contoso.com' }).Status | Sort-Object -Unique | Should -Be 'Sent'
            $sent.Where({ $_.TenantId -eq 'fabrikam.com' }).Status | Sort-Object -Unique | Should -Be 'NoRecipient'
            $server.Mails[0].To | Should -Be 'billing@contoso.com'
            $server.Mails[0].Message.Subject | Should -BeLike 'Contoso: USD 40*'
            Send-CreditNotification -SmtpServer 127.0.0.1 -Port $server.Port -From billing@msp.example | Should -BeNullOrEmpty
        }

        It 'sends to the addresses given instead' {
            $sent = Send-CreditNotification -SmtpServer 127.0.0.1 -Port $server.Port -From billing@msp.example -To ops@msp.example, noc@msp.example
            $sent.Count | Should -Be $count
            $server.Mails[0].To | Should -Be 'ops@msp.example', 'noc@msp.example'
        }

        It 'tries again later what was refused' {
            $failed = Send-CreditNotification contoso.com -SmtpServer 127.0.0.1 -Port $server.Port -From billing@msp.example -To refused@msp.example
            $failed.Status | Sort-Object -Unique | Should -Be 'Failed'
            $failed[0].LastError | Should -BeLike '*no such person*'
            Send-CreditNotification contoso.com -SmtpServer 127.0.0.1 -Port $server.Port -From billing@msp.example | Should -BeNullOrEmpty
        }

        It 'keeps nothing under -WhatIf, not even that there is nobody to send to' {
            $would = Send-CreditNotification -SmtpServer 127.0.0.1 -Port $server.Port -From billing@msp.example -WhatIf
            $would.Status | Sort-Object -Unique | Should -Be 'Sent', 'NoRecipient'
            (Get-CreditNotification).Status | Sort-Object -Unique | Should -Be 'Pending'
            $server.Mails.Count | Should -Be 0
        }

        It 'never signs in without encryption, unless that is asked for, and gives no secret away' {
            $account = [pscredential]::new('robot@msp.example', (ConvertTo-SecureString 'pass-phrase' -AsPlainText -Force))
            $mail = @{ SmtpServer = '127.0.0.1'; Port = $server.Port; From = 'robot@msp.example' }
            $failed = @(Send-CreditNotification contoso.com @mail -Credential $account)
            $failed += Send-CreditNotification fabrikam.com @mail -AccessToken access-token -To ops@msp.example
            $failed.Status | Sort-Object -Unique | Should -Be 'Failed'
            $failed.LastError | ForEach-Object { $_ | Should -BeLike '*STARTTLS*' }
            "$($failed.LastError)" | Should -Not -Match 'pass-phrase|access-token'
            $server.Mails.Count | Should -Be 0
        }
    }

    Context 'by encrypted mail (to a server on .NET 10, trusted as on Linux)' -Skip:($hasNoMailServer -or -not $IsLinux) {
        # Which certificates a process trusts is set by SSL_CERT_FILE on Linux only, and once: a PowerShell of its own sends.
        BeforeEach {
            $certificate = [CommunicationsCredits.Ledger.TestHost.MailServer]::SelfMadeCertificate()
            $trusted = Get-TestPath "$([guid]::NewGuid()).pem"
            Set-Content $trusted $certificate.ExportCertificatePem()
        }
        AfterEach { $server.Dispose(); $certificate.Dispose() }

        It 'signs in by <Kind> over <Security>' -ForEach @(
            @{ Kind = 'Credential'; Security = 'StartTls'; IsImplicit = $false }
            @{ Kind = 'AccessToken'; Security = 'Auto'; IsImplicit = $false }
            @{ Kind = 'AccessToken'; Security = 'Tls'; IsImplicit = $true }
        ) {
            $access = [CommunicationsCredits.Ledger.TestHost.MailServerAccess]::new($certificate, 'robot@msp.example', 'the secret', $IsImplicit)
            $server = [CommunicationsCredits.Ledger.TestHost.MailServer]::new('Accept', $access)
            $ledger = (Get-CreditLedger).Location
            $script = {
                param($module, $ledger, $port, $security, $kind)
                Import-Module $module
                Connect-CreditLedger $ledger
                $secret = ConvertTo-SecureString 'the secret' -AsPlainText -Force
                $signIn = $kind -eq 'AccessToken' ? @{ AccessToken = $secret } : @{ Credential = [pscredential]::new('robot@msp.example', $secret) }
                (Send-CreditNotification contoso.com -SmtpServer localhost -Port $port -Security $security -From robot@msp.example @signIn).
                    ForEach({ "$($_.Status) $($_.LastError)" }) | Sort-Object -Unique
                # What only S/MIME and OpenPGP would need is not shipped, so it must not be needed.
                [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -match '^(MailKit|MimeKit)$' }).
                    ForEach({ "$($_.GetName().Name): $([Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)" }) | Sort-Object
            }
            $before = $env:SSL_CERT_FILE
            try {
                $env:SSL_CERT_FILE = $trusted
                $lines = & $shell -NoProfile -Command $script -args (Get-Module CommunicationsCredits).Path, $ledger, $server.Port, $Security, $Kind
            }
            finally { $env:SSL_CERT_FILE = $before }
            $lines | Should -Be 'Sent ', 'MailKit: CommunicationsCredits', 'MimeKit: CommunicationsCredits'
            $server.Mails[0].IsEncrypted | Should -BeTrue
            $server.Mails[0].SignedInAs | Should -Be 'robot@msp.example'
        }
    }
}
