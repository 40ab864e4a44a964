"""What is searched of an entry, and what is copied of it. Pure."""

from datetime import UTC

from panels.timeline_order import Order, key_of
from panels.timeline_order import Row as Told
from warroom.console.sheet import Cell, Row
from warroom.console.table.arrange import Filter
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.incident.order import happened
from warroom.incident.words import told


def match(
    order: Order, incident: Incident, start: str, by: int, sought: Filter, *, here: bool = False
) -> str | None:
    """The key of the nearest entry that has it, from ``start`` on, round the ends; ``here`` asks
    that one too. None when there is none."""
    count = len(order.rows)
    at = order.place.get(start, count - 1)
    for step in range(0 if here else 1, count + 1 if count else 0):
        row = order.rows[(at + by * step) % count]
        if sought.finds(_searched(row, incident)) != sought.inverted:
            return key_of(row)
    return None


def _searched(row: Told, incident: Incident) -> Row:
    """Its word, who wrote it, and its whole text, the old one too where it was corrected."""
    if not isinstance(row, Entry):
        return Row(key=row.once, cells=(Cell(row.shown),))
    said = told(row, incident)
    cells = (Cell(f"{said.word} {row.actor.shown}"),)
    return Row(key=str(row.number), cells=cells, more=said.text)


def copied(row: Told, incident: Incident) -> Row:
    """An entry as one hands it to a person: when, what, by whom; its further lines below."""
    if not isinstance(row, Entry):
        return Row(key="not saved yet", cells=(Cell(row.shown),))
    at = happened(row, incident.corrections).astimezone(UTC)
    said = told(row, incident)
    first, _, more = said.text.partition("\n")
    cells = (f"{at:%Y-%m-%d %H:%M:%SZ}", said.word, row.actor.shown, first)
    return Row(key=f"entry {row.number}", cells=tuple(map(Cell, cells)), more=more)
