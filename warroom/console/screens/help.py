"""Help: every key, and what the signs mean; made from the declarations themselves."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from warroom.console.commands.base import Command, key_words
from warroom.console.incident.rows import Row, folded, gap
from warroom.console.look import Look, style_of
from warroom.console.screens.modal import Modal
from warroom.severity import MAINTENANCE, OK, UNSEEN, Scale
from warroom.text import short_duration


def help_rows(
    commands: Sequence[Command], keys: dict[str, str], look: Look, scale: Scale
) -> list[Row]:
    """The page, as rows. Pure."""
    rows: list[Row] = []
    for group in dict.fromkeys(command.group for command in commands):
        rows.append(Row(Content.assemble((group, "bold"))))
        for command in commands:
            if command.group == group:
                rows.append(_key(key_words(keys.get(command.id, command.key)), command.help))
        if group == "Move":
            rows += [_key(key, words) for key, words in _MOVES]
        if group == "Act":
            rows.append(Row(Content.assemble("  ", ("In a playbook that is followed:", "$quiet"))))
            rows += [_key(key, words) for key, words in _WALKING]
        rows.append(gap())
    rows.append(Row(Content.assemble(("Signs", "bold"))))
    return [*rows, *_signs(look, scale)]


def _key(key: str, words: str) -> Row:
    """A key, and beside it what it does."""
    return Row(Content.assemble("  ", (f"{key:<8}", "$accent"), words), indent=10)


_MOVES = (
    ("1-9, 0", "Focus the panel with that number; 0 is the tenth"),
    ("Tab", "Focus the next panel"),
    ("arrows", "Move the cursor among a panel's rows"),
    ("Esc", "Close what is open"),
    ("^p", "All commands, by name"),
)
_WALKING = (
    ("Enter", "What the step is for: to its panel, run its check, plan its action, how to tell"),
    ("Space", "The step is done, or its watch begins; again: it is open"),
    ("x", "The mitigation did not help: on to the next, at last to escalation"),
    ("s", "Pass the step over"),
    ("o", "All that the step's check said"),
    ("F", "Make what prevents it a follow-up"),
    ("[ ]", "Another playbook that is followed"),
    ("l", "Leave the playbook; it can be begun again where it was"),
)
"""What its keys do while it has them; j and k move, as the arrows do."""


def _signs(look: Look, scale: Scale) -> list[Row]:
    fixed = (
        (OK, "as expected"),
        (MAINTENANCE, "it says itself that it is being worked on"),
        (UNSEEN, "it could not be asked; the figures shown are old, and say how old"),
    )
    lines = []
    for step in scale.steps:
        within = (
            f" {look.dash} respond within {short_duration(step.response)}" if step.response else ""
        )
        lines.append((step.name, f"{step.meaning}{within}"))
    return [
        Row(
            Content.assemble(
                "  ",
                (f"{look.sign(level, scale)} {level:<11} ", f"${style_of(level, scale)[1:]}"),
                look.plain(words),
            ),
            indent=16,
        )
        for level, words in (*lines, *fixed)
    ]


class Page(Static):
    """The rows in the width there is: what is told of a key stays beside it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = rows

    def _folded(self, width: int) -> list[Content]:
        return [line for row in self.rows for line in folded(row, max(width, 2))]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._folded(width))

    def render(self) -> Content:
        return Content("\n").join(self._folded(self.size.width))


class HelpScreen(Modal[None]):
    """The page, to scroll through."""

    BINDINGS = [Binding("escape,q,question_mark", "dismiss", "close", show=False)]

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = rows

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help", classes="dialog") as scroll:
            scroll.border_title = "Help"
            scroll.border_subtitle = "Esc closes"
            yield Page(self.rows)
