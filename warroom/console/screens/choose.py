"""Choosing one of a few things from a list."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from warroom.console.bound import bound
from warroom.console.screens.modal import Modal
from warroom.console.scrolled import Options


class ChooseScreen(Modal[str | None]):
    """A titled list; the result is the chosen key, or None."""

    BINDINGS = [
        bound("dialog.escape", "dismiss(None)"),
        bound("dialog.close", "dismiss(None)"),
        bound("dialog.help", "app.tell_keys"),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, Content]]) -> None:
        super().__init__()
        self.heading = title
        self.choices = choices

    def compose(self) -> ComposeResult:
        with Vertical(id="choose", classes="dialog") as box:
            box.border_title = Content(self.heading)
            box.border_subtitle = "Enter chooses, Esc closes"
            options = [Option(words, id=key) for key, words in self.choices]
            yield Options(*options, id="choices", compact=True)

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Hand the choice back."""
        self.dismiss(event.option.id)
