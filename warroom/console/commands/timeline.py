"""What is done in the timeline: going there, marking and correcting entries, hiding the watch's."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.sources import may_only_watch
from warroom.console.incident.log_panel import LogPanel
from warroom.incident.entries import Correction, Entry, Mark, Seen

if TYPE_CHECKING:
    from warroom.console.app import Console


def log_of(console: "Console") -> LogPanel | None:
    """The timeline in sight, if there is one."""
    screen = console.watching
    logs = screen.query(LogPanel) if screen is not None else ()
    return next((log for log in logs if log.display), None)


def _entry(console: "Console") -> Entry | None:
    log = log_of(console)
    return log.entry if log is not None else None


def go(console: "Console") -> None:
    """Give the timeline the keys."""
    if log_of(console) is None and len(console.screen_stack) > 1:
        console.pop_screen()  # another panel is expanded: back to the room, where it is
    log = log_of(console)
    if log is None:
        console.say("The timeline cannot be drawn: its panel says why", bad=True)
    else:
        console.screen.set_focus(log)  # at once: what is typed right behind is meant for it


def mark(console: "Console") -> None:
    """The entry under the cursor is a key event, or is none any more."""
    incident, entry = console.incident, _entry(console)
    if incident is not None and entry is not None:
        console.post(Mark(entry=entry.number, key=entry.number not in incident.keys))


def correct(console: "Console") -> None:
    """Have the entry under the cursor corrected."""
    from warroom.console.screens.correct import CorrectScreen

    incident, entry = console.incident, _entry(console)
    if incident is None or entry is None:
        return

    def done(correction: Correction | None) -> None:
        if correction is not None:
            console.post(correction, incident=incident.id)

    fixed = incident.corrections.get(entry.number)
    console.push_screen(CorrectScreen(entry, fixed, console.look, console.clock), done)


def automatic(console: "Console") -> None:
    """Show what the watch wrote, or hide it."""
    log = log_of(console)
    if log is not None:
        log.turn_asides()


def _no_log(console: "Console") -> str:
    if console.incident is None:
        key = console.key_of("declare")
        return f"No incident is shown: {key} declares one"
    return ""


def _not_here(console: "Console") -> str:
    if log_of(console) is None:
        return _no_log(console) or f"The timeline is not in sight: {console.key_of('timeline')}"
    return _no_log(console)


def _no_entry(console: "Console") -> str:
    log, key = log_of(console), console.key_of("timeline")
    if _not_here(console):
        return _not_here(console)
    if log is None or not log.has_focus:
        return f"Move to the entry first: {key}, then the arrows"
    if log.entry is None:
        return "It is not saved yet; once it is, it can be marked and corrected"
    return may_only_watch(console)


def _not_correctable(console: "Console") -> str:
    entry = _entry(console)
    if entry is not None and isinstance(entry.body, Mark | Correction | Seen):
        return "This tells of another entry: correct that one"
    return _no_entry(console)


TIMELINE: tuple[Command, ...] = (
    Command(
        id="timeline",
        key=KEYS["timeline"],
        title="Timeline",
        help="Go to the incident's timeline; Enter there shows an entry whole",
        run=go,
        group="Incident",
        refused=_no_log,
    ),
    Command(
        id="mark",
        writes=True,
        key=KEYS["mark"],
        title="Mark a key event",
        help="The entry under the cursor is a key event; again, and it is none",
        run=mark,
        group="Incident",
        refused=_no_entry,
    ),
    Command(
        id="correct",
        writes=True,
        key=KEYS["correct"],
        title="Correct an entry",
        help="Correct the entry under the cursor; what it said stays readable",
        run=correct,
        group="Incident",
        refused=_not_correctable,
    ),
    Command(
        id="automatic",
        key=KEYS["automatic"],
        title="Hide what the watch wrote",
        help="Hide in the timeline what nobody said, marks and corrections; again to show",
        run=automatic,
        group="Incident",
        refused=_not_here,
    ),
)
