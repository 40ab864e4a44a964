"""The shop's way to the mail server, which the worker and the test mail share."""

import asyncio
import re
import smtplib
from email.message import EmailMessage

from prometheus_client import CollectorRegistry, Counter

from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings

USER = "shop"
SENDER = "orders@shop.example"
TIMEOUT_S = 2.0
OUTCOMES = ("sent", "refused", "unreachable", "bounced")

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address, a little wider."""


class MailError(Exception):
    """The mail was not taken; `outcome` is the word for it in the metrics.

    `bounced` is the address's own fault and will not mend; `refused` and `unreachable` may.
    """

    def __init__(self, outcome: str, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


class Mailer:
    """Sends mails one after the other over a connection that is kept.

    In a thread of its own: smtplib, the standard library's, blocks.
    """

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._port = settings.mail_port
        self._password = SecretFiles(settings.folder.secrets).mail
        self._server: smtplib.SMTP | None = None
        self._one_by_one = asyncio.Lock()
        self._mails = Counter("shop_mails", "Mails tried.", ["outcome"], registry=registry)
        for outcome in OUTCOMES:
            self._mails.labels(outcome)

    async def send(self, to: str, subject: str, text: str) -> None:
        """Return once the server has taken the mail; MailError if it has not."""
        async with self._one_by_one:
            try:
                await asyncio.to_thread(self._hand_over, to, subject, text)
            except MailError as error:
                self._mails.labels(error.outcome).inc()
                raise
        self._mails.labels("sent").inc()

    def close(self) -> None:
        """Let go of the connection."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _hand_over(self, to: str, subject: str, text: str) -> None:
        if not _ADDRESS.fullmatch(to):
            raise MailError("bounced", f"{to!r} is no address")
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = SENDER, to, subject
        message.set_content(text)
        try:
            self._submit(to, message.as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[to]
            outcome = "bounced" if code >= 500 else "refused"
            raise MailError(outcome, _said(code, words)) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise MailError("refused", _said(error.smtp_code, error.smtp_error)) from error
        except OSError as error:  # smtplib's own errors are OSErrors too
            self.close()
            raise MailError("unreachable", f"the mail server cannot be reached: {error}") from error

    def _submit(self, to: str, message: bytes) -> None:
        if self._server is not None:
            try:
                self._server.sendmail(SENDER, [to], message)
            except smtplib.SMTPServerDisconnected:
                self.close()  # it was closed while it was idle: once more, on a new one
            else:
                return
        server = smtplib.SMTP("127.0.0.1", self._port, "shop.example", TIMEOUT_S)
        self._server = server
        # Read for each sign-in: the password may have been changed.
        server.login(USER, self._password.read_text())
        server.sendmail(SENDER, [to], message)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"the mail server refuses: {code} {text}"
