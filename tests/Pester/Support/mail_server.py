# A mail server for the tests: it takes every mail but those to refused@..., and writes them into a folder.
import sys, time, pathlib
from aiosmtpd.controller import Controller

folder = pathlib.Path(sys.argv[1])


class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('refused@'):
            return '550 no such person'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        count = len(list(folder.glob('*.eml')))
        (folder / f'{count}.eml').write_bytes(('X-To: %s\r\n' % ','.join(envelope.rcpt_tos)).encode() + envelope.content)
        return '250 OK'


controller = Controller(Keep(), hostname='127.0.0.1', port=0, server_hostname='localhost')
controller.port = int(sys.argv[2])
controller.start()
(folder / 'ready').write_text('yes')
while True:
    time.sleep(1)
