"""An incident as JSON for programs, and its timeline as CSV for spreadsheets. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from warroom.incident.dues import due_dates
from warroom.incident.order import happened, in_order
from warroom.incident.spans import seconds
from warroom.incident.words import told
from warroom.report.dossier import Dossier
from warroom.report.measures import measures
from warroom.report.series import series
from warroom.report.words import whole

VERSION = 1
"""Of the JSON's shape: it changes when a field means something else, or goes."""
_BEFORE = re.compile(r"[\s'\"]*")
"""What a reader may take away, or look behind: every blank that Unicode knows, and quotes."""
COLUMNS = (
    "number",
    "happened",
    "written",
    "who",
    "attested",
    "kind",
    "key event",
    "automatic",
    "text",
    "hash",
)
MASKED = "names are masked"
"""One column more, of a timeline that others may see."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, or of a command; the last four are the
wide forms of the first, which stand for them where people write East Asian."""


def as_json(dossier: Dossier) -> str:
    """Everything, in ASCII: lossless, and no character of it is obeyed by a terminal."""
    incident = dossier.incident
    end = incident.resolved
    found = {
        "version": VERSION,
        "made": dossier.made,
        "by": f"warroom {dossier.version}",
        "room": dossier.room,
        "environment": dossier.environment,
        "head": dossier.head,
        **({"masked": True} if dossier.masked else {}),
        "incident": incident,
        "duration_s": None if end is None else seconds(incident.started, end),
        "measures": measures(incident, dossier.procedures, dossier.entries),
        "due": due_dates(incident, dossier.procedures),
        "signals": [_signal(one) for one in series(dossier.evidence.samples, incident)],
        "evidence": {
            "files": dossier.journalled,
            "changed": dossier.evidence.changed,
            "problems": dossier.evidence.problems,
        },
        "entries": in_order(dossier.entries, incident.corrections),
    }
    plain = _plain(msgspec.to_builtins(found))
    return json.dumps(plain, indent=2, allow_nan=False).replace("\x7f", "\\u007f") + "\n"


def _signal(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit,
        "before": one.before,
        "low": None if one.low is None else {"value": one.low[0], "at": one.low[1]},
        "high": None if one.high is None else {"value": one.high[0], "at": one.high[1]},
        "after": one.after,
        "not_well": one.ill,
    }


def _plain(value: Any) -> Any:
    """JSON's keys are text, and its numbers finite."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not -1e308 < value < 1e308:
        return None
    return value


def as_csv(dossier: Dossier) -> str:
    """The timeline, a row for each entry (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow((*COLUMNS, MASKED) if dossier.masked else COLUMNS)
    for row in _rows(dossier):
        writer.writerow([defused(cell) for cell in row])
    return out.getvalue()


def _rows(dossier: Dossier) -> Iterator[tuple[str, ...]]:
    incident = dossier.incident
    for entry in in_order(dossier.entries, incident.corrections):
        said = told(entry, incident)
        yield (
            str(entry.number),
            happened(entry, incident.corrections).isoformat(),
            entry.written.isoformat(),
            entry.actor.shown,
            "yes" if entry.actor.attested else "no",
            entry.kind,
            "yes" if entry.number in incident.keys else "",
            "yes" if said.automatic else "",
            said.text,
            entry.hash,
            *(("yes",) if dossier.masked else ()),
        )


def defused(cell: str) -> str:
    """No formula, wherever a spreadsheet looks for its beginning; every character visible."""
    text = whole(cell)
    inside = _BEFORE.sub("", text, count=1)
    return f"'{text}" if inside.startswith(_FORMULA) else text
