"""The pages of the expanded panel ``onset``: troubles, changes, levels. Pure."""

from datetime import datetime

from textual.content import Content

from panels import onset_line, onset_strip
from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.past import Noticed, Onset, Step
from warroom.severity import OK
from warroom.text import safe, short_duration

TROUBLES, CHANGES, LEVELS = "troubles", "changes", "levels"
NAMES = (TROUBLES, CHANGES, LEVELS)

_TROUBLES = (
    Column(title="first (UTC)", width=11),
    Column(title="level", width=11),
    Column(title="what", width=24, grows=True),
    Column(title="figure", width=22, rank=1, grows=True),
    Column(title="lasted", width=12),
)
_CHANGES = (
    Column(title="at (UTC)", width=11),
    Column(title="what", width=30, grows=True),
    Column(title="first red", width=14),
    Column(title="source", width=14, rank=1),
)
_LEVELS = (
    Column(title="at (UTC)", width=11),
    Column(title="source", width=14),
    Column(title="from", width=11, rank=1),
    Column(title="to", width=11),
    Column(title="why", width=24, grows=True),
)


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    if view.state.room is None:
        return Sheet(name=name, columns=_TROUBLES, empty="Waiting for the engine.")
    if name == CHANGES:
        rows = tuple(_change(view, noticed) for noticed in reversed(onset_strip.changes(view)))
        return Sheet(name=name, columns=_CHANGES, rows=rows, empty="Nothing has changed.")
    if name == LEVELS:
        rows = tuple(_step(view, step) for step in reversed(_steps(view)))
        return Sheet(name=name, columns=_LEVELS, rows=rows, empty="No level was taken.")
    rows = tuple(_trouble(view, onset) for onset in onset_line.troubles(view))
    return Sheet(name=name, columns=_TROUBLES, rows=rows, empty="No trouble in the last 30 min.")


def _steps(view: PanelView) -> tuple[Step, ...]:
    names = {source.name for source in view.sources}
    return tuple(step for step in view.state.past.levels if step.source in names)


def _key(source: str, kind: str, at: datetime, what: str) -> str:
    return f"{source}.{kind}:{at.isoformat()}:{what}"


def _trouble(view: PanelView, onset: Onset) -> Row:
    scale, over = view.state.scale, onset.until is not None
    style = ".dim" if over else style_of(onset.level, scale)
    sign = view.look.sign(onset.level, scale)
    cells = (
        Cell(onset_line.clock(view, onset.at), onset.at.timestamp(), ".dim" if over else ""),
        Cell(f"{sign} {safe(onset.level, 9)}", scale.rank(onset.level), style),
        Cell(onset_line.called(view, onset), style=".dim" if over else ""),
        Cell(safe(onset.signal, 80), style=".dim"),
        Cell(lasted(onset), style=".dim" if over else ".strong"),
    )
    return Row(key=_key(onset.source, "onset", onset.at, onset.signal), cells=cells)


def lasted(onset: Onset) -> str:
    """``over, 4 min``, or that it lasts."""
    if onset.until is None:
        return "lasts"
    return f"over, {short_duration((onset.until - onset.at).total_seconds())}"


def _change(view: PanelView, noticed: Noticed) -> Row:
    change, red = noticed.change, onset_line.first(view)
    said = onset_strip.apart(noticed, red) if red else ""
    source = view.state.named(noticed.source)
    cells = (
        Cell(onset_line.clock(view, change.at), change.at.timestamp(), ".dim"),
        Cell(safe(change.what, 300)),
        Cell(said, onset_strip.ahead(noticed, red) if red and said else None, ".dim"),
        Cell(safe(source.title if source is not None else noticed.source, 40), style=".dim"),
    )
    return Row(key=_key(noticed.source, "change", change.at, change.what), cells=cells)


def _step(view: PanelView, step: Step) -> Row:
    scale = view.state.scale
    source = view.state.named(step.source)
    cells = (
        Cell(onset_line.clock(view, step.at), step.at.timestamp(), ".dim"),
        Cell(safe(source.title if source is not None else step.source, 40)),
        Cell(safe(step.before, 11), scale.rank(step.before), ".dim"),
        Cell(safe(step.level, 11), scale.rank(step.level), style_of(step.level, scale)),
        Cell(safe(step.cause, 300) or ("all is well" if step.level == OK else ""), style=".dim"),
    )
    return Row(key=_key(step.source, "level", step.at, step.level), cells=cells)


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All of one row, in words."""
    for name in NAMES:
        found = sheet(view, name)
        row = next((row for row in found.rows if row.key == key), None)
        if row is not None:
            pairs = zip(found.columns, row.cells, strict=True)
            told = [(column.title, cell.text) for column, cell in pairs if cell.text]
            return [line for title, text in told for line in _told(view, title, text, width)]
    return []


def _told(view: PanelView, title: str, text: str, width: int) -> list[Content]:
    words = Content(view.look.plain(text)).wrap(max(width - 12, 8))
    heads = [f"{title:<12}", *[" " * 12] * (len(words) - 1)]
    return [Content.assemble((head, ".dim"), line) for head, line in zip(heads, words, strict=True)]
