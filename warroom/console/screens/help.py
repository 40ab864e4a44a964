"""Help: every key, and what the signs mean; made from the declarations themselves."""

import re
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from warroom.config.key_ids import LOCAL, default_of
from warroom.config.keys import key_words
from warroom.console.bound import bound
from warroom.console.commands.base import Command
from warroom.console.incident.rows import Row, folded, gap
from warroom.console.look import Look, style_of
from warroom.console.screens.modal import Modal
from warroom.console.scrolled import Scrolled
from warroom.severity import MAINTENANCE, OK, UNSEEN, Scale
from warroom.text import short_duration

PAGES = (
    ("Move, in every list, panel and text", ("list.", "room.")),
    ("In a playbook that is followed", ("pane.",)),
    ("In the scribe line", ("writing.",)),
    ("In every dialog", ("dialog.",)),
    ("In a form", ("form.",)),
    ("Where something is asked", ("answer.", "plan.")),
    ("In a run", ("run.",)),
    ("In what was done and is still on", ("still_on.",)),
    ("In a message", ("draft.",)),
    ("In the messages that were sent", ("sent.",)),
    ("In the playbooks", ("book.",)),
    ("In the checklists", ("check.",)),
    ("In the incident", ("work.",)),
)
"""The keys that are no command's, by where they are live."""
NUMBERED = re.compile(r"(room\.panel|draft\.to)_([0-9]+)")
"""Ids of which there is one for each digit: the first tells of all."""


def help_rows(
    commands: Sequence[Command], keys: dict[str, str], look: Look, scale: Scale
) -> list[Row]:
    """The page, as rows: every key there is, as it is now. Pure."""
    rows: list[Row] = []
    for group in dict.fromkeys(command.group for command in commands):
        rows.append(Row(Content.assemble((group, "bold"))))
        for command in commands:
            if command.group == group:
                written = keys.get(command.id) or command.key
                rows.append(_key(key_words(written, every=True), command.help))
        rows.append(gap())
    for heading, spaces in PAGES:
        rows.append(Row(Content.assemble((heading, "bold"))))
        rows += [_id_row(name, keys) for name in LOCAL if name.startswith(spaces) and _first(name)]
        rows.append(gap())
    words = "warroom config keys lists every id that [keys] in the file may give other keys"
    rows += [Row(Content.assemble((words, "$quiet"))), gap()]
    rows.append(Row(Content.assemble(("Signs", "bold"))))
    return [*rows, *_signs(look, scale)]


def _first(name: str) -> bool:
    found = NUMBERED.fullmatch(name)
    return found is None or found[2] == "1"


def _id_row(name: str, keys: dict[str, str]) -> Row:
    """The keys of an id, and what they do; of numbered ones those of all."""
    numbered = NUMBERED.fullmatch(name)
    same = [name]
    if numbered is not None:
        same = [one for one in LOCAL if one.startswith(f"{numbered[1]}_")]
    words = " ".join(key_words(keys.get(one) or default_of(one), every=True) for one in same)
    if words in ("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9 0"):
        words = words.replace("1 2 3 4 5 6 7 8 9", "1-9").replace("-9 0", "-9, 0")
    does = LOCAL[name].does.replace(" 1", " with that number") if numbered else LOCAL[name].does
    return _key(words, does)


def keys_here(screen: Screen[object], keys: dict[str, str]) -> list[Row]:
    """The keys that a dialog and what is in it have, without those that it is refused. Pure but
    for looking at them."""
    parts = [screen, *(widget for widget in screen.query("*") if widget.focusable)]
    found = dict.fromkeys(
        binding.id for part in parts for _, binding in part._bindings if binding.id in LOCAL
    )
    unused: frozenset[str] = getattr(screen, "unused", frozenset())
    return [_id_row(name, keys) for name in found if _first(name) and name not in unused]


def _key(key: str, words: str) -> Row:
    """A key, and beside it what it does."""
    lead = f"{key:<{KEY}}" if len(key) <= KEY else f"{key} "
    return Row(Content.assemble("  ", (lead, "$accent"), words), indent=KEY + 2)


KEY = 8
"""Cells of a key in the page; longer ones push their words on."""


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

    BINDINGS = [
        bound("dialog.escape", "dismiss"),
        bound("dialog.close", "dismiss"),
        bound("dialog.help", "dismiss"),
    ]

    def __init__(self, rows: Sequence[Row], heading: str = "Help") -> None:
        super().__init__()
        self.rows, self.heading = rows, heading

    def compose(self) -> ComposeResult:
        with Scrolled(id="help", classes="dialog") as scroll:
            scroll.border_title = self.heading
            scroll.border_subtitle = "Esc closes"
            yield Page(self.rows)
