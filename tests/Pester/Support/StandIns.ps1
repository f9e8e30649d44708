# Servers on this machine that stand for those that documents and samples name. Each is a job that keeps what it was sent in Seen.

# A mail server: it takes every mail.
function Start-MailStandIn {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $seen = [Collections.Concurrent.ConcurrentQueue[string]]::new()
    $job = Start-ThreadJob -ArgumentList $listener, $seen {
        param($listener, $seen)
        while ($true) {
            try { $client = $listener.AcceptTcpClient() } catch { return }
            $stream = $client.GetStream()
            $reader = [IO.StreamReader]::new($stream)
            $writer = [IO.StreamWriter]::new($stream)
            $writer.NewLine = "`r`n"
            $writer.AutoFlush = $true
            $writer.WriteLine('220 stand-in')
            while ($null -ne ($line = $reader.ReadLine())) {
                if ($line -match '^QUIT') { $writer.WriteLine('221 bye'); break }
                if ($line -notmatch '^DATA') { $writer.WriteLine('250 OK'); continue }
                $writer.WriteLine('354 go on')
                $mail = while (($line = $reader.ReadLine()) -notin '.', $null) { $line }
                $seen.Enqueue($mail -join "`n")
                $writer.WriteLine('250 OK')
            }
            $client.Dispose()
        }
    }
    @{ Port = $listener.LocalEndpoint.Port; Seen = $seen; Job = $job; Close = { $listener.Stop() }.GetNewClosure() }
}

# An HTTP server that answers each request with what a script makes of its body.
function Start-HttpStandIn {
    param([scriptblock] $Answer)
    $free = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $free.Start()
    $port = $free.LocalEndpoint.Port
    $free.Stop()
    $listener = [Net.HttpListener]::new()
    $listener.Prefixes.Add("http://127.0.0.1:$port/")
    $listener.Start()
    $seen = [Collections.Concurrent.ConcurrentQueue[object]]::new()
    $job = Start-ThreadJob -ArgumentList $listener, $seen, "$Answer" {
        param($listener, $seen, $answer)
        $answer = [scriptblock]::Create($answer)
        while ($true) {
            try { $context = $listener.GetContext() } catch { return }
            $body = [IO.StreamReader]::new($context.Request.InputStream).ReadToEnd()
            $seen.Enqueue([pscustomobject]@{ Path = $context.Request.Url.AbsolutePath; Headers = $context.Request.Headers; Body = $body })
            $context.Response.ContentType = 'application/json'
            $content = [Text.Encoding]::UTF8.GetBytes((& $answer $body | Out-String))
            $context.Response.OutputStream.Write($content)
            $context.Response.Close()
        }
    }
    @{ Uri = "http://127.0.0.1:$port"; Seen = $seen; Job = $job; Close = { $listener.Close() }.GetNewClosure() }
}

# A payment provider as docs/operations.md asks one: it charges whatever it is asked for.
function Start-PaymentStandIn { Start-HttpStandIn { '{"status":"succeeded","id":"ch_9"}' } }

function Stop-StandIn {
    param([Parameter(ValueFromPipeline)] [hashtable] $StandIn)
    process {
        & $StandIn.Close
        $StandIn.Job | Wait-Job -Timeout 10 | Remove-Job -Force
    }
}
