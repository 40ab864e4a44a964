"""What the engine says."""

import msgspec

from warroom import __version__
from warroom.incident import following
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.plan import Plan
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.incident.actor import Actor
from warroom.incident.drafted import Checked, Drafted
from warroom.incident.entries import Entry
from warroom.incident.gate import Condition
from warroom.incident.incident import Incident, Lists, Summary
from warroom.incident.procedures import Procedures
from warroom.measure.past import Past
from warroom.playbooks.standing import Proposal, Shelf
from warroom.severity import Scale
from warroom.sharing.kinds import Explained, Ident, Name, Person
from warroom.wire.limits import PROTOCOL
from warroom.wire.requests import Grant
from warroom.wire.terminal import TerminalStatus
from warroom.wire.views import RoomView, SourceView


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome", tag_field="type"):
    """The engine's first word: who it is, what it grants, and the scale of its levels. ``shared``
    is whether all it says to this one is masked."""

    protocol: int
    version: Ident
    pid: int
    granted: Grant
    actor: Actor
    scale: Scale
    shared: bool = False


class Board(msgspec.Struct, frozen=True, kw_only=True, tag="board", tag_field="type"):
    """All there is to watch: sent after ``Welcome``, and again when the configuration was
    reloaded. A ``Timeline`` follows it.

    ``scale`` is None but after a reload that may have changed it.
    """

    room: RoomView
    sources: tuple[SourceView, ...]
    scale: Scale | None = None
    past: Past = Past()
    procedures: Procedures = Procedures()
    proposals: tuple[Proposal, ...] = ()


class Changed(msgspec.Struct, frozen=True, kw_only=True, tag="changed", tag_field="type"):
    """The sources that changed since the last message, whole; the room when it changed, the past
    when something new belongs to it, and all playbooks that fit when others do, or for another
    reason."""

    sources: tuple[SourceView, ...] = ()
    room: RoomView | None = None
    past: Past | None = None
    proposals: tuple[Proposal, ...] | None = None


class Timeline(msgspec.Struct, frozen=True, kw_only=True, tag="timeline", tag_field="type"):
    """What moved of the incidents: each whole that changed, with its new entries, oldest first.

    ``whole`` is true for the first one of a connection: it tells every incident that is shown,
    and of each at most ``NEWEST`` entries. A gap in the entries' numbers is to be asked for with
    ``GetEntries``. ``lists`` are the checklists that belong to no incident, None where they did
    not change.
    """

    incidents: tuple[Incident, ...] = ()
    entries: tuple[Entry, ...] = ()
    lists: Lists | None = None
    whole: bool = False


class Acting(msgspec.Struct, frozen=True, kw_only=True, tag="acting", tag_field="type"):
    """What can be done, what is being done, and what is still on.

    ``runs`` are those that changed, whole; with ``whole`` all that are shown, and the ``actions``.
    ``shown`` are the names of all that are shown: another one did not begin after all, or is
    long over. ``on`` is always all of it. ``locked`` is whether this console must be armed before
    it acts, ``armed`` for how many seconds it is, ``refused`` why it may not act at all.
    """

    runs: tuple[RunView, ...] = ()
    shown: tuple[Ident, ...] | None = None
    on: tuple[On, ...] = ()
    actions: tuple[ActionView, ...] | None = None
    whole: bool = False
    locked: bool = False
    armed: float | None = None
    refused: str = ""


class Beat(msgspec.Struct, frozen=True, kw_only=True, tag="beat", tag_field="type"):
    """The engine lives. Sent every ``BEAT`` seconds."""


class ConsoleStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One attached console, for ``warroom status``. ``attached_s`` is in seconds; ``terminal`` is
    None where the console has not told of one (yet)."""

    user: Person
    uid: int | None
    attested: bool
    granted: Grant
    attached_s: float
    terminal: TerminalStatus | None = None


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One source's counters, for ``warroom status``. ``load`` says in words what one poll asks
    of the system; empty where that is plain."""

    name: Name
    polls: int
    failures: int
    skipped: int
    age_s: float | None
    poll_p95_ms: float | None
    load: str = ""


class EngineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The engine itself, for ``warroom status``. ``tasks`` are those of its event loop."""

    pid: int
    uptime_s: float
    version: Ident
    tasks: int = 0


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What ``warroom status --json`` prints. ``incidents`` are those that are open, ``waiting``
    the entries that are not on disk yet, ``outbox`` the messages that wait to be sent, ``running``
    the actions that run, ``on`` the names of what is still on."""

    engine: EngineStatus
    incidents: tuple[Summary, ...] = ()
    waiting: int = 0
    outbox: int = 0
    running: int = 0
    on: tuple[str, ...] = ()
    consoles: tuple[ConsoleStatus, ...]
    sources: tuple[SourceStatus, ...]
    past: Past = Past()
    proposals: tuple[Proposal, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="answer", tag_field="type"):
    """What came of a request: in words, for ``GetStatus`` the figures, and for ``Inspect`` a
    text of several lines.

    ``entry`` is what was written, and is durable. ``waits`` is true for what could not be made
    durable yet: the engine keeps it in memory, writes it when it can, and tells it then.
    ``conditions`` are what must be so before an incident is resolved, for ``Resolve``; ``draft``
    is for ``GetDraft``, ``checked`` for ``CheckMessage`` and a ``SendMessage`` that was refused;
    ``plan`` for ``PlanAction``, ``run`` for ``RunAction``, ``acting`` for ``GetActing``,
    ``shelf`` for ``GetPlaybooks``; ``RunCheck`` has its result in ``message`` and ``text``, and
    in ``ran`` whether it is good.
    """

    ref: int
    ok: bool
    message: str = ""
    text: Explained = ""
    status: Status | None = None
    entry: Entry | None = None
    incident: Incident | None = None
    entries: tuple[Entry, ...] = ()
    incidents: tuple[Summary, ...] = ()
    conditions: tuple[Condition, ...] = ()
    draft: Drafted | None = None
    checked: Checked | None = None
    plan: Plan | None = None
    run: RunView | None = None
    acting: Acting | None = None
    shelf: Shelf | None = None
    ran: following.Checked | None = None
    waits: bool = False


class Goodbye(msgspec.Struct, frozen=True, kw_only=True, tag="goodbye", tag_field="type"):
    """The engine ends this connection, and why. ``restart`` is false when it means to stay
    away (somebody typed ``warroom stop``), so that a console does not start it again.
    ``protocol`` is the engine's own, for one who was refused for speaking another."""

    reason: str
    restart: bool = True
    protocol: int = PROTOCOL
    version: Ident = __version__


EngineMessage = Welcome | Board | Changed | Timeline | Acting | Beat | Answer | Goodbye
