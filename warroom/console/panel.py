"""The base of every panel: the door panels, built-in and strangers', come in by.

A panel is a class found under the entry-point group ``warroom.panels``. It names the
source kinds it draws and turns a frozen ``PanelView`` into lines with pure functions; it
never talks to a system, and never to the engine. Focus, cursor, frame and repainting are
done here.
"""

from typing import ClassVar

import msgspec
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from warroom.console.bound import moves
from warroom.console.canvas import Canvas
from warroom.console.look import Look, framed
from warroom.console.low import FLAT, low_lines, room_inside, unframed
from warroom.console.state import RoomState
from warroom.text import safe
from warroom.wire import SourceView


class PanelView(msgspec.Struct, frozen=True):
    """Everything a panel draws from.

    ``sources`` are those the panel wants, in the configuration's order; ``only`` are the
    names the page restricts it to, if it does. ``width`` and ``height`` are the cells inside
    the frame. ``now`` is monotonic seconds, for ages. ``cursor`` names the row the cursor is
    on; ``focused`` is false while another panel has the keys. ``expanded`` asks for details
    of that row.
    """

    state: RoomState
    sources: tuple[SourceView, ...]
    look: Look
    now: float
    width: int = 80
    height: int = 24
    cursor: str = ""
    focused: bool = False
    expanded: bool = False
    only: tuple[str, ...] = ()

    def age(self, view: SourceView) -> float | None:
        """Seconds since the figures were taken; None when there are none."""
        return self.state.age(view, self.now)

    def stale(self, view: SourceView) -> bool:
        """Whether the figures are so old that their age must be shown; those that are only
        asked for on request always show it."""
        age = self.age(view)
        return age is not None and (view.on_request or age > 1.5 * view.interval)


def heading(name: str, only: tuple[str, ...]) -> str:
    """What stands in the frame: the panel's name, and the sources it is restricted to."""
    return f"{name}: {', '.join(safe(source, 40) for source in only)}" if only else name


class Panel(Canvas, can_focus=True):
    """One panel: a frame with a title, and rows among which a cursor moves.

    A row is a source, and called by its name; or a figure, and called as signals are
    (``web.error_rate``): what is asked of it is then asked of its source.
    """

    kinds: ClassVar[tuple[str, ...]] = ()
    """The source kinds it draws; ``wanted`` may choose otherwise."""
    heading: ClassVar[str] = ""
    """Its name in its frame."""
    expandable: ClassVar[bool] = True
    """Whether ``z`` shows it on the whole screen."""

    BINDINGS = [
        *moves("cursor", "page", "half", "end"),
    ]

    state: reactive[RoomState] = reactive(RoomState, init=False, repaint=False)
    """The board to draw."""
    cursor: reactive[str] = reactive("", init=False, repaint=False)
    """The name of the row the cursor is on; it stays on its row when rows move."""

    class Selected(Message):
        """The cursor moved to another row."""

        def __init__(self, panel: "Panel") -> None:
            super().__init__()
            self.panel = panel

        @property
        def control(self) -> "Panel":
            return self.panel

    def __init__(
        self, *, look: Look, number: int = 0, expanded: bool = False, only: tuple[str, ...] = ()
    ) -> None:
        """``only`` names the sources to draw; all it wants, when empty."""
        super().__init__()
        self.look = look
        self.number = number
        self.expanded = expanded
        self.only = only
        self.steered = expanded
        """Whether a person has moved the cursor; until then it follows the worst row."""

    # what a panel gives ---------------------------------------------------------------

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        """The sources it draws: those of its kinds."""
        return tuple(source for source in state.sources if source.kind in cls.kinds)

    @staticmethod
    def title(view: PanelView) -> Content:
        """What stands in the frame behind the heading: ``3 of 4 up``."""
        return Content("")

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        """The lines inside the frame. Pure."""
        raise NotImplementedError

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        """The names of the rows in the order they are drawn: what the cursor moves over."""
        return tuple(source.name for source in view.sources)

    # what is done for it --------------------------------------------------------------

    def view(self) -> PanelView:
        """Everything as it is now."""
        return PanelView(
            state=self.state,
            sources=tuple(
                s for s in self.wanted(self.state) if not self.only or s.name in self.only
            ),
            look=self.look,
            now=self.monotonic(),
            width=max(self.size.width - 4, 0),
            height=room_inside(self.size.height),
            cursor=self.cursor,
            focused=self.has_focus,
            expanded=self.expanded,
            only=self.only,
        )

    def monotonic(self) -> float:
        """The time by the app's clock."""
        return self.app.clock.monotonic()  # type: ignore[attr-defined,no-any-return]

    @property
    def selected(self) -> SourceView | None:
        """The source the cursor is on, or whose figure it is on."""
        return self.state.named(self.cursor.partition(".")[0])

    def lines(self, view: PanelView, width: int, height: int) -> list[Content]:
        """What is inside the frame now."""
        return self.body(view, width, height)

    def names(self, view: PanelView) -> tuple[str, ...]:
        """What the cursor moves over now."""
        return self.rows(view)

    def beside(self, view: PanelView) -> Content:
        """What stands in the frame now, behind the heading."""
        return self.title(view)

    def close(self) -> bool:
        """Esc was typed: whether something in the panel itself was closed by it."""
        return False

    def draw(self, width: int, height: int) -> list[Content]:
        number = f"{self.number} " if self.number else ""
        style = ".accent" if self.has_focus else ".strong"
        words = self.look.plain(f"{number}{heading(self.heading, self.only)}")
        name = Content.assemble((words, style))
        title = self._title()
        if title:
            dashes = self.look.box[1] * 2
            frame = ".frame-focus" if self.has_focus else ".frame"
            name = Content.assemble(name, (f" {dashes} ", frame), title)
        focused = self.has_focus
        frame_around = framed if height >= FLAT else unframed
        try:
            view = self.view()
            body = low_lines(view.sources, view.state.scale, view.look) if height < FLAT else []
            body = body or self.lines(view, width - 4, room_inside(height))
            body = self._blank() if body == [] else body
            return frame_around(name, body, width, height, self.look, focused=focused)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's may raise anything
            body = Content(f"This panel {self._failed(error)}").wrap(max(width - 4, 1))
            return frame_around(name, body, width, height, self.look, focused=focused)

    def _blank(self) -> list[Content]:
        """An empty frame would tell nobody whether it is empty or broken."""
        room = self.state.room
        far = room is not None and room.cut_off
        words = "Nothing can be seen from here." if far else "There is nothing to show."
        return [Content.assemble((words, ".dim"))]

    def _title(self) -> Content:
        try:
            return self.beside(self.view())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as in draw
            return Content.assemble((self._failed(error), ".unseen"))

    def _failed(self, error: BaseException) -> str:
        from warroom.secretlike import scrubbed  # of no use while all is well

        return self.look.plain(
            f"failed: {type(error).__name__}: {safe(scrubbed(str(error)[:1_000]))}"
        )

    def _names(self) -> tuple[str, ...]:
        try:
            return tuple(self.names(self.view()))
        except (Exception, SystemExit):  # noqa: BLE001 - as in draw, whose body says so
            return ()

    def watch_state(self) -> None:
        names = self._names()
        if self.cursor not in names or not self.steered:
            self.set_reactive(Panel.cursor, self._worst(names))
        self.redraw()

    def _worst(self, names: tuple[str, ...]) -> str:
        """The row that wants attention most; the first of equals, or of none."""
        rank = self.state.scale.rank
        ranks: dict[str, int] = {}
        for source in self.state.sources:
            # What is only asked on request is not chosen for anybody: asking may have effects.
            asked = not source.on_request
            ranks[source.name] = rank(source.level) if asked else -1
            for signal in source.signals:
                level = source.level if source.failure is not None else signal.level
                ranks[signal.name] = rank(level) if asked else -1
        return max(names, key=lambda name: ranks.get(name, 0), default="")

    def watch_cursor(self) -> None:
        self.redraw()
        self.post_message(self.Selected(self))

    def on_focus(self, _event: events.Focus) -> None:
        self.redraw()

    def on_blur(self, _event: events.Blur) -> None:
        self.redraw()

    def action_page(self, by: int) -> None:
        """Move it by as many rows as are in sight."""
        self.action_cursor(by * max(self.size.height - 3, 1))

    def action_half(self, by: int) -> None:
        """Move it by half as many."""
        self.action_cursor(by * max((self.size.height - 2) // 2, 1))

    def action_end(self, at: int) -> None:
        """To the first row or the last."""
        self.action_cursor(-10_000 if at == 0 else 10_000)

    def action_cursor(self, by: int) -> None:
        """Move the cursor by that many rows."""
        names = self._names()
        if names:
            self.steered = True
            at = names.index(self.cursor) if self.cursor in names else 0
            self.cursor = names[min(max(at + by, 0), len(names) - 1)]
