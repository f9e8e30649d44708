"""A real SMTP server for the tests, on a free port of loopback (Debian: python3-aiosmtpd).

    smtp_server.py FOLDER MODE [CERTIFICATE KEY USER PASSWORD]

MODE: accept, stall (never answers a mail's end), disconnect (goes away within DATA), refuse (refuses every mail at its end).
A recipient whose address begins with "refused" is refused with 550. Mails are written to FOLDER, one file each, with the
envelope in X- headers. With a certificate, it wants STARTTLS and that account. Prints its port when it listens.
"""

import asyncio
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder, mode):
        self.folder, self.mode, self.count = folder, mode, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "stall":
            await asyncio.sleep(600)
        if self.mode == "refuse":
            return "554 5.7.1 Not wanted here"
        self.count += 1
        with open(f"{self.folder}/{self.count:03}.eml", "wb") as mail:
            mail.write(f"X-From: {envelope.mail_from}\r\nX-To: {','.join(envelope.rcpt_tos)}\r\n".encode())
            mail.write(f"X-Encrypted: {session.ssl is not None}\r\n".encode())
            mail.write(envelope.original_content)
        return "250 OK"


class Server(SMTP):
    mode = "accept"

    async def smtp_DATA(self, arg):
        if self.mode == "disconnect":
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await asyncio.sleep(0.05)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_AUTH(self, arg):
        # Mechanisms are named in any case; aiosmtpd knows them in capitals only.
        mechanism, _, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(f"{mechanism.upper()} {rest}".strip())


async def main(folder, mode, certificate=None, key=None, user=None, password=None):
    options = {"hostname": "test.example", "timeout": 600}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        def check(server, session, envelope, mechanism, data):
            known = (data.login, data.password) == (user.encode(), password.encode())
            return AuthResult(success=known, handled=False)

        options |= {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": check}
    Server.mode = mode
    handler = Handler(folder, mode)
    server = await asyncio.get_running_loop().create_server(lambda: Server(handler, **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
