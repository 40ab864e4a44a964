"""The playbooks an incident follows, and the checks that were run in it, as they stand. Frozen."""

from datetime import datetime

import msgspec

from warroom.incident.following import StepState
from warroom.sharing.kinds import Name, Person


class StepSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a playbook that somebody has touched."""

    state: StepState
    by: Person
    at: datetime
    text: str = ""


class FollowedSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A playbook that is followed: since when, by whom, and what held for it then. ``left`` is when
    it was left, None while it is followed; ``steps`` are those that were touched, by their text."""

    name: Name
    title: str
    at: datetime
    by: Person
    evidence: tuple[str, ...] = ()
    left: datetime | None = None
    steps: dict[str, StepSeen] = {}


class CheckSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The newest run of a check, by its ``entry``'s number."""

    at: datetime
    by: Person
    entry: int
    ok: bool | None = None
    text: str = ""
