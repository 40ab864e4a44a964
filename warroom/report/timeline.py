"""The timeline as a document tells it. Pure."""

from collections.abc import Iterable

from warroom.incident.entries import Entry, Observed
from warroom.incident.incident import Incident
from warroom.incident.order import happened, in_order
from warroom.incident.words import told
from warroom.report.document import Table
from warroom.report.words import time_of, whole

KINDS = ("declared", "severity", "status", "milestone", "decision", "resolved", "reopened")
"""What every incident turns on."""


def table(entries: Iterable[Entry], incident: Incident) -> Table:
    """A row for each entry."""
    rows = tuple(row(entry, incident) for entry in in_order(entries, incident.corrections))
    return Table(("Time (UTC)", "No.", "Who", "Kind", "What"), rows, (0, 1))


def row(entry: Entry, incident: Incident) -> tuple[str, ...]:
    """When, its number, who, of what kind, and what it says."""
    said = told(entry, incident)
    star = " ★" if entry.number in incident.keys else ""
    return (
        time_of(happened(entry, incident.corrections), incident.started),
        str(entry.number),
        whole(entry.actor.shown),
        said.word + star,
        whole(said.text),
    )


def keys(entries: Iterable[Entry], incident: Incident) -> list[Entry]:
    """The key events: those marked, what every incident turns on, and the first trouble seen."""
    found = list(entries)
    first = next((e for e in in_order(found, incident.corrections) if _is(e, "onset")), None)
    return [e for e in found if e.number in incident.keys or e.kind in KINDS or e is first]


def _is(entry: Entry, what: str) -> bool:
    return isinstance(entry.body, Observed) and entry.body.what == what
