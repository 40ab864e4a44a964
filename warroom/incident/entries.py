"""The journal's entries: an envelope that every one has, and a body for each kind.

An entry is never changed. What turns out wrong is corrected by another entry that names it;
the incident as it stands is the fold of its entries (``warroom.incident.fold``).
Times are aware and in UTC; spans are in seconds.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, StillOn
from warroom.incident.actor import Actor
from warroom.incident.assessment import Assessment
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.outward import Delivery, Evidence, Message
from warroom.incident.tagged import Tagged
from warroom.severity import Level
from warroom.sharing.kinds import Ident, Name, Person, Titled


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address that belongs to the incident: thread, bridge, ticket, status page."""

    name: str
    address: str


# --- what people say ----------------------------------------------------------------------


class Note(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="note"):
    """Plain words; may have several lines."""

    text: str


class Decision(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="decision"):
    """What was decided."""

    text: str


class Severity(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="severity"):
    """Another level, and why. ``before`` is the level until then, empty where there was none."""

    level: Level
    reason: str = ""
    before: Level = ""
    assessment: Assessment | None = None


class Status(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="status"):
    """Another status."""

    status: str
    before: str = ""
    text: str = ""


class Phase(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="phase"):
    """Another phase of the team's procedure."""

    phase: str
    before: str = ""


class Milestone(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="milestone"):
    """A milestone was reached, at the time the entry ``happened``. ``odd`` says in words what
    is wrong with its order, and is empty where it is right."""

    name: str
    text: str = ""
    odd: str = ""


class Role(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="role"):
    """Somebody takes a role over; ``person`` is empty where it is given up. ``brief`` is what
    was said at the handover."""

    role: Name
    person: Person
    before: Person = ""
    brief: str = ""


class Impact(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="impact"):
    """What is hit. None says nothing of it; what was said before still stands.

    ``share`` is of all users, in per cent. ``money`` is as people write it.
    """

    services: tuple[str, ...] | None = None
    features: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    users: int | None = None
    share: float | None = None
    money: str | None = None
    data_loss: bool | None = None
    exposed: bool | None = None
    """Whether data was exposed: a breach."""
    legal: bool | None = None
    """Whether it has become a matter of law or compliance."""
    text: str | None = None


class Cause(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="cause"):
    """Why it happened. None says nothing of it; what was said before still stands."""

    text: str | None = None
    trigger: str | None = None
    safeguards: str | None = None
    """Which safeguards failed."""
    blast_radius: str | None = None


class Report(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="report"):
    """People reported trouble: so many, from where (support, social media)."""

    count: int = 1
    via: str = ""
    text: str = ""


class Task(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="task"):
    """A task as it now stands: given to a person until ``due``, given more time, done or
    dropped. ``task`` is its number, 0 for a new one."""

    task: int = 0
    who: Person = ""
    text: str = ""
    due: datetime | None = None
    state: Literal["open", "done", "dropped"] = "open"


class FollowUp(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="follow-up"):
    """Something to be done after the incident, as it now stands. ``item`` is its number, 0 for a
    new one; ``sort`` the team's kind of it: prevent, detect, respond."""

    item: int = 0
    text: str = ""
    owner: Person = ""
    due: date | None = None
    sort: str = ""
    ticket: str = ""
    state: Literal["open", "done", "dropped"] = "open"


class Mark(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="mark"):
    """An entry, by its number, is a key event; or is none any more."""

    entry: int
    key: bool = True


class Correction(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="correction"):
    """An entry, by its number, should read so; or should have happened then. Empty words take
    the entry back. The old one stays readable."""

    entry: int
    text: str | None = None
    at: datetime | None = None


class Tick(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="tick"):
    """An item of a checklist is done, open again, or being watched until ``until``."""

    checklist: str
    item: str
    state: Literal["done", "open", "watch"] = "done"
    until: datetime | None = None


class StartList(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="list"):
    """A checklist is begun anew: every item is open."""

    checklist: str


class SetLink(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="link"):
    """An address of the incident; an empty one takes it away."""

    name: str
    address: str


class Title(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="title"):
    """The incident is called otherwise."""

    title: Titled


class Update(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="update"):
    """People were told: what, and until when the next word was promised (None for no promise)."""

    text: str
    audience: str = ""
    next: datetime | None = None


class Due(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="due"):
    """What is due after the incident, by its name: done, dropped, or open again."""

    name: str
    state: Literal["open", "done", "dropped"] = "done"
    text: str = ""


class Seen(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="seen"):
    """Somebody has seen a reminder, by its key: it need not stand on the screen any more."""

    nag: str
    text: str = ""


class Reopened(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="reopened"):
    """It was not over."""

    reason: str
    status: str = ""


# --- what the engine writes ---------------------------------------------------------------


class Declared(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="declared"):
    """An incident is declared. ``started`` is when it began, which may be earlier. An empty
    ``level`` says that nobody has given one yet."""

    title: Titled
    started: datetime
    level: Level = ""
    status: str = ""
    phase: str = ""
    channel: str = ""
    links: tuple[Link, ...] = ()
    assessment: Assessment | None = None
    board: Level = ""
    """The board's worst level at that moment."""


class Observed(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="observed"):
    """What the watch saw: a source's level changed, a trouble began or ended, something of a
    watched system changed, somebody acknowledged a red, the engine itself came or went, a playbook
    fits (``proposed``)."""

    what: Literal["level", "onset", "change", "acknowledged", "engine", "flapping", "proposed"]
    text: str
    source: Name = ""
    level: Level = ""
    before: Level = ""
    playbook: Name = ""
    """The name of the playbook that fits."""


class Nag(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="nag"):
    """The room reminds people of something, once. ``key`` tells reminders apart, ``who`` is
    whom to reach and how."""

    key: str
    text: str
    who: tuple[str, ...] = ()


class Resolved(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="resolved"):
    """It is over. ``how`` is the team's word for it (rollback, hotfix). Where conditions were not
    met, ``unmet`` lists them and ``override`` is the reason why it was resolved all the same."""

    how: str = ""
    text: str = ""
    status: str = ""
    unmet: tuple[str, ...] = ()
    override: str = ""


Said = (
    Note | Decision | Severity | Status | Phase | Milestone | Role | Impact | Cause | Report
    | Task | FollowUp | Mark | Correction | Tick | StartList | SetLink | Title | Update | Due | Seen
    | Reopened | Followed | PlaybookStep
)  # fmt: skip
"""What a person may write by a request; the rest is the engine's own to write."""

Acted = ActionStarted | ActionFinished | ActionVerdict | StillOn
"""What is written of actions."""

Body = (
    Said | Declared | Observed | Nag | Resolved | Message | Delivery | Evidence | Acted | Checked
)  # fmt: skip


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the journal, durable.

    ``seq`` counts the journal's entries from 1. ``incident`` is empty for what belongs to the
    room and no incident; ``number`` counts the entries of one incident from 1, and is what people
    call it by. ``happened`` is when it was so, ``written`` when it was recorded. ``once`` is what
    its writer called it, so that sent twice it is written once; empty where nobody did.
    ``previous`` and ``hash`` are SHA-256 in hex: the chain (``warroom.journal.chain``).
    """

    seq: int
    incident: Ident
    number: int
    happened: datetime
    written: datetime
    actor: Actor
    body: Body
    once: Ident = ""
    previous: Ident = ""
    hash: Ident = ""

    @property
    def kind(self) -> str:
        """The body's tag."""
        return kind_of(self.body)


def kind_of(body: Body) -> str:
    """The tag of a body: ``note``, ``severity`` …"""
    tag = type(body).__struct_config__.tag
    assert isinstance(tag, str)
    return tag


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry on its way to the journal: all but what the journal itself gives it."""

    incident: str
    happened: datetime
    actor: Actor
    body: Body
    once: str = ""
