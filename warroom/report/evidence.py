"""How evidence lies beside an incident: JSON lines, one file a kind, each line dated.

The engine writes them while the incident is open, and reports read them. A file is only ever
appended to; a line that was cut short by a kill is the last one, and is passed over.
"""

from datetime import datetime

import msgspec

from warroom.severity import Level
from warroom.sharing.kinds import Ident, Name

SIGNALS = "signals.jsonl"
"""One ``Sample`` a line: every look at every source."""
SEEN = "seen.jsonl"
"""One ``Sight`` a line: queries, deployments, changes, vendors' status, captured output."""
FOLDER = "evidence"
"""Beside the journal; in it one folder an incident, by its id."""


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One look at one source. ``signals`` maps a figure's full name to its value, None where it
    was not seen. ``failure`` says why nothing was seen, empty where something was."""

    at: datetime
    source: Name
    level: Level
    state: Ident
    signals: dict[Name, float | None] = {}
    units: dict[Name, Ident] = {}
    """Only in the first line of a source, and when one changed."""
    failure: str = ""


class Sight(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something seen that is no figure. ``kind`` is ``query``, ``deployment``, ``change``,
    ``vendor``, ``output`` or ``note`` (of the recorder itself); ``key`` tells one from another."""

    at: datetime
    source: Name
    kind: Ident
    text: str
    key: str = ""
    facts: dict[str, str] = {}


def file_name(text: str) -> str:
    """Fit for a file's name on any system: letters, digits, dots, dashes."""
    kept = (char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in text)
    return "".join(kept).strip(".-")[:80] or "incident"
