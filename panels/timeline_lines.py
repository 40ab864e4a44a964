"""How the entries of a timeline are drawn, one line each. Pure."""

from datetime import UTC, datetime

import msgspec
from rich.cells import cell_len
from textual.content import Content

from panels.timeline_order import Order, Row, key_of
from warroom.console.look import Look, fit, style_of
from warroom.incident.bounds import LONGEST
from warroom.incident.entries import Entry, Observed, Severity
from warroom.incident.incident import Corrected, Incident
from warroom.incident.order import happened
from warroom.incident.words import text_of, told
from warroom.severity import Scale
from warroom.text import safe
from warroom.zone import IN_UTC, Zone, there

LATE = 60.0
"""Seconds between what happened and its writing from which that is told."""
WORD = 9
WHO = 12
LEAST = 12
"""Cells of text that a row's tail must leave."""


class Log(msgspec.Struct, frozen=True):
    """What the lines are drawn from. ``first`` is the first row in sight."""

    incident: Incident
    order: Order
    look: Look
    scale: Scale
    today: datetime
    cursor: str = ""
    focused: bool = False
    zone: Zone = IN_UTC
    """The one that times are told in."""
    own: Zone = IN_UTC
    """The person's, beside UTC where an entry is shown whole."""


def rows(log: Log, first: int, room: int, width: int) -> list[Content]:
    """The rows in sight."""
    shown = log.order.rows[first : first + room]
    fixed = log.incident.corrections
    tz = log.zone.tz
    days = {_moment(row, fixed).astimezone(tz).date() for row in shown}
    days -= {log.today.astimezone(tz).date()}
    lines = [_row(row, log, width, dated=bool(days)) for row in shown]
    return [line.truncate(width, ellipsis=log.look.unicode) for line in lines]


def _moment(row: Row, corrections: dict[int, Corrected]) -> datetime:
    at = happened(row, corrections) if isinstance(row, Entry) else row.happened or row.typed_at
    return at.astimezone(UTC)


def _row(row: Row, log: Log, width: int, *, dated: bool) -> Content:
    look = log.look
    here = log.focused and key_of(row) == log.cursor
    at = _moment(row, log.incident.corrections).astimezone(log.zone.tz)
    time = f"{at:%m-%d %H:%M:%S}" if dated else f"{at:%H:%M:%S}"
    if at.utcoffset() != log.today.astimezone(log.zone.tz).utcoffset():
        time += f"{at:%z}"[:3]  # before the clocks changed: the same hour may come twice
    pointer = (f"{look.pointer} " if here else "  ", ".accent")
    if not isinstance(row, Entry):
        return _unsaved(row.shown, row.reason, Content.assemble(pointer, time), look, width)
    said = told(row, log.incident)
    sign = said.sign if look.unicode else said.ascii_sign
    style = said.style
    words = ".dim" if said.automatic or said.style == ".dim" else ""
    if isinstance(row.body, Severity | Observed) and row.body.level:
        sign = look.sign(row.body.level, log.scale)
        style = style_of(row.body.level, log.scale)
    head = Content.assemble(
        pointer,
        (time, words),
        (_late(row, look) + _star(row, log), ".accent"),
        " ",
        (sign, style),
        " ",
        (fit(said.word, WORD, "<", look.end), words or style),
        " ",
    )
    return _with_text(head, row, log, width, ".strong" if here and not words else words)


def _late(entry: Entry, look: Look) -> str:
    late = (entry.written - entry.happened).total_seconds() > LATE
    # What the watch had seen before the incident was declared came in with it, all of it.
    return ("‹" if look.unicode else "<") if late and not isinstance(entry.body, Observed) else " "


def _star(entry: Entry, log: Log) -> str:
    if entry.number not in log.incident.keys:
        return " "
    return "★" if log.look.unicode else "*"


def _with_text(head: Content, entry: Entry, log: Log, width: int, style: str) -> Content:
    """The row's first line of text, who said it, and what there is more of it."""
    look = log.look
    fixed = log.incident.corrections.get(entry.number)
    withdrawn = fixed is not None and fixed.text == ""
    text = fixed.text if fixed is not None and fixed.text else text_of(entry.body, entry.happened)
    lines = [line for line in text.split("\n") if line.strip()] or [""]
    tail = ""
    if len(lines) > 1:
        tail = f"  +{len(lines) - 1} line" + ("s" if len(lines) > 2 else "")
    if fixed is not None and not withdrawn:
        tail += "  ≠ corrected" if look.unicode else "  x corrected"
    who = "" if entry.actor.name == "warroom" else look.plain(safe(entry.actor.person, 40))
    who = f"{fit(who, min(cell_len(who), WHO), '<', look.end)}: " if who else ""
    gone = "withdrawn: " if withdrawn else ""
    room = max(width - head.cell_length - cell_len(who) - cell_len(gone), 0)
    if room - cell_len(tail) < LEAST:
        tail = ""
    words = look.plain(safe(lines[0], 500))
    room = max(room - cell_len(tail), 0)
    words = fit(words, min(cell_len(words), room), "<", look.end)
    return Content.assemble(head, (who, ".dim"), (gone, ".unseen"), (words, style), (tail, ".dim"))


def _unsaved(shown: str, reason: str, head: Content, look: Look, width: int) -> Content:
    """What is on its way: a hollow sign, and that it is not saved yet."""
    sign = "○" if look.unicode else "o"
    why = f" ({look.plain(safe(reason, 60))})" if reason else ""
    text = look.plain(safe(shown.split("\n")[0], 500))
    line = Content.assemble(head, "   ", (f"{sign} not saved yet{why}  ", ".level-1"), text)
    return line.truncate(width, ellipsis=look.unicode)


def details(row: Row, log: Log) -> list[Content]:
    """The whole entry: what it is, when it happened and was written, every line of its text."""
    look = log.look
    if not isinstance(row, Entry):
        state = f"not saved yet{': ' if row.reason else ''}{look.plain(safe(row.reason))}"
        return [Content.assemble((state, ".level-1")), *_lines(row.shown, look)]
    said = told(row, log.incident)
    dot = f" {look.dot} "
    who = look.plain(safe(row.actor.shown, 60))
    at = happened(row, log.incident.corrections).astimezone(UTC)
    own = "" if log.own.utc else f" ({there(at, log.own, at, '%H:%M:%S')})"
    head = [f"entry {row.number}", said.word, who, f"happened {at:%Y-%m-%d %H:%M:%S}Z{own}"]
    late = (row.written - at).total_seconds()
    if abs(late) >= 1:
        head.append(f"written {row.written.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z")
    if row.number in log.incident.keys:
        head.append("key event")
    return [Content.assemble((dot.join(head), ".dim")), *_lines(said.text, look)]


def _lines(text: str, look: Look) -> list[Content]:
    return [Content(look.plain(safe(line, LONGEST))) for line in text.split("\n")]
