"""What a console says: its hello, and what it asks for."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.incident.assessment import Assessment
from warroom.incident.entries import Said
from warroom.incident.outward import Purpose
from warroom.severity import Level
from warroom.wire.terminal import TerminalStatus

Grant = Literal["watch", "note", "act"]


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello", tag_field="type"):
    """A console's first word. ``claimed`` is the name it gives itself, used when the kernel
    cannot tell who it is, and beside it when it can; ``role`` is ``console`` for one that stays,
    ``command`` for a command that asks one thing and does not keep the engine alive. A command
    gets the ``Welcome``, beats and its answers, but no board; a ``follower`` timelines besides.
    ``share`` is one whose screen others see, too: everything it is told is masked, for as long as
    the connection stands, and what it says is taken for what its stand-ins are for."""

    protocol: int
    version: str
    want: Grant = "act"
    claimed: str = ""
    role: Literal["console", "command", "follower"] = "console"
    share: bool = False


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


class GetDraft(msgspec.Struct, frozen=True, kw_only=True, tag="draft", tag_field="type"):
    """The next message, drafted from how the incident stands now; without a ``purpose`` the one
    that comes next. ``brief`` is what is read to somebody who joins late."""

    ref: int
    incident: str
    purpose: Purpose | Literal["", "brief"] = ""


class CheckMessage(msgspec.Struct, frozen=True, kw_only=True, tag="check", tag_field="type"):
    """What the linter finds in a message, and what exactly would go to each of the receivers;
    nothing is sent or written."""

    ref: int
    incident: str
    purpose: Purpose
    text: str
    subject: str = ""
    next: datetime | None = None
    receivers: tuple[str, ...] = ()


class SendMessage(msgspec.Struct, frozen=True, kw_only=True, tag="send", tag_field="type"):
    """Send a message as it was shown: ``digest`` is what ``CheckMessage`` answered for exactly
    this. Needs ``act``. Where the linter finds something it is refused, but with an ``override``:
    the reason why it goes out all the same. ``once`` as in ``Declare``. Answered when the message
    is durable, not when it has come to anybody: the timeline tells that."""

    ref: int
    once: str
    incident: str
    purpose: Purpose
    text: str
    receivers: tuple[str, ...]
    digest: str
    subject: str = ""
    next: datetime | None = None
    override: str = ""


class Redeliver(msgspec.Struct, frozen=True, kw_only=True, tag="redeliver", tag_field="type"):
    """A message, by its entry's number, at one receiver: ``send`` it again (a person has made sure
    that it did not come), ``drop`` it, or it was ``copied`` by hand. Needs ``act``."""

    ref: int
    once: str
    incident: str
    message: int
    receiver: str
    what: Literal["send", "drop", "copied"]


class PlanAction(msgspec.Struct, frozen=True, kw_only=True, tag="plan", tag_field="type"):
    """What an action would do now, with these values; nothing is run. Needs ``note``. ``incident``
    is the id of the one it belongs to, empty for none. ``held`` asks for a plan that may be
    confirmed, which needs ``act``."""

    ref: int
    action: str
    values: dict[str, str] = {}
    incident: str = ""
    held: bool = True


class RunAction(msgspec.Struct, frozen=True, kw_only=True, tag="run", tag_field="type"):
    """Run the plan of this ``digest``, as it was shown to this console: ``phrase`` is what was
    typed. Needs ``act``. Answered once it is durable that it begins, not when it has ended. Sent
    again with the same ``once``, nothing is run twice."""

    ref: int
    once: str
    digest: str
    phrase: str = ""


class CancelRun(msgspec.Struct, frozen=True, kw_only=True, tag="cancel", tag_field="type"):
    """End a run. Needs ``act``."""

    ref: int
    run: str


class TickStep(msgspec.Struct, frozen=True, kw_only=True, tag="tick-step", tag_field="type"):
    """The step that a run waits for was done by hand, or could not be. Needs ``act``."""

    ref: int
    run: str
    done: bool = True


class GetActing(msgspec.Struct, frozen=True, kw_only=True, tag="acting", tag_field="type"):
    """The actions that are configured, the runs there are, what is still on. Needs ``watch``."""

    ref: int


class Arm(msgspec.Struct, frozen=True, kw_only=True, tag="arm", tag_field="type"):
    """Let this console act for a while, or lock it again. Needs ``act``."""

    ref: int
    on: bool = True


class KeepOn(msgspec.Struct, frozen=True, kw_only=True, tag="keep-on", tag_field="type"):
    """Something that is on is left on, on purpose and for this reason; or is ``off`` already,
    since somebody switched it off by hand. Needs ``act``."""

    ref: int
    once: str
    name: str
    reason: str
    off: bool = False


class GetPlaybooks(msgspec.Struct, frozen=True, kw_only=True, tag="playbooks", tag_field="type"):
    """All playbooks and checks, and how their symptoms stand now. Needs ``watch``."""

    ref: int


class RunCheck(msgspec.Struct, frozen=True, kw_only=True, tag="run-check", tag_field="type"):
    """Run a check, which only reads; or with ``probe`` ask that source now. Needs ``note``. With an
    ``incident`` its result is an entry there. ``playbook`` and ``step`` are what asked for it.
    Answered when it has ended: ``text`` has what came. ``once`` as in ``Declare``."""

    ref: int
    once: str
    check: str = ""
    probe: str = ""
    incident: str = ""
    playbook: str = ""
    step: str = ""


class Reload(msgspec.Struct, frozen=True, kw_only=True, tag="reload", tag_field="type"):
    """Read the configuration again. Needs ``act``."""

    ref: int


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag="stop", tag_field="type"):
    """End the engine. Needs ``act``. ``restart`` tells the consoles to start a new one."""

    ref: int
    force: bool = False
    restart: bool = False


class TellTerminal(msgspec.Struct, frozen=True, kw_only=True, tag="terminal", tag_field="type"):
    """What this console's terminal was sent so far; told every ten seconds at most, and only
    where it is another than before. Needs ``watch``."""

    ref: int
    terminal: TerminalStatus


class GetStatus(msgspec.Struct, frozen=True, kw_only=True, tag="status", tag_field="type"):
    """The engine's counters."""

    ref: int


Request = (
    Acknowledge | Unacknowledge | Probe | Inspect | Declare | Post | Resolve | GetEntries
    | GetIncidents | GetDraft | CheckMessage | SendMessage | Redeliver | PlanAction | RunAction
    | CancelRun | TickStep | GetActing | Arm | KeepOn | GetPlaybooks | RunCheck | Reload | Stop
    | TellTerminal | GetStatus
)  # fmt: skip
ConsoleMessage = Hello | Request
