using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>
/// Asks payment gateways. What a request has certainly not paid is Declined: a program that could not be started, a server that
/// was not reached or refused the request as such. Every other failure is Unknown, since the charge may have been made.
/// </summary>
internal sealed class GatewayClient(Func<string, string?> secrets)
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>The request was refused as such.</summary>
    private static readonly HttpStatusCode[] Refusals =
        [HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound];

    /// <summary>The charge was refused.</summary>
    private static readonly HttpStatusCode[] Declines = [HttpStatusCode.PaymentRequired, HttpStatusCode.UnprocessableEntity];

    /// <summary>Sends a request, and waits for its answer or the gateway's time-out.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="request">The exact request.</param>
    /// <param name="idempotencyKey">The key under which the gateway charges only once.</param>
    /// <param name="cancellation">Ends the wait, as the time-out does.</param>
    public GatewayAnswer Ask(CreditGateway gateway, byte[] request, string idempotencyKey, CancellationToken cancellation = default)
    {
        string? secret = null;
        if (gateway.SecretName is { } name && (secret = secrets(name)) is null)
            return GatewayAnswer.NotTaken($"the secret '{name}' of gateway '{gateway.Name}' is not there");
        var answer = gateway.Command is { } command
            ? AskProgram(command, gateway, request, cancellation)
            : AskServer(gateway.Uri!, gateway, request, idempotencyKey, secret, cancellation);
        return answer.Without(secret);
    }

    private static GatewayAnswer AskProgram(
        string command, CreditGateway gateway, byte[] request, CancellationToken cancellation)
    {
        using var program = new Process
        {
            StartInfo = new(command, gateway.ArgumentList)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            },
        };
        try
        {
            program.Start();
        }
        catch (Exception problem) when (problem is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            return GatewayAnswer.NotTaken($"the program of gateway '{gateway.Name}' could not be started: {problem.Message}");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(gateway.Timeout);
        try
        {
            // Both are drained while the program runs, so that it cannot block on a full pipe.
            program.ErrorDataReceived += static (_, _) => { };
            program.BeginErrorReadLine();
            var answer = ReadAsync(program.StandardOutput.BaseStream, timeout.Token);
            WriteAsync(program.StandardInput.BaseStream, request, timeout.Token).GetAwaiter().GetResult();
            var json = answer.GetAwaiter().GetResult();
            program.WaitForExitAsync(timeout.Token).GetAwaiter().GetResult();
            return program.ExitCode == 0
                ? GatewayAnswer.Read(json)
                : GatewayAnswer.Unknown($"the program of gateway '{gateway.Name}' ended with exit code {program.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            return Unanswered(gateway, cancellation);
        }
        catch (IOException)
        {
            return GatewayAnswer.Unknown($"what the program of gateway '{gateway.Name}' answered could not be read");
        }
        finally
        {
            Kill(program);
        }
    }

    private static GatewayAnswer Unanswered(CreditGateway gateway, CancellationToken cancellation) => GatewayAnswer.Unknown(
        cancellation.IsCancellationRequested
            ? $"the run was stopped before gateway '{gateway.Name}' answered"
            : FormattableString.Invariant($"gateway '{gateway.Name}' did not answer within {gateway.Timeout.TotalSeconds:0.#} s"));

    private static async Task WriteAsync(Stream input, byte[] request, CancellationToken timeout)
    {
        try
        {
            await using (input.ConfigureAwait(false))
                await input.WriteAsync(request, timeout).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A program may answer without having read all of it; what it answers decides.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream output, CancellationToken timeout)
    {
        var answer = new byte[LongestAnswer];
        var length = 0;
        int read;
        while (length < answer.Length && (read = await output.ReadAsync(answer.AsMemory(length), timeout).ConfigureAwait(false)) > 0)
            length += read;
        return answer[..length];
    }

    private static void Kill(Process program)
    {
        try
        {
            if (!program.HasExited)
                program.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has ended meanwhile.
        }
    }

    private static GatewayAnswer AskServer(
        Uri uri, CreditGateway gateway, byte[] request, string idempotencyKey, string? secret, CancellationToken cancellation)
    {
        using var client = NewHttpClient(uri, gateway.Timeout);
        using var message = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(request) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        message.Headers.Add("Idempotency-Key", idempotencyKey);
        if (secret is not null)
            message.Headers.Add("X-Signature", Signature(request, secret));
        try
        {
            using var response = client.Send(message, HttpCompletionOption.ResponseContentRead, cancellation);
            if (Declines.Contains(response.StatusCode))
                return GatewayAnswer.Declined($"gateway '{gateway.Name}' declined with HTTP {(int)response.StatusCode}");
            if (Refusals.Contains(response.StatusCode))
                return GatewayAnswer.NotTaken($"gateway '{gateway.Name}' refused the request with HTTP {(int)response.StatusCode}");
            if (!response.IsSuccessStatusCode)
                return GatewayAnswer.Unknown($"gateway '{gateway.Name}' answered with HTTP {(int)response.StatusCode}");
            using var content = response.Content.ReadAsStream(cancellation);
            using var answer = new MemoryStream();
            content.CopyTo(answer);
            return GatewayAnswer.Read(answer.ToArray());
        }
        catch (HttpRequestException problem) when (problem.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return GatewayAnswer.NotTaken($"gateway '{gateway.Name}' was not reached: {problem.Message}");
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException)
        {
            return problem is OperationCanceledException
                ? Unanswered(gateway, cancellation)
                : GatewayAnswer.Unknown($"the connection to gateway '{gateway.Name}' was lost");
        }
    }

    /// <summary>
    /// A client that sends to one address and no other: it follows no redirect, and what is for this machine itself goes through
    /// no proxy.
    /// </summary>
    public static HttpClient NewHttpClient(Uri uri, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !uri.IsLoopback };
        return new(handler) { Timeout = timeout, MaxResponseContentBufferSize = LongestAnswer };
    }

    /// <summary>The signature of a body: <c>sha256=</c> and the HMAC in hexadecimal.</summary>
    public static string Signature(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)).ToLowerInvariant();
}
