"""The messages between engine and console: frozen structs, one JSON object a line.

A console says ``Hello``; the engine answers ``Welcome`` with what it grants, then the whole
``Board``, then ``Changed`` for every source that moved and ``Timeline`` for every incident that
did. ``Beat`` comes once a second, so that silence means something. Everything a console asks
carries a ``ref`` of its choosing, and its ``Answer`` the same one.
"""

from datetime import datetime
from typing import Literal

import msgspec

from warroom import __version__
from warroom.incident.actor import Actor
from warroom.incident.assessment import Assessment
from warroom.incident.entries import Entry, Said
from warroom.incident.gate import Condition
from warroom.incident.incident import Incident, Lists, Summary
from warroom.incident.procedures import Procedures
from warroom.measure.comparison import Threshold
from warroom.measure.past import Mark, Past
from warroom.measure.snapshot import Failure, Snapshot
from warroom.severity import OK, UNSEEN, Level, Scale

PROTOCOL = 5
"""Changes when an older peer could misread what a newer one says."""

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of the longest line an engine may send."""

REQUEST_LIMIT = 128 * 1024
"""Bytes of the longest line a console may send; a longer one ends the connection."""

HELLO_LIMIT = 5.0
"""Seconds after which a connection that has not said ``Hello`` is ended."""

NEWEST = 200
"""Entries of one incident that a console gets unasked, and at most in one answer."""

BEAT = 0.5
"""Seconds between the engine's beats."""
SILENCE = 1.6
"""Seconds without any message after which the engine is taken for gone."""

Grant = Literal["watch", "note", "act"]
State = Literal["UP", "DOWN", "CAN'T SEE", "MAINTENANCE"]
Proof = Literal["configured", "proven", "mismatch"]


class Limit(msgspec.Struct, frozen=True):
    """One step of a rule on a figure: the line to draw in its graph, and its name."""

    level: Level
    threshold: Threshold
    rule: str


class SignalView(msgspec.Struct, frozen=True, kw_only=True):
    """A signal with the level its rules give it, and the rule's words when not OK.

    ``of`` says which one it is where the figure is the worst of several. ``trend`` is its
    recent past, oldest first, None for a poll that did not see it; to five digits, for it
    is only drawn. ``limits`` are its rules' steps, worst first.
    """

    name: str
    value: float | None
    unit: str = ""
    of: str = ""
    level: Level = OK
    cause: str = ""
    trend: tuple[float | None, ...] = ()
    limits: tuple[Limit, ...] = ()


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has seen this red: it stays red and stops calling, until it worsens or ends."""

    by: str
    reason: str
    level: Level
    at: datetime
    until: datetime


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """One source as the board has it now.

    ``snapshot`` is the newest that saw something, kept when later polls fail; ``failure``
    is the newest poll's, None when it saw. ``age`` is how many seconds ago ``snapshot`` was
    taken when this was sent; None when nothing was ever seen. ``cause`` says in words why
    ``level`` is not OK, ``since`` when that level was taken, ``pending`` what is being
    counted towards ("1 of 2 polls to SEV1"). The first of ``signals`` is the main one.
    ``poll_p95`` is in seconds. ``marks`` are the deployments in the past of its figures.
    """

    name: str
    title: str
    kind: str
    interval: float
    state: State = "CAN'T SEE"
    level: Level = UNSEEN
    cause: str = ""
    since: datetime | None = None
    pending: str = ""
    on_request: bool = False
    snapshot: Snapshot | None = None
    failure: Failure | None = None
    age: float | None = None
    signals: tuple[SignalView, ...] = ()
    polls: int = 0
    failures: int = 0
    skipped: int = 0
    poll_p95: float | None = None
    acknowledged: Acknowledgement | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def trend(self) -> tuple[float | None, ...]:
        """The main figure's recent past."""
        return self.signals[0].trend if self.signals else ()

    @property
    def trend_unit(self) -> str:
        return self.signals[0].unit if self.signals else ""

    def signal(self, figure: str) -> SignalView | None:
        """The signal of that figure (the name without the source's), if it has it."""
        wanted = f"{self.name}.{figure}"
        return next((signal for signal in self.signals if signal.name == wanted), None)


class RoomView(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of the whole room: its worst level and why, and what is wrong with us.

    ``worst_source`` names the source the worst level comes from. ``proof`` says whether a
    connection itself named the environment; ``environment_seen`` is what it said.
    ``problems`` are our own troubles (a broken plugin, a configuration that was refused).
    ``cut_off`` says in words why nothing of the world can be seen from here; empty when it can.
    """

    name: str
    environment: str
    proof: Proof = "configured"
    environment_seen: str = ""
    worst: Level = OK
    worst_source: str = ""
    cause: str = ""
    since: datetime | None = None
    problems: tuple[str, ...] = ()
    cut_off: str = ""


# --- what the engine says -----------------------------------------------------------------


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome", tag_field="type"):
    """The engine's first word: who it is, what it grants, and the scale of its levels."""

    protocol: int
    version: str
    pid: int
    granted: Grant
    actor: Actor
    scale: Scale


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


class Changed(msgspec.Struct, frozen=True, kw_only=True, tag="changed", tag_field="type"):
    """The sources that changed since the last message, whole; the room when it changed, and
    the past when something new belongs to it."""

    sources: tuple[SourceView, ...] = ()
    room: RoomView | None = None
    past: Past | None = None


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


class Beat(msgspec.Struct, frozen=True, kw_only=True, tag="beat", tag_field="type"):
    """The engine lives. Sent every ``BEAT`` seconds."""


class ConsoleStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One attached console, for ``warroom status``. ``attached_s`` is in seconds."""

    user: str
    uid: int | None
    attested: bool
    granted: Grant
    attached_s: float


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One source's counters, for ``warroom status``. ``load`` says in words what one poll asks
    of the system; empty where that is plain."""

    name: str
    polls: int
    failures: int
    skipped: int
    age_s: float | None
    poll_p95_ms: float | None
    load: str = ""


class EngineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The engine itself, for ``warroom status``."""

    pid: int
    uptime_s: float
    version: str


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What ``warroom status --json`` prints. ``incidents`` are those that are open, ``waiting``
    the entries that are not on disk yet."""

    engine: EngineStatus
    incidents: tuple[Summary, ...] = ()
    waiting: int = 0
    consoles: tuple[ConsoleStatus, ...]
    sources: tuple[SourceStatus, ...]
    past: Past = Past()


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="answer", tag_field="type"):
    """What came of a request: in words, for ``GetStatus`` the figures, and for ``Inspect`` a
    text of several lines.

    ``entry`` is what was written, and is durable. ``waits`` is true for what could not be made
    durable yet: the engine keeps it in memory, writes it when it can, and tells it then.
    ``conditions`` are what must be so before an incident is resolved, for ``Resolve``.
    """

    ref: int
    ok: bool
    message: str = ""
    text: str = ""
    status: Status | None = None
    entry: Entry | None = None
    incident: Incident | None = None
    entries: tuple[Entry, ...] = ()
    incidents: tuple[Summary, ...] = ()
    conditions: tuple[Condition, ...] = ()
    waits: bool = False


class Goodbye(msgspec.Struct, frozen=True, kw_only=True, tag="goodbye", tag_field="type"):
    """The engine ends this connection, and why. ``restart`` is false when it means to stay
    away (somebody typed ``warroom stop``), so that a console does not start it again.
    ``protocol`` is the engine's own, for one who was refused for speaking another."""

    reason: str
    restart: bool = True
    protocol: int = PROTOCOL
    version: str = __version__


EngineMessage = Welcome | Board | Changed | Timeline | Beat | Answer | Goodbye


# --- what a console says ------------------------------------------------------------------


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello", tag_field="type"):
    """A console's first word. ``claimed`` is the name it gives itself, used when the kernel
    cannot tell who it is, and beside it when it can; ``role`` is ``console`` for one that stays,
    ``command`` for a command that asks one thing and does not keep the engine alive. A command
    gets the ``Welcome``, beats and its answers, but no board; a ``follower`` timelines besides."""

    protocol: int
    version: str
    want: Grant = "act"
    claimed: str = ""
    role: Literal["console", "command", "follower"] = "console"


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, tag="acknowledge", tag_field="type"):
    """This red has been seen: ``seconds`` from now, for this reason. Needs ``note``.

    ``level`` is the one the person was shown: when it is worse by now, the engine refuses.
    """

    ref: int
    source: str
    level: Level
    reason: str
    seconds: float


class Unacknowledge(
    msgspec.Struct, frozen=True, kw_only=True, tag="unacknowledge", tag_field="type"
):
    """Let it call again. Needs ``note``."""

    ref: int
    source: str


class Probe(msgspec.Struct, frozen=True, kw_only=True, tag="probe", tag_field="type"):
    """Poll this source now: one that is only asked on request, or any other. Needs ``note``."""

    ref: int
    source: str


class Inspect(msgspec.Struct, frozen=True, kw_only=True, tag="inspect", tag_field="type"):
    """Look closer at one thing a source has seen, by its key there (``session:4711:…``): what
    is not read unasked, since it costs the system something. Needs ``note``."""

    ref: int
    source: str
    key: str


class Declare(msgspec.Struct, frozen=True, kw_only=True, tag="declare", tag_field="type"):
    """Declare an incident. Needs ``note``.

    ``level`` is empty where nobody has given one; the engine then takes what ``assessment`` comes
    to, if it comes to anything. ``started`` is when it began: None for now. ``roles`` maps a role
    to who takes it at once. ``once`` is a name of the console's choosing: sent again with the
    same, nothing is declared twice.
    """

    ref: int
    once: str
    title: str
    level: Level = ""
    started: datetime | None = None
    assessment: Assessment | None = None
    roles: dict[str, str] = {}


class Post(msgspec.Struct, frozen=True, kw_only=True, tag="post", tag_field="type"):
    """Write an entry. Needs ``note``. ``incident`` is its id; empty for what belongs to the room
    (a checklist without an incident). ``happened`` is None for now. ``once`` as in ``Declare``.
    Answered only when it is durable."""

    ref: int
    once: str
    incident: str
    body: Said
    happened: datetime | None = None


class Resolve(msgspec.Struct, frozen=True, kw_only=True, tag="resolve", tag_field="type"):
    """The incident is over. Needs ``note``. Where conditions are not met it is refused with the
    list of them, but with an ``override``: the reason why it is resolved all the same. With
    ``only_ask`` the conditions are told, and nothing is written."""

    ref: int
    once: str
    incident: str
    how: str = ""
    text: str = ""
    override: str = ""
    only_ask: bool = False


class GetEntries(msgspec.Struct, frozen=True, kw_only=True, tag="entries", tag_field="type"):
    """Entries of one incident, oldest first, with the incident as it stands: at most ``NEWEST``
    before number ``before`` (0: the newest), or from number ``after`` + 1 on."""

    ref: int
    incident: str
    before: int = 0
    after: int | None = None


class GetIncidents(msgspec.Struct, frozen=True, kw_only=True, tag="incidents", tag_field="type"):
    """All incidents there ever were in this room, newest first."""

    ref: int


class Reload(msgspec.Struct, frozen=True, kw_only=True, tag="reload", tag_field="type"):
    """Read the configuration again. Needs ``act``."""

    ref: int


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag="stop", tag_field="type"):
    """End the engine. Needs ``act``. ``restart`` tells the consoles to start a new one."""

    ref: int
    force: bool = False
    restart: bool = False


class GetStatus(msgspec.Struct, frozen=True, kw_only=True, tag="status", tag_field="type"):
    """The engine's counters."""

    ref: int


Request = (
    Acknowledge | Unacknowledge | Probe | Inspect | Declare | Post | Resolve | GetEntries
    | GetIncidents | Reload | Stop | GetStatus
)  # fmt: skip
ConsoleMessage = Hello | Request

_encoder = msgspec.json.Encoder()


def encode(message: EngineMessage | ConsoleMessage) -> bytes:
    """One message as one line, its newline included."""
    return _encoder.encode(message) + b"\n"


def engine_decoder() -> msgspec.json.Decoder[EngineMessage]:
    """Reads what an engine says; raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.json.Decoder(EngineMessage)


def console_decoder() -> msgspec.json.Decoder[ConsoleMessage]:
    """Reads what a console says; raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.json.Decoder(ConsoleMessage)
