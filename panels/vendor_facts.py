"""What a vendor's status page said, in words: pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from panels import rows
from panels.databases import quiet
from warroom.console.look import is_well, label, style_of
from warroom.console.panel import PanelView
from warroom.measure.vendor import Component, StatuspageSeen, VendorIncident
from warroom.severity import MAINTENANCE, OK
from warroom.text import safe, stepped_age
from warroom.wire import SourceView

WELL = "operational"
SAYS = {"none": WELL}
"""Words for the page's indicator where it is not one itself."""
SOME = 6
"""Components that are named in one line; of more it is said how many."""


def vendors(view: PanelView) -> Iterator[tuple[SourceView, StatuspageSeen]]:
    """The vendors whose pages have been seen, with what was seen last."""
    for source in view.sources:
        seen = seen_of(source)
        if seen is not None:
            yield source, seen


def seen_of(source: SourceView) -> StatuspageSeen | None:
    """What its page said last."""
    seen = source.snapshot.seen if source.snapshot is not None else None
    return seen if isinstance(seen, StatuspageSeen) else None


def state(source: SourceView) -> str:
    """Where it stands in a word or two: ``OK``, ``SEV2``, ``trouble`` at no level."""
    if is_well(source):
        return OK
    if source.state != "DOWN":
        return label(source)
    return "trouble" if source.level == OK else source.level


def says(view: PanelView, source: SourceView) -> str:
    """What the page says of the whole, in a word; in brackets when it said so a while ago."""
    seen = seen_of(source)
    if seen is None:
        return view.look.dash
    word = safe(SAYS.get(seen.indicator, seen.indicator), 20)
    return f"({word})" if rows.is_dark(source) else word


def says_style(view: PanelView, source: SourceView) -> str:
    """How that word looks: a level's colour only where it makes the level."""
    seen, old = seen_of(source), quiet(view, source)
    if old or seen is None or seen.indicator == "none":
        return ".dim"
    if source.level == MAINTENANCE or (source.state == "DOWN" and source.level != OK):
        return style_of(source.level, view.state.scale)
    return ""


def troubles(source: SourceView) -> list[str]:
    """The wanted components that are not as they should be, the worst first, and the newest
    incident."""
    seen = seen_of(source)
    if seen is None:
        return []
    bad = [part for part in seen.components if part.wanted and part.status != WELL]
    begun = newest(seen)
    parts = some([component(part) for part in bad], "in trouble")
    return parts + ([incident(begun)] if begun is not None else [])


def some(names: list[str], what: str = "") -> list[str]:
    """The first of them, and how many more there are."""
    left = len(names) - SOME
    return [*names[:SOME], f"{left} more {what}".rstrip()] if left > 0 else names


def status(part: Component) -> str:
    """``partial outage``."""
    return safe(part.status.replace("_", " "), 40) or "not told"


def component(part: Component) -> str:
    """``Webhooks: partial outage``."""
    return f"{safe(part.name, 200)}: {status(part)}"


def newest(seen: StatuspageSeen) -> VendorIncident | None:
    """The incident that was begun last; maintenance under way where there is none."""
    return next(iter(seen.incidents), None)


def incident(found: VendorIncident) -> str:
    """``identified: Webhooks are late``."""
    return f"{safe(found.status.replace('_', ' '), 30)}: {safe(found.name, 200)}"


def seen_ago(view: PanelView, source: SourceView) -> str:
    """How long ago the page was looked at; its interval is long, so it is always said."""
    age = view.age(source)
    if age is None:
        return view.look.dash
    return "<10 s" if age < 10 else stepped_age(age)


def when(at: datetime | None) -> str:
    """A time in UTC: ``2026-03-04 11:55Z``; empty when it is not told."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z"
