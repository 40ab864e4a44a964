"""Leaving while something is under way: what goes on without this console. Pure."""

from collections.abc import Iterable

from warroom.console.scribe.kept import Kept
from warroom.console.state import RoomState
from warroom.text import safe
from warroom.wire import ConsoleStatus

SHOWN = 6
"""Names and titles that are told; of more there is a count."""


def under_way(room: RoomState) -> bool:
    """Whether leaving is asked about: an incident is open, an action runs, something is on."""
    return (
        any(one.open for one in room.incidents)
        or any(run.outcome is None for run in room.acts.runs)
        or bool(room.acts.on)
    )


def leaving_lines(
    room: RoomState, kept: Kept, others: tuple[ConsoleStatus, ...] | None, come_back: str
) -> list[tuple[str, str]]:
    """What leaving means, as words before and after a colon; ``others`` are all that are
    attached, None as long as nobody has said; ``come_back`` is what one types."""
    lines: list[tuple[str, str]] = []
    for one in room.incidents:
        if one.open:
            words = f"{one.id} {one.level}".rstrip()
            lines.append((words, f"stays open, is watched and reminded of: {one.title}"))
    runs = [run for run in room.acts.runs if run.outcome is None]
    if runs:
        lines.append(("Running", f"{_listed(run.title for run in runs)}; it goes on"))
    if room.acts.on:
        lines.append(("Still on", f"{_listed(on.name for on in room.acts.on)}; it stays on"))
    lines.append(("Engine", _engine(room)))
    lines.append(("Others", _others(others)))
    if drafts := _kept(kept):
        lines.append(("Kept here", drafts))
    lines.append(("Back", f"{come_back} comes back to where this is"))
    return [(safe(name, 60), safe(words, 300)) for name, words in lines]


def _engine(room: RoomState) -> str:
    if room.link.state == "attached":
        return "goes on watching, and writing down what it sees"
    return "IS NOT THERE: without a console nobody starts it again"


def _others(others: tuple[ConsoleStatus, ...] | None) -> str:
    if others is None:
        return "not known who else is attached"
    if len(others) <= 1:
        return "NOBODY else is attached"
    names = [one.user for one in others]
    # This console is one of them, and they are told apart by nothing but their person.
    return f"{len(names) - 1} more attached; all of them: {_listed(names)}"


def _kept(kept: Kept) -> str:
    parts = []
    if kept.text:
        parts.append("the line that is being typed")
    if kept.halves:
        s = "" if len(kept.halves) == 1 else "s"
        parts.append(f"{len(kept.halves)} message{s} begun and not sent")
    if kept.forms:
        s = "" if len(kept.forms) == 1 else "s"
        parts.append(f"{len(kept.forms)} form{s} begun and not sent")
    if kept.outgoing:
        s = "y" if len(kept.outgoing) == 1 else "ies"
        parts.append(f"{len(kept.outgoing)} entr{s} NOT SAVED YET")
    return ", ".join(parts)


def _listed(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more
