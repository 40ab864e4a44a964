"""In which order things happened, as far as it is known by now. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from warroom.incident.entries import Entry
from warroom.incident.incident import Corrected


def happened(entry: Entry, corrections: Mapping[int, Corrected]) -> datetime:
    """When it happened, as it was corrected."""
    fixed = corrections.get(entry.number)
    return fixed.at if fixed is not None and fixed.at is not None else entry.happened


def in_order(entries: Iterable[Entry], corrections: Mapping[int, Corrected]) -> list[Entry]:
    """By when they happened; of the same moment as they were written."""
    return sorted(entries, key=lambda entry: (happened(entry, corrections), entry.number))
