"""The actions: a leader key opens them, so that a stray letter runs nothing."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.config.keys import key_named
from warroom.console.acting.in_hand import InHand, takes
from warroom.console.acting.menu_rows import Menu, given_keys, menu_rows
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView

Choice = tuple[str, dict[str, str]]
"""An action's name, and the values that the row in hand gives it."""


class MenuView(RowsView):
    """The list, in which a letter is an action's key before it is anything else."""

    def on_key(self, event: events.Key) -> None:
        """An action's own key takes it."""
        screen = self.screen
        if isinstance(screen, ActionsScreen) and screen.press(event.key):
            event.stop()
            event.prevent_default()


class ActionsScreen(Dialog[Choice | None]):
    """Its result is what was chosen; None where it was left."""

    def __init__(self, hand: InHand | None) -> None:
        super().__init__()
        self.hand = hand

    def compose(self) -> ComposeResult:
        with Vertical(id="actions", classes="dialog incident") as box:
            self.titled(
                box,
                "Actions",
                "its key or Enter shows what it would do, Esc closes",
                "its key or Enter, Esc closes",
            )
            yield MenuView(self._rows, self.look, id="menu")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(MenuView).focus()

    def follow(self) -> None:
        """What can be done may come after the menu was opened."""
        self.query_one(MenuView).refresh(layout=True)
        self.redraw()

    @property
    def keys(self) -> dict[str, str]:
        return given_keys(self.room.acts.actions)

    def on_key(self, event: events.Key) -> None:
        """What was typed right behind the leader, before the list had the keys."""
        if self.press(event.key):
            event.stop()
            event.prevent_default()

    def _rows(self, width: int) -> list[Row]:
        from warroom.console.commands.actions import why_not

        fitting = [a.name for a in self.room.acts.actions if self.hand and takes(a, self.hand)]
        menu = Menu(
            acts=self.room.acts,
            look=self.look,
            keys=self.keys,
            fitting=tuple(fitting),
            hand=self.hand.words if self.hand else "",
            why_not=why_not(self.console),
        )
        return menu_rows(menu, width)

    def press(self, key: str) -> bool:
        """A key: whether it is an action's."""
        name = next((n for n, written in self.keys.items() if key_named(written) == key), "")
        if not name:
            return False
        self._choose(name)
        return True

    @on(RowsView.Taken)
    def taken(self, event: RowsView.Taken) -> None:
        """Enter on a row shows the plan: it runs nothing."""
        self._choose(event.key.removeprefix("row:"))

    def _choose(self, name: str) -> None:
        action = self.room.acts.action(name)
        if action is None:
            return
        one = takes(action, self.hand) if self.hand else None
        self.finish((name, {one.name: self.hand.key} if one and self.hand else {}))
