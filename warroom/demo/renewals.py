"""Secrets, certificates and zones brought up to date, as an operator does it."""

from datetime import UTC, datetime

import msgspec

from warroom.demo.calling import post
from warroom.demo.certificates import GOOD_FOR
from warroom.demo.parts import Parts
from warroom.demo.secret_files import SecretFiles, follow


async def certificate(parts: Parts) -> datetime:
    """Have the TLS front show a new certificate, and return until when it is good.

    UnchangedError when the front does not take it.
    """
    until = datetime.now(UTC) + GOOD_FOR
    await parts.put_certificate(until)
    return until


async def webhook_secret(parts: Parts) -> int:
    """Give the shop the provider's signing secret, have the provider send again what waits,
    and return how many events those are; DemoError when the provider does not answer."""
    held = SecretFiles(parts.settings.folder.secrets)
    follow(held.webhook, held.webhook_at_provider)
    answer = await ask_provider(parts, "/v1/events/resend")
    return msgspec.json.decode(answer, type=dict[str, int])["resent"]


def webhook_secret_is_shared(parts: Parts) -> bool:
    """Whether shop and provider have the same."""
    held = SecretFiles(parts.settings.folder.secrets)
    return held.webhook.read_bytes() == held.webhook_at_provider.read_bytes()


def mail_password(parts: Parts) -> bool:
    """Give the shop the mail server's password; whether it was another before."""
    held = SecretFiles(parts.settings.folder.secrets)
    changed = held.mail.read_bytes() != held.mail_at_server.read_bytes()
    follow(held.mail, held.mail_at_server)
    return changed


def zone(parts: Parts) -> bool:
    """Give the second name server the zone of the first; whether it was another before."""
    stale = parts.settings.folder.stale_zone
    changed = stale.exists()
    stale.unlink(missing_ok=True)
    return changed


async def ask_provider(parts: Parts, path: str) -> bytes:
    """One POST to the payments provider's API as the shop."""
    return await post(parts.settings.provider_port, path, parts.settings.provider_key)
