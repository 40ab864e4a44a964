"""What can be asked of the engine about the selected source, and about the room."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.text import safe
from warroom.wire import Acknowledge, Probe, Reload, Unacknowledge

if TYPE_CHECKING:
    from warroom.console.app import Console


def acknowledge(console: "Console") -> None:
    """Ask for reason and span, then tell the engine."""
    from warroom.console.screens.acknowledge import AcknowledgeScreen, Seen

    source = console.selected_source
    if source is None:
        return
    name = source.name

    def done(seen: Seen | None) -> None:
        if seen is not None:
            request = Acknowledge(
                ref=0, source=name, level=seen.level, reason=seen.reason, seconds=seen.seconds
            )
            console.ask(request)

    console.push_screen(AcknowledgeScreen(source, console.look), done)


def unacknowledge(console: "Console") -> None:
    """Let the selected source call again."""
    if console.selected_source is not None:
        console.ask(Unacknowledge(ref=0, source=console.selected_source.name))


def probe(console: "Console") -> None:
    """Poll the selected source now."""
    if console.selected_source is not None:
        console.ask(Probe(ref=0, source=console.selected_source.name))


def reload(console: "Console") -> None:
    """Have the engine read the configuration again."""
    console.ask(Reload(ref=0))


def may_not(console: "Console") -> str:
    """Why nothing can be asked of the engine; empty when it can."""
    link = console.room.link
    if link.state != "attached" or link.welcome is None:
        return "The engine is not there: nothing can be asked of it until it is back"
    return may_only_watch(console)


def may_not_act(console: "Console") -> str:
    """Why nothing can be done that reaches beyond this room; empty when it can."""
    welcome = console.room.link.welcome
    if welcome is not None and welcome.granted == "note":
        why = safe(console.room.acts.refused, 120) or "it was started with --read-only"
        return f"This console may note and not act: {why}"
    return may_not(console)


def never_acts(console: "Console") -> bool:
    """Whether this console was not granted to reach beyond this room, engine or not."""
    welcome = console.room.link.welcome
    return welcome is not None and welcome.granted != "act"


def may_only_watch(console: "Console") -> str:
    """Why this console writes nothing; empty when it may, or nobody has said."""
    welcome = console.room.link.welcome
    if welcome is not None and welcome.granted == "watch":
        return "This console may only watch; attach without --watch"
    return ""


def _no_selection(console: "Console") -> str:
    if console.selected_source is None:
        return "No source is selected: focus a panel with its number, move with the arrows"
    return may_not(console)


def _not_chosen(console: "Console") -> str:
    source, panel = console.selected_source, console.selected_panel
    if source is not None and source.on_request and not (panel and panel.steered):
        return f"{source.title} is asked on request only: move the cursor onto it first"
    return _no_selection(console)


def _not_red(console: "Console") -> str:
    source = console.selected_source
    if source is not None and source.level == "OK":
        return f"{source.title} is OK: there is nothing to acknowledge"
    return _no_selection(console)


SOURCES: tuple[Command, ...] = (
    Command(
        id="acknowledge",
        writes=True,
        key=KEYS["acknowledge"],
        title="Acknowledge",
        help="Say that a red is seen: it stays red and stops calling",
        run=acknowledge,
        footer="acknowledge",
        few="ack",
        refused=_not_red,
    ),
    Command(
        id="unacknowledge",
        writes=True,
        key=KEYS["unacknowledge"],
        title="Take an acknowledgement back",
        help="Take that back: the selected source calls again",
        run=unacknowledge,
        refused=_no_selection,
    ),
    Command(
        id="probe",
        writes=True,
        key=KEYS["probe"],
        title="Ask now",
        help="Ask the selected source at once, also one asked on request only",
        run=probe,
        footer="ask now",
        refused=_not_chosen,
    ),
    Command(
        id="reload",
        writes=True,
        key=KEYS["reload"],
        title="Reload the configuration",
        help="Read the configuration again; a bad one changes nothing",
        run=reload,
        refused=may_not,
    ),
)
