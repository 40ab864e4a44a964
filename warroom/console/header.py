"""The header: where we are, how bad it is, what time it is, whether the engine lives.

Each part is a canvas of its own, so that the clock's second repaints only its digit.
"""

from datetime import datetime

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from warroom.console.canvas import Canvas
from warroom.console.look import Look, fit
from warroom.console.state import RoomState
from warroom.severity import MAINTENANCE, OK, UNSEEN, Level, Scale
from warroom.text import safe

NARROW = 100
"""Columns under which words are shortened so that the cause keeps its room."""


TIGHT = 72
"""Columns under which the room's name and the link's word give way as well."""


class HeaderPart(Canvas):
    """A part of the header that is drawn from the room's state."""

    state: reactive[RoomState] = reactive(RoomState, init=False, repaint=False)

    def __init__(self, *, look: Look, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.look = look

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

    def draw(self, width: int, height: int) -> list[Content]:
        return [self.content()]

    def content(self) -> Content:
        """The block and the room's name."""
        room = self.state.room
        name = self.look.plain(safe(room.name, 40) if room else self.room)
        environment = safe(room.environment, 24) if room else self.environment
        if room and not environment:
            environment = safe(room.environment_seen, 24)
        block = self.look.plain(environment).upper()
        if not block:
            return Content.assemble((f" {name} ", ".badge"))
        proof = room.proof if room and room.environment else "configured"
        if room and not room.environment:
            proof = "proven"  # nothing is configured: it is what the system itself says
        if proof == "mismatch":
            seen = self.look.plain(safe(room.environment_seen if room else "", 24)).upper()
            sign = "≠" if self.look.unicode else "!="
            return Content.assemble((f" {block} {sign} {seen} ", ".badge-0"), f" {name}")
        parts: list[tuple[str, str] | str] = [(f" {block} ", ".badge"), f" {name}"]
        if self.app.size.width < TIGHT:
            parts.pop()
        if proof == "configured":
            narrow = self.app.size.width < NARROW
            parts.append((" cfg" if narrow else " configured", ".dim"))
        return Content.assemble(*parts)

    def watch_state(self) -> None:
        self.styles.width = self.content().cell_length + 1
        self.redraw()

    def on_mount(self) -> None:
        self.watch_state()

    def on_resize(self) -> None:
        self.watch_state()


class Worst(HeaderPart):
    """The worst level in the room, and why."""

    def draw(self, width: int, height: int) -> list[Content]:
        room = self.state.room
        scale = self.state.scale
        if room is None:
            words = self.state.link.reason or "waiting for the engine"
            return [Content.assemble((f" {self.look.plain(words)}", ".dim"))]
        if room.worst == OK:
            sign = self.look.sign(OK, scale)
            line = Content.assemble((f" {sign} ", ".ok"), ("all is well", ".dim"))
            return [line.truncate(width, ellipsis=self.look.unicode)]
        badge = (f" {self.look.sign(room.worst, scale)} {room.worst} ", _badge(room.worst, scale))
        cause = safe(room.cause, 300)
        if room.worst_source and not cause.startswith(room.worst_source):
            cause = f"{room.worst_source}: {cause}"
        cause = self.look.plain(cause)
        others = sum(view.level != OK for view in self.state.sources) - 1
        more = f" +{others}" if others > 0 else ""
        if more and self.app.size.width >= NARROW:
            more += " more"
        since = f" since {room.since:%H:%M:%S}Z" if room.since else ""
        free = width - cell_len(badge[0]) - 3 - len(more)
        if cell_len(cause) + len(since) > free:
            since = ""
        cause = cause if cell_len(cause) <= free else fit(cause, max(free, 0), "<", self.look.end)
        line = Content.assemble(" ", badge, f" {cause}", (more + since, ".dim"))
        return [line.truncate(width - 1, ellipsis=self.look.unicode)]


def _badge(level: Level, scale: Scale) -> str:
    """The filled style of a level."""
    fixed = {UNSEEN: ".badge-unseen", MAINTENANCE: ".badge-maintenance"}.get(level)
    return fixed or f".badge-{min(scale.index(level) or 0, 3)}"


class ClockFace(Canvas):
    """The time in UTC, to the second; the one thing that moves in a quiet room."""

    time: reactive[datetime | None] = reactive(None, init=False, repaint=False)

    def draw(self, width: int, height: int) -> list[Content]:
        return [Content(f"{self.time:%H:%M:%S}Z" if self.time else "")]

    def watch_time(self) -> None:
        self.redraw()


class LinkMark(HeaderPart):
    """Whether the engine is there."""

    def draw(self, width: int, height: int) -> list[Content]:
        link = self.state.link
        signs = {"connecting": "○", "attached": "●", "lost": "✖"}
        ascii_signs = {"connecting": ".", "attached": "*", "lost": "X"}
        sign = (signs if self.look.unicode else ascii_signs)[link.state]
        style = {"connecting": ".dim", "attached": ".dim", "lost": ".badge-unseen"}[link.state]
        watching = link.welcome is not None and link.welcome.granted == "watch"
        mark = "watching" if watching and link.state == "attached" else link.mark
        words = f" {sign}" if width < len(mark) + 3 else f" {sign} {mark}"
        return [Content.assemble((words.rjust(width), style))]

    def on_resize(self) -> None:
        self.watch_state()

    def watch_state(self) -> None:
        lost = self.state.link.state == "lost"
        self.styles.width = 3 if self.app.size.width < TIGHT and not lost else 12
        self.redraw()


class Notice(HeaderPart):
    """Our own troubles, one line each, when there are any: never silent, never in the way."""

    def words(self) -> tuple[str, ...]:
        """The lines to show."""
        state = self.state
        lost = (f"The engine is gone ({state.link.reason}); starting it again",)
        problems = state.room.problems if state.room else ()
        return (lost if state.link.state == "lost" else ()) + problems

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
