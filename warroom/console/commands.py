"""Every command of the console, declared once.

One declaration gives the key binding, the footer's entry, the palette's, the help line,
and the reason when it is refused. ``id`` is what ``[keys]`` in the configuration remaps.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from textual.binding import Binding

if TYPE_CHECKING:
    from warroom.console.app import Console


class Command(msgspec.Struct, frozen=True):
    """One thing a person can ask for.

    ``run`` does it. ``refused`` says why it cannot be done now, and is empty when it can.
    ``footer`` is the word in the footer; a command without one is found by help and palette.
    """

    id: str
    key: str
    title: str
    help: str
    run: Callable[["Console"], None]
    group: str = "Room"
    footer: str = ""
    refused: Callable[["Console"], str] = lambda console: ""

    def binding(self) -> Binding:
        """For Textual; the action finds the command by its id."""
        return Binding(
            self.key,
            f"app.command({self.id!r})",
            self.title,
            show=False,
            id=self.id,
            priority=False,
        )


def key_words(key: str) -> str:
    """A key as people write it: ``?`` for ``question_mark``, ``^p`` for ``ctrl+p``."""
    named = {
        "question_mark": "?",
        "escape": "Esc",
        "left_square_bracket": "[",
        "right_square_bracket": "]",
        "enter": "Enter",
        "tab": "Tab",
        "space": "Space",
    }
    first = key.split(",")[0]
    if first.startswith("ctrl+"):
        return f"^{first[5:]}"
    return named.get(first, first)


def _no_selection(console: "Console") -> str:
    if console.selected_source is None:
        return "No source is selected: focus a panel with its number, move with the arrows"
    return _may_not_note(console)


def _may_not_note(console: "Console") -> str:
    link = console.room.link
    if link.state != "attached" or link.welcome is None:
        return "The engine is not there: nothing can be asked of it until it is back"
    if link.welcome.granted == "watch":
        return "This console may only watch; attach without --watch"
    return ""


def _not_red(console: "Console") -> str:
    source = console.selected_source
    if source is not None and source.level == "OK":
        return f"{source.title} is OK: there is nothing to acknowledge"
    return _no_selection(console)


def _one_page(console: "Console") -> str:
    return "This room has one page only" if len(console.pages) < 2 else ""


COMMANDS: tuple[Command, ...] = (
    Command(
        "expand",
        "z",
        "Expand panel",
        "The focused panel on the whole screen, with details",
        lambda console: console.toggle_expanded(),
        footer="expand",
    ),
    Command(
        "acknowledge",
        "k",
        "Acknowledge",
        "Say that a red is seen: it stays red and stops calling",
        lambda console: console.acknowledge(),
        footer="acknowledge",
        refused=_not_red,
    ),
    Command(
        "unacknowledge",
        "K",
        "Take an acknowledgement back",
        "Take that back: the selected source calls again",
        lambda console: console.unacknowledge(),
        refused=_no_selection,
    ),
    Command(
        "probe",
        "r",
        "Ask now",
        "Ask the selected source at once, also one asked on request only",
        lambda console: console.probe(),
        footer="ask now",
        refused=_no_selection,
    ),
    Command(
        "next_page",
        "right_square_bracket",
        "Next page",
        "The next page of panels",
        lambda console: console.turn_page(1),
        group="Move",
        refused=_one_page,
    ),
    Command(
        "previous_page",
        "left_square_bracket",
        "Previous page",
        "The page before",
        lambda console: console.turn_page(-1),
        group="Move",
        refused=_one_page,
    ),
    Command(
        "theme",
        "t",
        "Next theme",
        "The next theme: dark, light, high contrast",
        lambda console: console.next_theme(),
        group="Screen",
    ),
    Command(
        "repaint",
        "ctrl+l",
        "Repaint",
        "Draw the screen again, after something wrote over it",
        lambda console: console.repaint(),
        group="Screen",
    ),
    Command(
        "reload",
        "R",
        "Reload the configuration",
        "Read the configuration again; a bad one changes nothing",
        lambda console: console.reload(),
        group="Room",
        refused=_may_not_note,
    ),
    Command(
        "help",
        "question_mark",
        "Help",
        "All keys, and what the signs mean",
        lambda console: console.show_help(),
        group="Screen",
        footer="help",
    ),
    Command(
        "quit",
        "q",
        "Quit",
        "Leave; the engine goes on watching for a while",
        lambda console: console.leave(),
        group="Screen",
        footer="quit",
    ),
)
