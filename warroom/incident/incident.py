"""An incident as it stands: what the fold of its entries comes to. Frozen."""

from datetime import date, datetime
from typing import Literal

import msgspec

from warroom.incident.acting.kinds import OutcomeWord, VerdictWord
from warroom.incident.actor import Actor
from warroom.incident.assessment import Assessment
from warroom.incident.entries import Link, Resolved
from warroom.incident.followed import CheckSeen, FollowedSeen
from warroom.incident.outward import DeliveryState, EvidenceFile, Purpose
from warroom.severity import Level
from warroom.sharing.kinds import Ident, Name, Person, Titled


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a role, since when, and what was said at the handover."""

    person: Person
    since: datetime
    brief: str = ""


class ImpactSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is hit, as far as it was said. ``share`` in per cent."""

    services: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    users: int | None = None
    share: float | None = None
    money: str = ""
    data_loss: bool | None = None
    exposed: bool | None = None
    legal: bool | None = None
    text: str = ""


class CauseSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why it happened, as far as it was said."""

    text: str = ""
    trigger: str = ""
    safeguards: str = ""
    blast_radius: str = ""


class TaskSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A task: to whom, until when, and what came of it."""

    task: int
    who: Person
    text: str
    given: datetime
    due: datetime | None = None
    state: Literal["open", "done", "dropped"] = "open"
    by: Person = ""
    """Who gave it, or ended it."""


class FollowUpSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done afterwards."""

    item: int
    text: str
    owner: Person = ""
    due: date | None = None
    sort: str = ""
    ticket: str = ""
    state: Literal["open", "done", "dropped"] = "open"


class Ticked(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a checklist that somebody has touched."""

    state: Literal["done", "open", "watch"]
    by: Person
    at: datetime
    until: datetime | None = None


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """How an entry should read: by whom it was corrected, when, and by which entry."""

    by: Actor
    when: datetime
    entry: int
    text: str | None = None
    at: datetime | None = None


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Something people were reminded of; ``seen`` names who has seen it."""

    key: str
    text: str
    at: datetime
    who: tuple[str, ...] = ()
    seen: Person = ""


class LevelStep(msgspec.Struct, frozen=True, kw_only=True):
    """When the incident took a level."""

    at: datetime
    level: Level


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """The newest update that was given; ``next`` is when another one was promised."""

    at: datetime
    next: datetime | None = None


class DeliverySeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a message stands at one receiver: since when, what was said of it, and who did it."""

    receiver: str
    state: DeliveryState
    at: datetime
    text: str = ""
    by: Person = ""


class MessageSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message that was confirmed, by its ``entry``'s number; ``head`` is its first line."""

    entry: int
    purpose: Purpose
    at: datetime
    by: Person
    head: str
    deliveries: tuple[DeliverySeen, ...]


class RunSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An action that was run, by its first entry's number: by whom, how it ended, what came of
    it. ``outcome`` is None while it runs, ``verdict`` until the signals have spoken."""

    run: Ident
    action: Name
    title: str
    entry: int
    at: datetime
    by: Person
    reach: str = ""
    outcome: OutcomeWord | None = None
    text: str = ""
    verdict: VerdictWord | None = None
    verdict_text: str = ""


class DueSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something due afterwards that somebody has touched."""

    state: Literal["open", "done", "dropped"]
    by: Person
    at: datetime
    text: str = ""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident. ``number`` is its newest entry's, so the count of its entries too; ``last``
    is that entry's place in the journal."""

    id: Ident
    title: Titled
    declared: datetime
    started: datetime
    by: Actor
    level: Level = ""
    levels: tuple[LevelStep, ...] = ()
    status: str = ""
    phase: str = ""
    channel: str = ""
    links: tuple[Link, ...] = ()
    assessment: Assessment | None = None
    roles: dict[str, Held] = {}
    milestones: dict[str, datetime] = {}
    impact: ImpactSeen = ImpactSeen()
    cause: CauseSeen = CauseSeen()
    reports: int = 0
    update: Promise | None = None
    tasks: tuple[TaskSeen, ...] = ()
    follow_ups: tuple[FollowUpSeen, ...] = ()
    ticks: dict[str, dict[str, Ticked]] = {}
    reminders: dict[str, Reminder] = {}
    keys: tuple[int, ...] = ()
    """The numbers of the entries that are key events, ascending."""
    corrections: dict[int, Corrected] = {}
    messages: tuple[MessageSeen, ...] = ()
    runs: tuple[RunSeen, ...] = ()
    """The actions that were run, in their order."""
    playbooks: tuple[FollowedSeen, ...] = ()
    """Those that were ever followed, the one begun last at the end."""
    proposed: tuple[str, ...] = ()
    """The names of the playbooks that fitted, in the order they did."""
    checked: dict[str, CheckSeen] = {}
    """By check, the newest run of each; ``probe SOURCE`` is a source that was asked."""
    sources: tuple[Name, ...] = ()
    """The sources that were not well while it was open, in the order they turned so."""
    dues: dict[str, DueSeen] = {}
    evidence: tuple[EvidenceFile, ...] = ()
    resolved: datetime | None = None
    resolution: Resolved | None = None
    people: tuple[Person, ...] = ()
    """Who has written in it, in the order they came."""
    number: int = 0
    last: int = 0

    @property
    def open(self) -> bool:
        return self.resolved is None


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """The checklists that belong to no incident: when each was begun, and its ticks."""

    begun: dict[str, datetime] = {}
    ticks: dict[str, dict[str, Ticked]] = {}
    last: int = 0


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in a line, for a list of all."""

    id: Ident
    title: Titled
    level: Level
    status: str
    started: datetime
    declared: datetime
    resolved: datetime | None = None
    entries: int = 0
    levels: tuple[Level, ...] = ()
    """Those that it had, in their order."""
    dues: dict[str, DueSeen] = {}


def summary(incident: Incident) -> Summary:
    """An incident in a line."""
    return Summary(
        id=incident.id,
        title=incident.title,
        level=incident.level,
        status=incident.status,
        started=incident.started,
        declared=incident.declared,
        resolved=incident.resolved,
        entries=incident.number,
        levels=tuple(dict.fromkeys((*(step.level for step in incident.levels), incident.level))),
        dues=incident.dues,
    )
