"""What the incident's dialogs share: they follow the room, and complain in one line."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from warroom.console.bound import bound, moves
from warroom.console.incident.remembered import Remembered
from warroom.console.incident.rows_view import RowsView
from warroom.console.look import Look
from warroom.console.state import RoomState
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console

T = TypeVar("T")
SHORT, NARROW = 22, 76
"""Rows and columns under which margins go."""


class Dialog(Remembered[T]):
    """A dialog that lives: ``follow`` is called when the room changes, ``tick`` once a second."""

    CSS_PATH = str(Path(__file__).with_name("dialogs.tcss"))
    BINDINGS = [
        bound("dialog.escape", "dismiss(None)"),
        bound("dialog.help", "keys"),
        *moves("read", "turn", "half", "ends"),
    ]

    @property
    def console(self) -> "Console":
        return cast("Console", self.app)

    @property
    def look(self) -> Look:
        return self.console.look

    @property
    def room(self) -> RoomState:
        return self.console.room

    @property
    def now(self) -> datetime:
        return self.console.clock.now()

    def on_mount(self) -> None:
        self.watch(self.app, "room", lambda _: self.follow(), init=False)
        self.set_interval(1.0, self.tick)

    def follow(self) -> None:
        """The room has changed."""
        self.redraw()

    def tick(self) -> None:
        """A second has passed."""
        self.redraw()

    def redraw(self) -> None:
        """Every list again."""
        for rows in self.query(RowsView):
            rows.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """A small terminal has no line to spare for a margin."""
        self.set_class(event.size.height < SHORT, "-short")
        self.set_class(event.size.width < NARROW, "-narrow")

    def action_turn(self, by: int) -> None:
        """What does not fit is read with Page Up and Down, whatever field has the focus."""
        for rows in self.query(RowsView):
            rows.action_page(by)

    def action_half(self, by: int) -> None:
        """Half as far."""
        for rows in self.query(RowsView):
            rows.action_half(by)

    def action_read(self, by: int) -> None:
        """A line further, where nothing is chosen from."""
        for rows in self.query(RowsView):
            if not rows.lead:
                rows.action_move(by)

    def action_ends(self, at: int) -> None:
        """To the beginning or the end."""
        for rows in self.query(RowsView):
            rows.action_end(at)

    def action_keys(self) -> None:
        """The keys of this dialog."""
        self.console.tell_keys()

    def titled(self, box: Widget, title: str, keys: str, few: str = "") -> None:
        """The words in the dialog's frame; ``few`` of the keys where it is narrow."""
        box.border_title = Content(self.look.plain(safe(title, 100)))
        self.say_keys(box, keys, few)

    def say_keys(self, box: Widget, keys: str, few: str = "") -> None:
        """Other keys from now on; ``{run.end}`` stands for the key of that id."""
        narrow = self.app.size.width < NARROW
        words = self.console.worded(few if few and narrow else keys)
        box.border_subtitle = Content(self.look.plain(words))

    def finish(self, result: T) -> None:
        """Close with this result, unless it is closed already."""
        if self.is_current:
            self.dismiss(result)

    def people(self) -> list[str]:
        """Whom a role may be given to: who has written, then the contacts; only names that the
        terminal shows as they are."""
        names = [name for one in self.room.incidents for name in one.people]
        names += [contact.name for contact in self.room.procedures.contacts if not contact.vendor]
        return [name for name in names if self.look.plain(safe(name, 60)) == name]

    def complain(self, words: str, field: str = "") -> None:
        """Say what is wrong, and go to the field it is about."""
        lines = [self.look.plain(safe(line, 300)) for line in words.splitlines() if line]
        place = self.query_one(".complaint", Static)
        place.update(Content("\n".join(lines)))
        place.display = bool(lines)
        if field:
            self.query_one(f"#{field}").focus()
