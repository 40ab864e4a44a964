"""A dialog with a list that can be searched: a slash, words, Enter; Esc takes them back."""

from typing import TypeVar

from textual import on
from textual.widgets import Input

from warroom.console.bound import bound
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Field
from warroom.console.incident.rows_view import RowsView

T = TypeVar("T")


class Searched(Dialog[T]):
    """It has one ``RowsView``, and a ``Field`` called ``wanted`` below it."""

    BINDINGS = [
        bound("dialog.escape", "leave"),
        bound("dialog.close", "dismiss(None)"),
        bound("dialog.find", "search", priority=True),
    ]

    def on_mount(self) -> None:
        self.query_one("#wanted").display = False
        self.set_focus(self.query_one(RowsView))

    @property
    def wanted(self) -> str:
        """What is searched for."""
        return self.query_one("#wanted", Field).text

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A slash in the search is a slash. Everywhere else it comes before what is typed right
        behind it, which is meant for the search."""
        if action == "search" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Have words typed that a row must have in it."""
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
