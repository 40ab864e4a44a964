"""A message that was begun and not sent: it outlives its screen, and the console."""

from datetime import datetime

import msgspec

from warroom.incident.outward import Purpose


class Half(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in the fields of a message."""

    incident: str
    purpose: Purpose
    text: str
    subject: str = ""
    next: datetime | None = None
    receivers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.purpose} {self.incident}"
