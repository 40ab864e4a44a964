"""The pages of the expanded panel of vendors: vendors, incidents, components. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC

from panels import rows, vendor_facts
from panels.databases import empty, quiet
from panels.vendor_facts import vendors, when
from warroom.console.look import shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.vendor import Component, VendorIncident
from warroom.severity import OK
from warroom.text import safe
from warroom.wire import SourceView

NAMES = ("vendors", "incidents", "components")

_VENDOR = (
    Column(title="level", width=11),
    Column(title="vendor", width=17),
    Column(title="says", width=13, rank=1),
    Column(title="seen", width=6, align=">", rank=2),
    Column(title="open", width=4, align=">", rank=3),
    Column(title="trouble, newest incident", width=18, grows=True),
    Column(title="changed (UTC)", width=17, rank=4),
)
_INCIDENT = (
    Column(title="last (UTC)", width=11),
    Column(title="impact", width=11, rank=1),
    Column(title="status", width=13, rank=2),
    Column(title="vendor", width=10),
    Column(title="incident", width=16, grows=True),
    Column(title="began (UTC)", width=17, rank=3),
)
_COMPONENT = (
    Column(title="status", width=20),
    Column(title="wanted", width=6, rank=1),
    Column(title="component", width=16, grows=True),
    Column(title="vendor", width=12),
)


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    makers: dict[str, Callable[[PanelView], Sheet]] = dict(
        zip(NAMES, (_vendors, _incidents, _components), strict=True)
    )
    return makers[name](view)


def incidents(view: PanelView) -> Iterator[tuple[str, SourceView, VendorIncident]]:
    """What is open at all vendors, each with its row's key."""
    for source, seen in vendors(view):
        met: Counter[str] = Counter()
        for found in seen.incidents:
            met[found.key] += 1
            yield f"{source.name}.incident:{met[found.key]}:{found.key}", source, found


def components(view: PanelView) -> Iterator[tuple[str, SourceView, Component]]:
    """The components of all vendors, each with its row's key: two may be called alike."""
    for source, seen in vendors(view):
        met: Counter[str] = Counter()
        for part in seen.components:
            met[part.name] += 1
            yield f"{source.name}.component:{met[part.name]}:{part.name}", source, part


def _vendors(view: PanelView) -> Sheet:
    found = tuple(_vendor(view, source) for source in view.sources)
    return Sheet(name=NAMES[0], columns=_VENDOR, rows=found, empty="No status page is configured.")


def _vendor(view: PanelView, source: SourceView) -> Row:
    scale, seen, old = view.state.scale, vendor_facts.seen_of(source), quiet(view, source)
    level = shown_level(source)
    word = f"{sign_of(source, view.look, scale)} {vendor_facts.state(source)}"
    listed = source.signal("incidents")
    count = rows.last_value(source, listed) if listed is not None else None
    cells = (
        Cell(word, float(-scale.rank(level)), ".dim" if level == OK else style_of(level, scale)),
        Cell(safe(source.title, 40), style=old),
        Cell(vendor_facts.says(view, source), style=vendor_facts.says_style(view, source)),
        Cell(vendor_facts.seen_ago(view, source), view.age(source), old),
        Cell(view.look.dash if count is None else f"{count:g}", count, old),
        Cell(f" {view.look.dot} ".join(vendor_facts.troubles(source)), style=old),
        Cell(when(seen.updated_at if seen else None), style=old),
    )
    return Row(key=source.name, cells=cells, more=rows.reason(view, source))


def _incidents(view: PanelView) -> Sheet:
    found = [_incident(view, *each) for each in incidents(view)]
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    words = _none_open(view)
    return Sheet(name=NAMES[1], columns=_INCIDENT, rows=tuple(found), empty=words)


def _none_open(view: PanelView) -> str:
    """That nothing is open is only said where all pages say so."""
    signals = ((source, source.signal("incidents")) for source in view.sources)
    silent = [source for source, signal in signals if signal is None or signal.value is None]
    if silent:
        names = ", ".join(safe(source.title, 40) for source in silent)
        return f"None is told of; not known of {names}."
    return empty(view, "No vendor has an incident open.")


def _incident(view: PanelView, key: str, source: SourceView, found: VendorIncident) -> Row:
    old, last = quiet(view, source), found.updated_at or found.started_at
    short = "" if last is None else f"{last.astimezone(UTC):%m-%d %H:%M}"
    cells = (
        Cell(short, None if last is None else last.timestamp(), old),
        Cell(safe(found.impact, 20), style=old),
        Cell(safe(found.status.replace("_", " "), 30), style=old),
        Cell(safe(source.title, 40), style=old),
        Cell(safe(found.name, 300), style=old),
        Cell(when(found.started_at), style=old),
    )
    return Row(key=key, cells=cells, more=found.text)


def _components(view: PanelView) -> Sheet:
    found = [_component(view, *each) for each in components(view)]
    words = empty(view, "No page tells of components.")
    return Sheet(name=NAMES[2], columns=_COMPONENT, rows=tuple(found), empty=words)


def _component(view: PanelView, key: str, source: SourceView, part: Component) -> Row:
    old = quiet(view, source)
    well = part.status == vendor_facts.WELL
    cells = (
        Cell(vendor_facts.status(part), style=old or (".dim" if well else ".strong")),
        Cell("wanted" if part.wanted else "", style=old),
        Cell(safe(part.name, 300), style=old),
        Cell(safe(source.title, 40), style=old),
    )
    return Row(key=key, cells=cells)
