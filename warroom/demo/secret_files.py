"""Secrets that change while the shop runs: one to a file, read each time one is needed.

Each is held twice where two sides must agree, as in the world: what we hold, and what the
other side holds. A roll on one side is a fault until the other has followed.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from warroom.demo.private_file import write_private


@dataclass(frozen=True)
class SecretFiles:
    """The files' places in the folder `home`; each has mode 0600."""

    home: Path

    @property
    def webhook(self) -> Path:
        """With which the shop checks the payments provider's events."""
        return self.home / "webhook"

    @property
    def webhook_at_provider(self) -> Path:
        """With which the provider signs them."""
        return self.home / "webhook-at-provider"

    @property
    def mail(self) -> Path:
        """The password with which the shop signs in to the mail server."""
        return self.home / "mail"

    @property
    def mail_at_server(self) -> Path:
        """The one that the mail server takes."""
        return self.home / "mail-at-server"

    @property
    def test_mail(self) -> Path:
        """The bearer token for POST /api/mail/test."""
        return self.home / "test-mail"

    @property
    def monitor(self) -> Path:
        """The password of `monitor`, as whom the database and Redis are watched."""
        return self.home / "monitor"

    @property
    def operator(self) -> Path:
        """The password of `operator`, as whom the database and Redis are operated."""
        return self.home / "operator"

    @property
    def admin(self) -> Path:
        """The bearer token for the web app's /admin/."""
        return self.home / "admin"

    @property
    def tracker(self) -> Path:
        """The token with which the error tracker's issues are read."""
        return self.home / "tracker"

    @property
    def chat(self) -> Path:
        """The address of the webhook by which messages come to the team's chat."""
        return self.home / "chat"

    def make(self, chat: str) -> None:
        """Make all of them, both sides agreed; ``chat`` is where the team's chat is."""
        for ours, theirs in (
            (self.webhook, self.webhook_at_provider),
            (self.mail, self.mail_at_server),
        ):
            renew(theirs)
            follow(ours, theirs)
        renew(self.test_mail)
        renew(self.monitor)
        renew(self.operator)
        renew(self.admin)
        renew(self.tracker)
        write_private(self.chat, f"{chat}/hooks/{secrets.token_hex(16)}".encode())


def renew(path: Path) -> None:
    """Put a new secret of 128 bits into the file."""
    write_private(path, secrets.token_hex(16).encode())


def follow(ours: Path, theirs: Path) -> None:
    """Take over the other side's secret."""
    write_private(ours, theirs.read_bytes())
