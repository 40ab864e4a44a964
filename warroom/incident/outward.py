"""What leaves the room: messages, what became of each, and the evidence that is kept beside it.

A message is one entry, durable before anything of it is sent. What becomes of it at each receiver
are entries of their own, so that an engine that was killed in between knows what it does not know.
"""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from warroom.incident.tagged import Tagged
from warroom.sharing.kinds import Ident, Name

Purpose = Literal["first", "update", "resolution", "customers", "status", "acknowledge"]
"""What a message is: first notice, update, resolution, the customers' mail, the status page's text,
and that somebody is at it (for pagers)."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

PURPOSE_WORDS: dict[Purpose, str] = {
    "first": "first notice",
    "update": "update",
    "resolution": "resolution",
    "customers": "customers' mail",
    "status": "status page",
    "acknowledge": "acknowledgement",
}
"""How each is called on a screen."""

CLIPBOARD = "clipboard"
"""The receiver that is a person's own hand: it was copied. No configured one may be called so."""

DeliveryState = Literal["waiting", "sending", "sent", "failed", "unknown", "copied", "dropped"]
"""``waiting``: nothing of it was sent, it is tried again. ``sending``: it may be on its way.
``sent``: the other side took it. ``failed``: the other side refused it, nothing was taken.
``unknown``: it was sent, and nobody knows whether it was taken; it is not sent again unless a
person says so. ``copied``: a person took it along. ``dropped``: it is not to be sent any more."""


class Message(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="message"):
    """A message as a person confirmed it, and to whom it goes. ``next`` is when it promises the
    next one. ``odd`` is what the linter found in it, ``override`` why it goes out all the same.
    ``digest`` is the SHA-256 of what was shown (``digest_of``)."""

    purpose: Purpose
    text: str
    receivers: tuple[str, ...]
    subject: str = ""
    next: datetime | None = None
    odd: tuple[str, ...] = ()
    override: str = ""
    digest: Ident = ""


class Delivery(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="delivery"):
    """What became of a message, by its entry's number, at one receiver. ``text`` says it in words:
    what was answered, why it waits."""

    message: int
    receiver: str
    state: DeliveryState
    text: str = ""


class EvidenceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of evidence: its name in the incident's folder, its bytes, their SHA-256 in hex."""

    name: Ident
    size: int
    sha256: Ident


class Evidence(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="evidence"):
    """What lies beside the incident by now, with its hashes."""

    files: tuple[EvidenceFile, ...]
    text: str = ""


class Receiver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """To whom messages can go, as everybody may know it: no secret is in it.

    ``where`` says in words where it goes (``mail to team@…``). ``public`` is true where people
    outside the team read it. It takes these ``purposes``, of incidents of these ``levels`` and
    ``sources``; empty is any.
    """

    name: str
    kind: Literal["slack", "http", "mail", "pager"]
    title: str = ""
    where: str = ""
    public: bool = False
    purposes: tuple[Purpose, ...] = ()
    levels: tuple[str, ...] = ()
    sources: tuple[Name, ...] = ()
