"""What ties a message that was shown to the one that is sent and to the one that is journalled."""

import hashlib
from datetime import UTC, datetime

import msgspec

from warroom.incident.outward import Purpose


def digest_of(
    incident: str,
    purpose: Purpose,
    subject: str,
    text: str,
    next_update: datetime | None,
    receivers: tuple[str, ...],
) -> str:
    """The SHA-256, in hex, of everything about a message that a person confirms."""
    promised = None if next_update is None else next_update.astimezone(UTC).isoformat()
    shown = [incident, purpose, subject, text, promised, sorted(receivers)]
    return hashlib.sha256(msgspec.json.encode(shown)).hexdigest()
