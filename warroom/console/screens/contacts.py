"""Contacts: whom to reach and how, readable with everything else down."""

from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.console.bound import bound
from warroom.console.incident.contacts import Book, contact_rows, contact_text
from warroom.console.incident.field import Field
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.incident.searched import Searched
from warroom.console.table.clipboard import copy_text


class ContactsScreen(Searched[None]):
    """The ladder, people and vendors, from what the engine last said of them."""

    BINDINGS = [
        bound("dialog.copy", "copy"),
    ]

    def __init__(self, first: tuple[str, ...] = ()) -> None:
        """``first`` are those who stand on top, by name or role."""
        super().__init__()
        self.first = first

    def compose(self) -> ComposeResult:
        with Vertical(id="contacts", classes="dialog incident") as box:
            self.titled(box, "Contacts", "{dialog.find} finds, {dialog.copy} copies, Esc closes")
            yield RowsView(self._rows, self.look)
            yield Field(id="wanted", hint="a name, a role, a number; Enter goes to it")

    @property
    def book(self) -> Book:
        room = self.room
        shown = self.console.incident
        now, look = self.now, self.look
        return Book(room.procedures, shown, room.scale, now, look, self.wanted, self.first)

    def _rows(self, width: int) -> list[Row]:
        return contact_rows(self.book, width)

    def action_copy(self) -> None:
        """The one under the cursor, to the terminal's clipboard."""
        text = contact_text(self.book, self.query_one(RowsView).cursor)
        if text:
            copy_text(self.console, text)
        else:
            self.console.say("There is nobody to copy here", bad=True)
