"""Receivers on loopback: a mail server that does as it is told, and what a message is."""

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.ending import ended
from warroom.comms.sender import Outgoing, Sender
from warroom.comms.senders.making import make_senders
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.connect.network import Network

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
CANARY = "canary-7f3a91"
"""Stands in every secret; nobody may ever see it."""


def outgoing(**more: Any) -> Outgoing:
    """A first notice."""
    known: dict[str, Any] = dict(
        incident="INC-20261127-001",
        key="shop/INC-20261127-001",
        purpose="first",
        subject="SEV1: Checkout fails",
        text="SEV1: Checkout fails\nNext update: 03:15Z",
        at=NOW,
        by="ana",
        title="Checkout fails",
        level="SEV1",
        rank=0,
        status="Investigating",
        room="shop",
        environment="production",
        started=NOW,
        digest="ab" * 32,
    )
    return Outgoing(**{**known, **more})


def sender(folder: Path, table: str, **secrets: str) -> tuple[Sender, list[str]]:
    """The receiver that the TOML ``table`` describes; its secrets are files of these names. And
    what was given to be masked."""
    for name, value in secrets.items():
        path = folder / name
        path.write_text(value)
        path.chmod(0o600)
    text = f'version = 1\n[room]\nname = "shop"\n[receivers.it]\n{table}\n'
    config = validate(parse(folder / "warroom.toml", text.encode(), mode=0o600), {})
    masked: list[str] = []
    made = make_senders(
        config.receivers,
        config.procedures.receivers,
        Network(),
        folder,
        lambda secret: masked.append(secret.reveal()),
    )
    return made["it"], masked


class Begun:
    """Counts how often something was about to leave; refuses if it is told to."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.count = 0
        self.refuses = refuses

    async def __call__(self) -> None:
        self.count += 1
        if self.refuses is not None:
            raise self.refuses


@dataclass
class Mailbox:
    """aiosmtpd's handler: answers as it is told, and keeps what came."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    """By command (MAIL, RCPT or an address, DATA): the reply."""
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    cut: bool = False
    """Whether it goes away after the whole mail came, without a word."""
    password: bytes = b""

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any
    ) -> AuthResult:
        assert isinstance(said, LoginPassword)
        self.logins.append(said.login)
        return AuthResult(success=said.password == self.password, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        reply = self.answers.get(address, self.answers.get("RCPT", "250 OK"))
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        found = message_from_bytes(content, policy=default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.to.append(list(envelope.rcpt_tos))
        if self.cut:
            assert server.transport is not None
            server.transport.abort()
        return self.answers.get("DATA", "250 OK queued")


@contextlib.asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, implicit: bool = False, password: str = "", **more: Any
) -> AsyncIterator[Mailbox]:
    """A mail server until the end of the block."""
    box = Mailbox(password=password.encode(), **more)
    loop = asyncio.get_running_loop()
    servers: list[SMTP] = []

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of aiosmtpd, that signing in wants TLS
            made = SMTP(
                box,
                loop=loop,
                hostname="mail.test",
                ident="mail",
                tls_context=None if implicit else tls,
                require_starttls=tls is not None and not implicit,
                auth_required=bool(password),
                auth_require_tls=False,
                authenticator=box.sign_in,
            )
        servers.append(made)
        return made

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls if implicit else None)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        await ended(server)
        for one in servers:
            if one.transport is not None:
                one.transport.abort()
            if one._handler_coroutine is not None:
                one._handler_coroutine.cancel()
                await asyncio.gather(one._handler_coroutine, return_exceptions=True)
        await server.wait_closed()
