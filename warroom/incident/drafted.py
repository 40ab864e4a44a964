"""A message before it is sent: drafted, judged, and shown as it would go out."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.incident.outward import Purpose
from warroom.sharing.kinds import Ident

BRIEF = "brief"
"""What is read to somebody who joins late: drafted like a message, and sent to nobody."""


class Drafted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A draft: ``template`` names what made it (``built in``, or a file). Where the team's own
    template did not render, ``problem`` says so with file and line, and the text is the built-in
    one's. ``receivers`` are those it is routed to."""

    purpose: Purpose | Literal["brief"]
    text: str
    subject: str = ""
    next: datetime | None = None
    template: Ident = "built in"
    problem: str = ""
    receivers: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing the linter has found: ``rule`` is its short name, ``text`` says what is wrong and
    what to do. ``line`` counts from 1, 0 where it is of no line; ``start`` and ``end`` are
    characters of that line."""

    rule: Ident
    text: str
    line: int = 0
    start: int = 0
    end: int = 0


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What exactly would go to one receiver, without its secrets; or, in ``refused``, why nothing
    can."""

    receiver: str
    text: str = ""
    refused: str = ""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A message judged. ``digest`` is the SHA-256 that ties what is shown to what is sent."""

    findings: tuple[Finding, ...]
    previews: tuple[Preview, ...]
    digest: Ident
