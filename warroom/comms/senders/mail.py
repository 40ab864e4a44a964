"""Mail, by SMTP (RFC 5321): one message in one transaction, on a fresh connection.

aiosmtplib, not smtplib: that one would hold a thread that cannot be cancelled.
"""

import asyncio
import base64
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponse,
    SMTPResponseException,
)

from warroom.comms.sender import Begun, Outcome, Outgoing
from warroom.comms.senders.secret import Secrets, hiding
from warroom.config.receivers_settings import MailSettings
from warroom.connect.network import Network
from warroom.connect.sockets import connected
from warroom.connect.stream import os_words
from warroom.connect.tls import TlsOptions
from warroom.connect.withheld import WithheldError
from warroom.errors import ProbeError
from warroom.incident.outward import Receiver
from warroom.text import safe, short_duration

ADDRESSES = 4
"""How many addresses of one name are tried."""
LINES = SMTP.clone(cte_type="7bit")
"""No byte above 127: not every server takes them (RFC 6152)."""


class _Ended(Exception):  # noqa: N818 - it carries an outcome, good or bad
    """It has come to an end before all of it was said."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


@dataclass(frozen=True)
class MailSender:
    """One list of people."""

    receiver: Receiver
    settings: MailSettings
    network: Network
    secrets: Secrets

    def preview(self, outgoing: Outgoing) -> str:
        """Headers and text, as they go out."""
        message = self._message(outgoing)
        shown = ("From", "To", "Reply-To", "Subject")
        head = [f"{name}: {message[name]}" for name in shown if message[name]]
        return "\n".join([*head, "", outgoing.text])

    async def send(self, outgoing: Outgoing, begun: Begun) -> Outcome:
        """Hand it to the server, once."""
        progress = _Progress()
        try:
            async with asyncio.timeout(self.settings.deadline):
                return await self._send(outgoing, begun, progress)
        except WithheldError as refused:
            raise refused.error from None
        except _Ended as ended:
            return ended.outcome
        except TimeoutError:
            late = f"no answer within {short_duration(self.settings.deadline)}"
            return progress.broke(late)
        except ProbeError as error:
            return Outcome(state="waiting", text=f"nothing was sent: {error}")
        except (SMTPException, OSError) as error:
            words = os_words(error) if isinstance(error, OSError) and error.errno else ""
            return progress.broke(words or "the connection broke")

    async def _send(self, outgoing: Outgoing, begun: Begun, progress: "_Progress") -> Outcome:
        settings = self.settings
        message = self._message(outgoing).as_bytes()
        password = await self._password(progress)
        context = await self.network.trust.context(TlsOptions(settings.ca_file, protocols=()))
        server = await self._connected(context, progress)
        try:
            await self._greet(server, context, password, progress)
            try:
                await begun()
            except Exception as error:
                raise WithheldError(error) from error
            return await self._transact(server, message, progress)
        finally:
            server.close()

    async def _password(self, progress: "_Progress") -> str | None:
        settings = self.settings
        if settings.password is None:
            return None
        password = await self.secrets.get(settings.password)
        pair = f"\0{settings.username}\0{password}"
        coded = (base64.b64encode(said.encode()).decode() for said in (password, pair))
        progress.masked = hiding((password, *coded))
        return password

    async def _connected(self, context: ssl.SSLContext, progress: "_Progress") -> aiosmtplib.SMTP:
        settings = self.settings
        addresses = await self.network.resolver.addresses(settings.host)
        troubles = []
        for address in addresses[:ADDRESSES]:
            share = settings.deadline / min(len(addresses), ADDRESSES)
            try:
                sock = await connected(address, settings.reached_at, share)
            except (OSError, TimeoutError) as error:
                late = isinstance(error, TimeoutError) and not error.errno
                words = "no connection in time" if late else os_words(error)
                troubles.append(f"{words} by {settings.host}:{settings.reached_at}")
                continue
            server = aiosmtplib.SMTP(
                hostname=settings.host,
                sock=sock,
                use_tls=settings.tls == "tls",
                start_tls=False,
                tls_context=context,
                local_hostname=_literal(sock),
                timeout=settings.deadline,
            )
            try:
                await server.connect()
            except ssl.SSLError as error:
                raise _tls(settings.host, error) from error
            except SMTPResponseException as error:
                raise _Ended(progress.refused(error, "it greets with")) from error
            except (SMTPException, OSError) as error:
                cause = error.__cause__
                if isinstance(cause, ssl.SSLError):
                    raise _tls(settings.host, cause) from error
                words = f"{settings.host} said nothing that is SMTP"
                raise ProbeError("first byte", words) from error
            return server
        raise ProbeError("connect", "; ".join(dict.fromkeys(troubles)))

    async def _greet(
        self,
        server: aiosmtplib.SMTP,
        context: ssl.SSLContext,
        password: str | None,
        progress: "_Progress",
    ) -> None:
        """Encryption and signing in. Nothing of the message has left yet."""
        settings = self.settings
        try:
            if settings.tls == "starttls":
                await server.starttls(server_hostname=settings.host, tls_context=context)
            if password is not None and settings.username is not None:
                await server.login(settings.username, password)
        except ssl.SSLError as error:
            raise _tls(settings.host, error) from error
        except SMTPAuthenticationError as error:
            words = f"nothing was sent: signing in was refused: {error.code}"
            words += "; look at username and password"
            state = _Ended(Outcome(state="failed", text=words))
            if _is_later(error):
                state = _Ended(Outcome(state="waiting", text=words))
            raise state from None
        except SMTPResponseException as error:
            raise _Ended(progress.refused(error, "it answers")) from error
        except (SMTPException, OSError) as error:
            cause = error.__cause__
            if isinstance(cause, ssl.SSLError):
                raise _tls(settings.host, cause) from error
            words = (
                safe(str(error), 120) if type(error) is SMTPException else "the connection broke"
            )
            raise ProbeError("tls", f"{settings.host}: {words}") from error

    async def _transact(
        self, server: aiosmtplib.SMTP, message: bytes, progress: "_Progress"
    ) -> Outcome:
        refused: list[SMTPRecipientRefused] = []
        try:
            await server.mail(self.settings.sender)
        except SMTPResponseException as error:
            return progress.refused(error, "the sender is refused")
        for to in self.settings.to:
            try:
                await server.rcpt(to)
            except SMTPRecipientRefused as error:
                refused.append(error)
        if len(refused) == len(self.settings.to):
            # If one of them may be taken later, it is for good for nobody.
            later = next((error for error in refused if _is_later(error)), refused[0])
            return progress.refused(later, "nobody is taken")
        progress.sent = True
        try:
            answer = await server.data(message)
        except SMTPResponseException as error:
            if not 400 <= error.code < 600:
                return progress.broke(f"it answered {progress.said(error)}")
            return progress.refused(error, "it is refused")
        words = progress.said(answer)
        if refused:
            names = ", ".join(f"{error.recipient} ({error.code})" for error in refused)
            words += f"; NOT taken for {names}"
        return Outcome(state="sent", text=words)

    def _message(self, outgoing: Outgoing) -> EmailMessage:
        """No character of a subject can become a header: the policy refuses line ends."""
        settings = self.settings
        message = EmailMessage(policy=LINES)
        message["From"] = settings.sender
        message["To"] = ", ".join(settings.to)
        if settings.reply_to:
            message["Reply-To"] = settings.reply_to
        words = outgoing.subject or f"{outgoing.level} {outgoing.title}"
        message["Subject"] = safe(" ".join(words.split()), 200)
        message["Date"] = format_datetime(outgoing.at)
        domain = settings.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{outgoing.digest[:32] or outgoing.incident}@{domain}>"
        # RFC 3834: no vacation reply comes back.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(outgoing.text + "\n", charset="utf-8")
        return message


class _Progress:
    """How far a transaction has come, and what the server says."""

    def __init__(self) -> None:
        self.sent = False
        self.masked = hiding(())

    def broke(self, words: str) -> Outcome:
        if self.sent:
            said = f"it was sent; {words}: whether it came, nobody knows"
            return Outcome(state="unknown", text=said)
        return Outcome(state="waiting", text=f"nothing was sent: {words}")

    def said(self, answer: SMTPResponse | SMTPResponseException) -> str:
        """A reply, masked before it is cut: half a secret is not found any more."""
        text = self.masked(" ".join(answer.message.split()))
        return f"{answer.code} {safe(text, 160)}"

    def refused(self, error: SMTPResponseException, what: str) -> Outcome:
        """A reply of 5yz is for good (RFC 5321, section 4.2.1); after any other one, and what is no
        reply at all, it is tried again: nothing was sent."""
        for_good = 500 <= error.code < 600
        words = f"{what}: {self.said(error)}"
        return Outcome(state="failed" if for_good else "waiting", text=words)


def _is_later(error: SMTPResponseException) -> bool:
    return 400 <= error.code < 500


def _literal(sock: socket.socket) -> str:
    """How we greet: by our own address, as who has no name of its own does (RFC 5321, section
    4.1.3). A name that is none of the DNS is refused by many servers."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _tls(host: str, error: ssl.SSLError) -> ProbeError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ProbeError("tls", f"the certificate of {host}: {safe(error.verify_message, 120)}")
    words = (error.reason or "it fails").lower().replace("_", " ")
    return ProbeError("tls", f"no TLS with {host}: {safe(words, 120)}")
