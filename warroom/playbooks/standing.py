"""How playbooks stand against what is seen now."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.playbooks.playbook import CheckView, Playbook
from warroom.sharing.kinds import Name

Holds = Literal["holds", "counting", "no", "unknown", "unwatched"]
"""``counting``: it is so, but not for long enough yet. ``unknown``: what it asks for cannot be
seen now. ``unwatched``: nothing in this room tells it."""


class SymptomSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One symptom now. ``words`` are its evidence when it holds, otherwise how it is instead."""

    holds: Holds
    words: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A playbook whose symptoms hold. ``score`` is the weight of those that do, ``share`` what that
    is of all of its weight that is watched; ``since`` is when it began to hold."""

    playbook: Name
    title: str
    evidence: tuple[str, ...]
    score: int
    share: float
    since: datetime


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """All playbooks and checks of the room. ``seen`` has the symptoms of each, in their order;
    ``proposals`` are those that fit, the best first."""

    playbooks: tuple[Playbook, ...] = ()
    checks: tuple[CheckView, ...] = ()
    seen: dict[str, tuple[SymptomSeen, ...]] = {}
    proposals: tuple[Proposal, ...] = ()
