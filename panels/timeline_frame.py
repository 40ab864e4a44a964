"""What stands around the entries of a timeline: its frame, what is out of sight, and the entry
under the cursor. Pure."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual.content import Content

from panels.timeline_lines import Log, details
from panels.timeline_order import Row
from warroom.console.look import Look, fit
from warroom.incident.entries import Entry
from warroom.text import safe

Part = tuple[str, str]
"""Words and their canvas style."""


def frame(log: Log, sought: str, key_of: Callable[[str], str]) -> list[Part]:
    """What the frame says, the most important first. ``key_of`` gives a command's key."""
    plain, hidden = log.look.plain, log.order.hidden
    keys = f"{key_of('whole')} whole, {key_of('mark')} key event, {key_of('correct')} correct"
    number = log.incident.number
    waiting = sum(not isinstance(row, Entry) for row in log.order.rows[-50:])
    parts = [
        (plain(safe(log.incident.id, 24)), ".strong"),
        (f"{waiting} not saved yet" if waiting else "", ".level-1"),
        (f"{hidden:,} hidden, {key_of('automatic')} shows" if hidden else "", ".unseen"),
        (plain(f"/{safe(sought, 24)}") if sought else "", ".accent"),
        (f"{number:,} entr{'y' if number == 1 else 'ies'}", ".dim"),
        (_zone(log, key_of("zone")), ".unseen" if not log.zone.utc else ".dim"),
        (keys if log.focused else "", ".dim"),
        (plain(safe(log.incident.title, 200)), ""),
    ]
    return [part for part in parts if part[0]]


def _zone(log: Log, key: str) -> str:
    """In which zone the times are: whoever copies one must know."""
    if log.zone.utc:
        return "UTC"
    return f"times in {log.today.astimezone(log.zone.tz):%Z}, not UTC: {key}"


def title(parts: Sequence[Part], width: int, look: Look) -> Content:
    """As many of them as there is room for; the last one is cut to what is left."""
    glue = f" {look.dot} "
    found: list[Part] = []
    free = width
    for at, (words, style) in enumerate(parts):
        room = free - (len(glue) if found else 0)
        if cell_len(words) > room:
            if at < len(parts) - 1 or room < 12:
                continue
            words = fit(words, room, "<", look.end)
        found += [(glue, ".dim")] if found else []
        found.append((words, style))
        free = room - cell_len(words)
    return Content.assemble(*found)


def above(older: int, *, asked: bool) -> Content:
    """The line over the oldest entry that is here."""
    s = "y" if older == 1 else "ies"
    words = f"  {older:,} older entr{s}: " + ("asked for" if asked else "Up or PgUp gets them")
    return Content.assemble((words, ".dim"))


def below(new: int, look: Look) -> Content:
    """The line that says what has come while somebody looks further up."""
    sign = "▾" if look.unicode else "v"
    return Content.assemble((f"  {sign} {new:,} new below; End goes there", ".unseen"))


def whole(row: Row, log: Log, width: int, most: int, key: str) -> list[Content]:
    """All of the entry under the cursor, in at most so many lines."""
    folded = [part for line in details(row, log) for part in line.fold(width) or [line]]
    if len(folded) > most:
        more = f"{key} shows {len(folded) - most + 1:,} more lines"
        folded = [*folded[: most - 1], Content.assemble((more, ".dim"))]
    return [Content(""), *folded]
