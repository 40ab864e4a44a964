"""The mail server: takes the shop's mails by SMTP from whoever signs in.

Nothing is delivered; each mail, and each sign-in that failed, is a line in its log.
"""

import asyncio
import hmac
import logging
import os
import signal
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from warroom.demo import lifeline
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings

USER = b"shop"
MAIL_LIMIT = 256 * 1024
LOG_LIMIT = 2 * 1024 * 1024
IDLE_S = 300.0

log = logging.getLogger(__name__)


class Mailbox:
    """What to do with a mail, and with whom to talk: aiosmtpd's handler and authenticator."""

    def __init__(self, password: Path) -> None:
        self._password = password

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any
    ) -> AuthResult:
        """Whether it is the shop; the server answers 535 if not."""
        known = self._password.read_bytes()
        right = (
            isinstance(said, LoginPassword)
            and hmac.compare_digest(said.login, USER)
            and hmac.compare_digest(said.password, known)
        )
        if not right:
            log.warning("535 sign-in failed from %s", session.peer)
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        """Take the mail."""
        log.info("250 taken: %d bytes for %s", len(envelope.content or b""), envelope.rcpt_tos)
        return "250 OK"


async def main(settings: Settings) -> None:
    """Serve until SIGTERM."""
    mailbox = Mailbox(SecretFiles(settings.folder.secrets).mail_at_server)
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            mailbox,
            loop=loop,
            hostname="mail.shop.example",
            ident="mail",
            data_size_limit=MAIL_LIMIT,
            timeout=IDLE_S,
            auth_required=True,
            auth_require_tls=False,  # on loopback; the password is all that is at stake
            authenticator=mailbox.sign_in,
        )

    server = await loop.create_server(session, "127.0.0.1", settings.mail_port)
    await server.serve_forever()


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=LOG_LIMIT, backupCount=1)
    form = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(format=form, level=logging.INFO, handlers=[handler])
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's: several lines a mail


if __name__ == "__main__":
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    known = Settings.read(Path(sys.argv[1]))
    _log_to(known.folder.logs / "mail.log")
    asyncio.run(main(known))
