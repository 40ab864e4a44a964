"""All that a status page told: of a vendor, of one incident, of one component. Pure."""

from collections.abc import Iterator

from textual.content import Content

from panels import rows, vendor_facts
from panels.queue_details import Fact, told
from panels.vendor_facts import when
from panels.vendor_sheets import components, incidents
from warroom.console.panel import PanelView
from warroom.measure.vendor import StatuspageSeen, VendorIncident
from warroom.text import safe
from warroom.wire import SourceView


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All of the row with this key."""
    for source in view.sources:
        if key == source.name:
            return vendor(view, source, width)
    for own, source, found in incidents(view):
        if key == own:
            facts = (("vendor", _page(source)), *_incident(found, view))
            return told(view, facts, width)
    for own, source, _ in components(view):
        if key == own:
            return vendor(view, source, width)
    return []


def vendor(view: PanelView, source: SourceView, width: int) -> list[Content]:
    """What the page says of the whole, of what is wanted or in trouble, its incidents with
    their last words, and which of its components are as they should be."""
    return told(view, tuple(_facts(view, source)), width)


def _facts(view: PanelView, source: SourceView) -> Iterator[Fact]:
    seen, dot = vendor_facts.seen_of(source), f" {view.look.dot} "
    yield "vendor", _page(source)
    yield "why", rows.reason(view, source)
    if source.failure is not None:
        yield "to do", safe(source.failure.hint, 300)
    if seen is None:
        return
    yield "it says", dot.join(filter(None, (safe(seen.description, 300), _changed(seen))))
    yield "seen", f"{vendor_facts.seen_ago(view, source)} ago, every {source.interval:g} s"
    yield "note", dot.join(safe(note, 300) for note in seen.notes)
    name = "wanted"
    for part in (part for part in seen.components if part.wanted):
        yield name, vendor_facts.component(part)
        name = ""
    others = [part for part in seen.components if not part.wanted]
    name = "not well"
    for part in (part for part in others if part.status != vendor_facts.WELL):
        yield name, vendor_facts.component(part)
        name = ""
    for found in seen.incidents:
        yield from _incident(found, view)
    well = [safe(part.name, 200) for part in others if part.status == vendor_facts.WELL]
    yield vendor_facts.WELL, ", ".join(well)


def _page(source: SourceView) -> str:
    seen = vendor_facts.seen_of(source)
    if seen is None:
        return safe(source.title, 40)
    return f"{safe(seen.vendor, 100)}, {safe(seen.url, 300)}"


def _changed(seen: StatuspageSeen) -> str:
    """When the page itself was changed: one that is not kept says that all is well for ever."""
    return f"page changed {when(seen.updated_at)}" if seen.updated_at is not None else ""


def _incident(found: VendorIncident, view: PanelView) -> Iterator[Fact]:
    """Its name, how far it is, what it touches, and its last update as it was written."""
    dot = f" {view.look.dot} "
    kind = "maintenance" if found.impact == "maintenance" else "incident"
    yield kind, safe(found.name, 300)
    impact = "" if found.impact in ("maintenance", "") else f"impact {safe(found.impact, 20)}"
    began = f"began {when(found.started_at)}" if found.started_at else ""
    last = f"last told {when(found.updated_at)}" if found.updated_at else ""
    status = safe(found.status.replace("_", " "), 40)
    yield "", dot.join(part for part in (status, impact, began, last) if part)
    touched = ", ".join(vendor_facts.some([safe(name, 100) for name in found.components]))
    yield "", f"touches {touched}" if touched else ""
    for line in found.text.split("\n"):
        yield "", safe(line.strip())
    yield "", safe(found.url, 300)
