"""The door of every way a message is sent.

A sender sends once. Until it calls ``begun`` nothing of the message has left this machine; from
then on, whatever goes wrong, nobody knows whether it was taken, unless the other side said so.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from warroom.incident.outward import Purpose, Receiver
from warroom.severity import Level

Begun = Callable[[], Awaitable[None]]
"""Awaited once, after the connection stands and before the first byte of the message leaves. What
it raises ends the attempt, with nothing sent, and comes out of ``send``."""

DEADLINE = 20.0
"""Seconds an attempt may take as a whole, if the receiver's settings say nothing else."""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way, and what a template of a receiver may say of its incident. ``at`` is
    when it was confirmed, ``by`` by whom; ``key`` is the same for all messages of an incident in
    this room (a pager's dedup key)."""

    incident: str
    key: str
    purpose: Purpose
    subject: str
    text: str
    at: datetime
    by: str
    title: str
    level: Level
    rank: int
    """The level's place in the scale, 0 the worst; -1 for none."""
    status: str
    room: str
    environment: str
    started: datetime
    sources: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    next: datetime | None = None
    digest: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt, and in words what was answered. ``waiting``: nothing was sent, or
    the other side said to come again (``again``, in seconds); ``failed``: refused for good;
    ``unknown``: it was sent, and no answer tells whether it was taken."""

    state: Literal["sent", "failed", "unknown", "waiting"]
    text: str
    again: float | None = None


class Sender(Protocol):
    """One way to one receiver. Frozen; every ``send`` is a fresh connection, and no retry."""

    @property
    def receiver(self) -> Receiver: ...

    def preview(self, outgoing: Outgoing) -> str:
        """What exactly would go out, without secrets. Raises ``MessageError`` when it cannot be
        made (a template of the receiver's that does not render)."""
        ...

    async def send(self, outgoing: Outgoing, begun: Begun) -> Outcome:
        """Send it, once. Raises what ``begun`` raises; else never but when cancelled."""
        ...
