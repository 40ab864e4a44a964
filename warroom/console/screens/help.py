"""Help: every key, and what the signs mean; made from the declarations themselves."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from warroom.console.commands.base import Command, key_words
from warroom.console.look import Look, style_of
from warroom.severity import MAINTENANCE, OK, UNSEEN, Scale
from warroom.text import short_duration


def help_lines(
    commands: Sequence[Command], keys: dict[str, str], look: Look, scale: Scale
) -> list[Content]:
    """The page, as lines. Pure."""
    lines: list[Content] = []
    for group in dict.fromkeys(command.group for command in commands):
        lines.append(Content.assemble((group, "bold")))
        for command in commands:
            if command.group == group:
                key = key_words(keys.get(command.id, command.key))
                lines.append(Content.assemble("  ", (f"{key:<8}", "$accent"), command.help))
        if group == "Move":
            for key, words in _MOVES:
                lines.append(Content.assemble("  ", (f"{key:<8}", "$accent"), words))
        if group == "Act":
            lines.append(Content.assemble("  ", ("In a playbook that is followed:", "$quiet")))
            for key, words in _WALKING:
                lines.append(Content.assemble("  ", (f"{key:<8}", "$accent"), words))
        lines.append(Content(""))
    lines.append(Content.assemble(("Signs", "bold")))
    lines.extend(_signs(look, scale))
    return lines


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


def _signs(look: Look, scale: Scale) -> list[Content]:
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
        Content.assemble(
            "  ",
            (f"{look.sign(level, scale)} {level:<11} ", f"${style_of(level, scale)[1:]}"),
            look.plain(words),
        )
        for level, words in (*lines, *fixed)
    ]


class HelpScreen(ModalScreen[None]):
    """The page, to scroll through."""

    BINDINGS = [Binding("escape,q,question_mark", "dismiss", "close", show=False)]

    def __init__(self, lines: list[Content]) -> None:
        super().__init__()
        self.lines = lines

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help", classes="dialog") as scroll:
            scroll.border_title = "Help"
            scroll.border_subtitle = "Esc closes"
            yield Static(Content("\n").join(self.lines))
