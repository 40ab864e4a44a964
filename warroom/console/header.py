"""The header: where we are, how bad it is, what time it is, whether the engine lives.

Each part is a canvas of its own, so that the clock's second repaints only its digit. How
much room each gets is reckoned in one place, ``Cells.of``: the level always has its own.
"""

from datetime import datetime
from typing import TYPE_CHECKING, cast

import msgspec
from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from warroom.console.canvas import Canvas
from warroom.console.look import Look, fit
from warroom.console.state import RoomState
from warroom.incident.incident import Incident
from warroom.severity import MAINTENANCE, OK, UNSEEN, Level, Scale
from warroom.text import safe
from warroom.zone import IN_UTC, Zone, there

if TYPE_CHECKING:
    from warroom.console.app import Console

NARROW = 100
"""Columns under which words are shortened so that the cause keeps its room."""
WIDE = 120
"""Columns from which it is told what a shared screen is."""
CAUSE = 30
"""Cells of the cause for which all else but the environment gives way."""
WISHED = 44
"""Cells of a longer one for which the room's name and the link's word give way."""
LEAST = 12
"""Cells of the cause for which even the environment is cut."""
SHORTEST = 5
"""Cells under which a cut name of the room says nothing."""
CONFIGURED = (" configured", " cfg")
"""What stands behind an environment that nothing has proved, long and short."""

CLOCK, CLOCK_SHORT = 10, 7
"""Cells of the clock with its seconds and without."""
LINK_SIGN = 3
"""Cells of the link's mark without its word."""


class Cells(msgspec.Struct, frozen=True):
    """The header's parts in cells, each with its gap; 0 leaves a part out."""

    block: int
    name: int
    link: int
    clock: int

    @classmethod
    def of(
        cls,
        width: int,
        level: int,
        cause: int,
        block: int,
        name: int,
        link: int,
        clock: int,
        *,
        calm: bool = True,
    ) -> "Cells":
        """What fits beside ``level`` cells of badge and gaps and ``cause`` cells of words.

        First the room's name is cut, then left out; then the link keeps only its sign, if
        it is ``calm`` and its word tells nothing new; then the clock loses its seconds, then
        goes. Last any link's word goes, and the environment itself is cut.
        """

        def over(wanted: int) -> int:
            return level + wanted + block + name + link + clock + 1 - width

        wished = max(CAUSE, min(cause, WISHED))
        if over(wished) > 0:
            name = max(name - over(wished), 0)
            name = name if name > SHORTEST else 0
        if calm and over(wished) > 0:
            link = min(link, LINK_SIGN)
        if over(wished) > 0:
            clock = min(clock, CLOCK)
        for shorter in (CLOCK_SHORT, 0):
            if over(CAUSE) > 0:
                clock = min(clock, shorter)
        if over(LEAST) > 0:
            link = min(link, LINK_SIGN)
        return cls(max(block - max(over(LEAST), 0), 0), name, link, clock)


class HeaderPart(Canvas):
    """A part of the header that is drawn from the room's state."""

    state: reactive[RoomState] = reactive(RoomState, init=False, repaint=False)

    def __init__(self, *, look: Look, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.look = look

    @property
    def incident(self) -> Incident | None:
        """The incident that this console shows, if any."""
        return cast("Console", self.app).incident

    def watch_state(self) -> None:
        self.redraw()


class Environment(HeaderPart):
    """Which environment this is, and whether a connection has proved it.

    ``configured`` stands beside the name until the watched system itself has said the
    same; when it says another, the difference is shouted.
    """

    def __init__(self, *, look: Look, name: str, environment: str) -> None:
        super().__init__(look=look, id="environment")
        self.room = safe(name, 40)
        self.environment = safe(environment, 24)
        self.cells: Cells | None = None

    def draw(self, width: int, height: int) -> list[Content]:
        return [self.content()]

    def give(self, cells: Cells) -> None:
        """Take the room there is."""
        if cells != self.cells:
            self.cells = cells
            self.styles.width = cells.block + cells.name + 1
        self.redraw()

    def parts(self, state: RoomState) -> tuple[tuple[str, ...], str, str]:
        """The environment, or the two that should be one; what is said of it; the room's name."""
        room = state.room
        name = self.look.plain(safe(room.name, 40) if room else self.room)
        environment = safe(room.environment, 24) if room else self.environment
        proof = room.proof if room and room.environment else "configured"
        if room and not room.environment:
            # Nothing is configured: it is what the system itself says.
            environment, proof = safe(room.environment_seen, 24), "proven"
        block = self.look.plain(environment).upper()
        if not block:
            return (name,), "", ""
        if proof == "mismatch":
            seen = self.look.plain(safe(room.environment_seen if room else "", 24)).upper()
            return (block, seen), "", name
        said = CONFIGURED[self.app.size.width < NARROW] if proof == "configured" else ""
        return (block,), said, name

    def measured(self, state: RoomState) -> tuple[int, int]:
        """The cells that all of it takes: the block with what is said of it, and the name."""
        blocks, said, name = self.parts(state)
        block = sum(map(cell_len, blocks)) + 3 * len(blocks) - 1 + len(said)
        if len(blocks) > 1:
            block += len(self._unequal) - 1
        return block, cell_len(name) + 1 if name else 0

    @property
    def _unequal(self) -> str:
        return "≠" if self.look.unicode else "!="

    def content(self) -> Content:
        """The block and the room's name, in the cells there are."""
        blocks, said, name = self.parts(self.state)
        block, named = self.measured(self.state)
        cells = self.cells or Cells(block, named, 0, 0)
        lost = block - cells.block
        if lost > 0:
            share = -(-lost // len(blocks))
            blocks = tuple(
                fit(words, max(cell_len(words) - share, 1), "<", self.look.end) for words in blocks
            )
        style = ".badge-0" if len(blocks) > 1 else ".badge"
        words = f" {self._unequal} ".join(blocks)
        parts: list[tuple[str, str] | str] = [(f" {words} ", style)]
        if name and cells.name:
            parts.append(f" {fit(name, min(cells.name, named) - 1, '<', self.look.end)}")
        return Content.assemble(*parts, (said, ".dim"))


class Worst(HeaderPart):
    """The worst level in the room, and why. It sees to it that it has the room to say so."""

    def on_mount(self) -> None:
        self.watch_state()

    def on_resize(self) -> None:
        self.share_out()

    def watch_state(self) -> None:
        self.share_out()
        self.redraw()

    def share_out(self) -> None:
        """Give every part of the header its cells."""
        parts = self.siblings
        place = next((part for part in parts if isinstance(part, Environment)), None)
        if place is None:
            return
        clocks = [part for part in parts if isinstance(part, ClockFace)]
        marks = [part for part in parts if isinstance(part, LinkMark)]
        badge, cause, more = self._words()
        shared = sum(part.take_room() for part in parts if isinstance(part, Shared))
        steps = max(len(name) for name in self.state.scale.names)
        level = max(cell_len(badge), steps + 4) + 3 + len(more) + shared
        cells = Cells.of(
            self.app.size.width,
            level,
            cell_len(cause),
            *place.measured(self.state),
            max((len(mark.words(self.state)) + 3 for mark in marks), default=0),
            max((face.wanted(self.app.size.width) for face in clocks), default=0),
            calm=all(mark.words(self.state) == "engine" for mark in marks),
        )
        place.give(cells)
        for clock in clocks:
            clock.shared = self
            clock.styles.width = cells.clock
            clock.display = bool(cells.clock)
        for mark in marks:
            mark.styles.width = cells.link

    def _words(self) -> tuple[str, str, str]:
        """The badge, the cause, and how many others are not well; empty when all is."""
        room, scale = self.state.room, self.state.scale
        if room is None or room.worst == OK:
            return "", "", ""
        badge = f" {self.look.sign(room.worst, scale)} {room.worst} "
        cause = safe(room.cause, 300)
        if room.worst_source and not cause.startswith(room.worst_source):
            cause = f"{safe(room.worst_source, 60)}: {cause}"
        others = sum(view.level != OK for view in self.state.sources) - 1
        more = f" +{others}" if others > 0 else ""
        if more and self.app.size.width >= NARROW:
            more += " more"
        return badge, self.look.plain(cause), more

    def draw(self, width: int, height: int) -> list[Content]:
        room = self.state.room
        scale = self.state.scale
        if room is None:
            waiting = "masking ..." if self.state.shared else "waiting for the engine"
            words = self.state.link.reason or waiting
            return [Content.assemble((f" {self.look.plain(words)}", ".dim"))]
        if room.worst == OK:
            sign = self.look.sign(OK, scale)
            line = Content.assemble((f" {sign} ", ".ok"), ("all is well", ".dim"))
            return [line.truncate(width, ellipsis=self.look.unicode)]
        width -= 1  # "+6 more 08:01:11Z" would be read as one
        badge, cause, more = self._words()
        since = f" since {room.since:%H:%M:%S}Z" if room.since else ""
        free = width - cell_len(badge) - 3 - len(more)
        if cell_len(cause) + len(since) > free:
            since = ""
        cause = cause if cell_len(cause) <= free else fit(cause, max(free, 0), "<", self.look.end)
        style = _badge(room.worst, scale)
        line = Content.assemble(" ", (badge, style), f" {cause}", (more + since, ".dim"))
        return [line.truncate(width - 1, ellipsis=self.look.unicode)]


def _badge(level: Level, scale: Scale) -> str:
    """The filled style of a level."""
    fixed = {UNSEEN: ".badge-unseen", MAINTENANCE: ".badge-maintenance"}.get(level)
    return fixed or f".badge-{min(scale.index(level) or 0, 3)}"


class Shared(HeaderPart):
    """That others see this screen, too, and that it is masked: for as long as it is so."""

    def words(self) -> str:
        """All of it where there is room."""
        wide = self.app.size.width >= WIDE
        return "SHARED: names are masked" if wide else "SHARED"

    def take_room(self) -> int:
        """Take the cells it needs, none where nobody looks on; and say how many."""
        self.display = self.state.shared
        cells = cell_len(self.words()) + 3 if self.state.shared else 0
        self.styles.width = cells
        return cells

    def draw(self, width: int, height: int) -> list[Content]:
        return [Content.assemble(" ", (f" {self.words()} ", ".badge"))]


class ClockFace(Canvas):
    """The time in UTC, to the second; the one thing that moves in a quiet room. Beside it the
    person's own, where there is room."""

    time: reactive[datetime | None] = reactive(None, init=False, repaint=False)
    zone = IN_UTC
    asked = False
    """Whether the own zone was asked for, on however narrow a terminal."""
    shared: "Worst | None" = None
    """What shares the header out, to be told of another width that is wanted."""

    def tell(self, now: datetime, zone: Zone, *, asked: bool) -> None:
        """The time, and in which zone besides."""
        before = self.wanted(self.app.size.width)
        self.zone, self.asked = zone, asked
        self.time = now
        if self.shared is not None and self.wanted(self.app.size.width) != before:
            self.shared.share_out()

    @property
    def beside(self) -> str:
        """The time in the own zone; nothing where that is UTC."""
        return "" if self.zone.utc or self.time is None else f" {there(self.time, self.zone)}"

    def wanted(self, width: int) -> int:
        """The cells it would take on a terminal of that width."""
        told = self.asked or width >= NARROW
        return CLOCK + (len(self.beside) if told else 0)

    def draw(self, width: int, height: int) -> list[Content]:
        if self.time is None:
            return [Content("")]
        words = f"{self.time:%H:%M:%S}Z" if width >= CLOCK - 1 else f"{self.time:%H:%M}Z"
        beside = self.beside if width >= len(words) + len(self.beside) else ""
        return [Content.assemble(words, (beside, ".dim"))]

    def watch_time(self) -> None:
        self.redraw()


class LinkMark(HeaderPart):
    """Whether the engine is there: a sign, and a word where there is room."""

    def words(self, state: RoomState) -> str:
        """The word beside the sign."""
        link = state.link
        granted = link.welcome.granted if link.welcome is not None else ""
        word = {"watch": "watching", "note": "read-only"}.get(granted, "")
        return word if word and link.state == "attached" else link.mark

    def draw(self, width: int, height: int) -> list[Content]:
        link = self.state.link
        signs = {"connecting": "○", "attached": "●", "lost": "✖"}
        ascii_signs = {"connecting": ".", "attached": "*", "lost": "X"}
        sign = (signs if self.look.unicode else ascii_signs)[link.state]
        style = {"connecting": ".dim", "attached": ".dim", "lost": ".badge-unseen"}[link.state]
        mark = self.words(self.state)
        words = f" {sign}" if width < len(mark) + 3 else f" {sign} {mark}"
        return [Content.assemble((words.rjust(width), style))]


class Notice(HeaderPart):
    """Our own troubles, one line each, when there are any: never silent, never in the way."""

    def words(self) -> tuple[str, ...]:
        """The lines to show."""
        state = self.state
        lost = (f"The engine is gone ({state.link.reason}); starting it again",)
        problems = state.room.problems if state.room else ()
        if state.link.state == "lost":
            return lost + problems
        cut_off = state.room.cut_off if state.room else ""
        return ((f"Cut off: {cut_off}",) if cut_off else ()) + self._recorded() + problems

    def _recorded(self) -> tuple[str, ...]:
        """That it is masked although nobody asked for it."""
        console = cast("Console", self.app)
        if not console.recorded or not self.state.shared:
            return ()
        return (f"asciinema records this: names are masked; {console.key_of('share')} shows them",)

    def draw(self, width: int, height: int) -> list[Content]:
        lines = [self.look.plain(safe(line, 500)) for line in self.words()]
        hidden = len(lines) - height
        if hidden > 0:
            lines[height - 1 :] = [f"and {hidden + 1} more problems: warroom config check"]
        return [
            Content.assemble((f" ! {line}", ".unseen")).truncate(width, ellipsis=self.look.unicode)
            for line in lines
        ]

    def watch_state(self) -> None:
        count = min(len(self.words()), 3)
        self.styles.height = count
        self.display = bool(count)
        self.redraw()
