"""How a team runs an incident, as its configuration says it; what is built in is the default.

Nothing of a team stands in code: statuses, phases, milestones, roles, the matrix, the ladder of
escalation, contacts, checklists and times all come through here, to engine and console alike.
All spans are in seconds.
"""

from typing import Literal

import msgspec

from warroom.incident.assessment import MatrixRow
from warroom.incident.outward import Receiver
from warroom.severity import Level
from warroom.sharing.kinds import Name, Person, Phone


class StatusStep(msgspec.Struct, frozen=True, kw_only=True):
    """A status. ``phase`` is entered with it where one is named; a ``final`` one is only reached
    by resolving."""

    name: str
    phase: str = ""
    final: bool = False


class PhaseStep(msgspec.Struct, frozen=True, kw_only=True):
    """A phase: when it is meant to run, from the start of the incident; None where not said."""

    name: str
    begins: float | None = None
    ends: float | None = None


class MilestoneStep(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone, and the one key that says it was reached."""

    name: str
    key: str


class RoleKind(msgspec.Struct, frozen=True, kw_only=True):
    """A role. The one that ``leads`` is the commander; one that ``fixes`` works on the cause.
    Who leads must not fix as well."""

    name: Name
    leads: bool = False
    fixes: bool = False


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A person, a team or a vendor's support, and how to reach them; empty where not known."""

    name: Person
    role: Name = ""
    phone: Phone = ""
    mail: str = ""
    chat: Person = ""
    pager: Phone = ""
    page: str = ""
    """A vendor's status page or support address."""
    vendor: bool = False

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """How to reach them: the ways that are known, the most urgent first."""
        named = ("pager", "phone", "chat", "mail", "page")
        return tuple((way, getattr(self, way)) for way in named if getattr(self, way))


Condition = Literal[
    "breach", "data at risk", "data exposed", "data lost", "security at risk", "legal"
]
"""What makes a rung fire, whatever the time."""


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One rung of the ladder: when it fires, and whom to tell, by contact's name or role.

    It fires when its condition holds; without one, when ``after`` has passed since the incident
    started. With both, both are needed. ``levels`` limits it to these; empty is any.
    """

    name: str
    tell: tuple[str, ...]
    levels: tuple[Level, ...] = ()
    after: float | None = None
    when: Literal["", Condition] = ""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do. ``watch`` is how long it is watched before it is done; None for at once."""

    text: str
    watch: float | None = None


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """A list of things to do. It is for these phases and levels; empty is any. One that is
    ``alone`` belongs to no incident (a deployment); ``recovery`` is what the gate asks for."""

    name: str
    items: tuple[Item, ...]
    phases: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    alone: bool = False
    recovery: bool = False


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What must be so before an incident is resolved: all signals OK for ``well_for``, and these
    sources seen to be well after the fix."""

    well_for: float = 300.0
    checks: tuple[str, ...] = ()
    recovery: bool = True
    """Whether every recovery checklist must be done."""


class LinkPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A link that every incident gets; ``{id}``, ``{date}``, ``{slug}`` are filled in."""

    name: str
    address: str


class DueStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must be done afterwards, ``within`` so many seconds of the resolution. It is
    for incidents of these levels; empty is any."""

    name: str
    within: float
    levels: tuple[Level, ...] = ()


class Procedures(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. ``id`` and ``channel`` are patterns of ``{date}`` (2026-11-27), ``{day}``
    (20261127), ``{counter}`` (001), ``{slug}``, and in the channel ``{id}``.

    ``cadence`` is the span between two updates by level. ``grace`` is how long an incident may
    be without a commander or a level before somebody is reminded.
    """

    id: str = "INC-{day}-{counter}"
    channel: str = "#incident-{date}-{slug}"
    links: tuple[LinkPattern, ...] = ()
    statuses: tuple[StatusStep, ...] = ()
    phases: tuple[PhaseStep, ...] = ()
    milestones: tuple[MilestoneStep, ...] = ()
    acknowledged: str = "acknowledged"
    """The milestone that stops the clock of the response time."""
    fixed: str = "mitigation deployed"
    """The milestone after which the gate's checks must have passed."""
    roles: tuple[RoleKind, ...] = ()
    resolutions: tuple[str, ...] = ()
    cadence: dict[Level, float] = {}
    grace: float = 120.0
    impacts: tuple[str, ...] = ()
    """The classes of impact an assessment chooses from, worst first."""
    scopes: tuple[str, ...] = ()
    currency: str = "$"
    matrix: tuple[MatrixRow, ...] = ()
    escalation: tuple[Rung, ...] = ()
    contacts: tuple[Contact, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    sorts: tuple[str, ...] = ()
    """The kinds of follow-ups."""
    gate: Gate = Gate()
    dues: tuple[DueStep, ...] = ()
    """What is due after an incident, soonest first."""
    receivers: tuple[Receiver, ...] = ()
    """To whom messages can be sent."""

    @property
    def commander(self) -> str:
        """The role that leads; empty where the team has none."""
        return next((role.name for role in self.roles if role.leads), "")

    @property
    def fixers(self) -> tuple[str, ...]:
        """The roles that work on the cause."""
        return tuple(role.name for role in self.roles if role.fixes)

    @property
    def final(self) -> str:
        """The status that resolving gives."""
        return next((step.name for step in self.statuses if step.final), "Resolved")

    def reach(self, name: str) -> tuple[Contact, ...]:
        """The contacts of that name or role, whatever the case of its letters."""
        wanted = name.casefold()
        return tuple(c for c in self.contacts if wanted in (c.name.casefold(), c.role.casefold()))
