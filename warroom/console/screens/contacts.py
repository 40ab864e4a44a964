"""Contacts: whom to reach and how, readable with everything else down."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from warroom.console.incident.contacts import Book, contact_rows, contact_text
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Field
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.table.clipboard import copy_text


class ContactsScreen(Dialog[None]):
    """The ladder, people and vendors, from what the engine last said of them."""

    BINDINGS = [
        Binding("escape", "leave", "close", show=False),
        Binding("q", "dismiss(None)", "close", show=False),
        Binding("slash", "search", "search", show=False, priority=True),
        Binding("y", "copy", "copy", show=False),
    ]

    def __init__(self, first: tuple[str, ...] = ()) -> None:
        """``first`` are those who stand on top, by name or role."""
        super().__init__()
        self.first = first

    def compose(self) -> ComposeResult:
        with Vertical(id="contacts", classes="dialog incident") as box:
            self.titled(box, "Contacts", "/ finds, y copies, Esc closes")
            yield RowsView(self._rows, self.look)
            yield Field(id="wanted", hint="a name, a role, a number; Enter goes to it")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#wanted").display = False
        self.set_focus(self.query_one(RowsView))

    @property
    def book(self) -> Book:
        wanted = self.query_one("#wanted", Field).text
        room = self.room
        shown = self.console.incident
        now, look = self.now, self.look
        return Book(room.procedures, shown, room.scale, now, look, wanted, self.first)

    def _rows(self, width: int) -> list[Row]:
        return contact_rows(self.book, width)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A slash in the search is a slash. Everywhere else it comes before what is typed right
        behind it, which is meant for the search."""
        if action == "search" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Have something typed that names, roles and addresses must have in them."""
        field = self.query_one("#wanted", Field)
        field.display = True
        self.set_focus(field)  # at once

    @on(Input.Changed)
    def typed(self) -> None:
        """What is wanted is another."""
        self.redraw()

    @on(Input.Submitted)
    def found(self) -> None:
        """Into what was found."""
        self.set_focus(self.query_one(RowsView))

    def action_leave(self) -> None:
        """First the search, then the dialog."""
        field = self.query_one("#wanted", Field)
        if not field.display:
            self.dismiss(None)
            return
        field.value = ""
        field.display = False
        self.set_focus(self.query_one(RowsView))

    def action_copy(self) -> None:
        """The one under the cursor, to the terminal's clipboard."""
        text = contact_text(self.book, self.query_one(RowsView).cursor)
        if text:
            copy_text(self.console, text)
        else:
            self.console.say("There is nobody to copy here", bad=True)
