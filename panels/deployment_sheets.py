"""The pages of the expanded panel ``deployments``: deployments, checks, all of one. Pure."""

from collections.abc import Iterator
from datetime import UTC

from msgspec.structs import replace
from textual.content import Content

from panels import rows
from panels.command_facts import (
    AHEAD,
    Deployed,
    ago,
    checks,
    command,
    deployed,
    listing,
    name,
    seen_of,
    signed,
    since,
    state,
    words,
)
from panels.databases import empty, quiet, style_for
from panels.queue_details import Fact, told
from warroom.console.look import is_well, label, shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.command import CommandSeen, Item
from warroom.text import safe, short_duration
from warroom.wire import SourceView

DEPLOYMENTS, CHECKS = "deployments", "checks"
NAMES = (DEPLOYMENTS, CHECKS)

SOURCE = Column(title="source", width=12, rank=2)
_DEPLOYED = (
    Column(title="state", width=14),
    Column(title="at (UTC)", width=14),
    Column(title="ago", width=6, align=">"),
    Column(title="deployment", width=24, grows=True),
    Column(title="by", width=12, rank=1),
    SOURCE,
)
_CHECK = (
    Column(title="level", width=11),
    Column(title="check", width=14),
    Column(title="says", width=24, grows=True),
    Column(title="status", width=6, align=">", rank=1),
)


def pages(view: PanelView) -> tuple[str, ...]:
    """Those of which there is something; the first where there is nothing."""
    found = (DEPLOYMENTS,) * bool(listing(view)) + (CHECKS,) * bool(checks(view))
    return found or NAMES[:1]


def sheet(view: PanelView, page: str) -> Sheet:
    """The page with this name."""
    if page == CHECKS:
        found = tuple(_check(view, source) for source in checks(view))
        words = "No check is configured."
        return Sheet(name=page, columns=_CHECK, rows=found, empty=words)
    lines = tuple(_deployed(view, each) for each in deployed(view))
    several = len(listing(view)) > 1
    first = replace(SOURCE, rank=0)
    columns = tuple(first if several and each is SOURCE else each for each in _DEPLOYED)
    words = empty(view, "No deployment is listed.")
    return Sheet(name=page, columns=columns, rows=lines, empty=words)


def _deployed(view: PanelView, found: Deployed) -> Row:
    item, plain = found.item, quiet(view, found.source)
    sign, style = signed(view, found)
    passed = since(view, found)
    at = item.at
    when = f"{at.astimezone(UTC):%m-%d %H:%M:%S}" if at is not None else view.look.dash
    cells = (
        Cell(f"{sign} {state(view, item)}".rstrip(), item.state, style),
        Cell(when, None if at is None else at.timestamp(), plain),
        Cell(ago(passed, view.look.dash), passed, plain),
        Cell(name(view, item), style=plain),
        Cell(safe(item.by, 100), style=plain),
        Cell(safe(found.source.title, 40), style=plain),
    )
    return Row(key=found.key, cells=cells, more=f"{safe(item.url)} {safe(item.key)}")


def _check(view: PanelView, source: SourceView) -> Row:
    scale, plain = view.state.scale, quiet(view, source)
    seen = seen_of(source)
    status = seen.status if seen is not None else None
    number = seen.number if seen is not None else None
    style = ".dim" if is_well(source) else style_of(shown_level(source), scale)
    level = f"{sign_of(source, view.look, scale)} {label(source)}"
    cells = (
        Cell(level, scale.rank(shown_level(source)), style),
        Cell(safe(source.title, 40), style=plain),
        Cell(words(source), number, style_for(view, source, "value", number) or plain),
        Cell(view.look.dash if status is None else str(status), status, plain),
    )
    return Row(key=source.name, cells=cells, more=rows.reason(view, source))


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All of the row with this key."""
    for found in deployed(view):
        if key == found.key:
            return told(view, (*_facts(view, found), *_command(view, found.source)), width)
    for source in checks(view):
        if key == source.name:
            return _all_of_check(view, source, width)
    return []


def _facts(view: PanelView, found: Deployed) -> Iterator[Fact]:
    item: Item = found.item
    yield "deployment", safe(item.title, 400)
    yield "key", safe(item.key, 400) if item.short else ""
    if item.at is not None:
        passed = ago(since(view, found), "")
        when = {"now": "now", AHEAD: "ahead of our clock"}.get(passed, f"{passed} ago")
        yield "at", f"{item.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z, {when}"
    meaning = f": {item.outcome}" if item.outcome and item.outcome != item.state.casefold() else ""
    yield "state", f"{safe(item.state, 100)}{meaning}".removeprefix(": ")
    yield "by", safe(item.by, 200)
    yield "url", safe(item.url, 1_000)


def _command(view: PanelView, source: SourceView) -> Iterator[Fact]:
    """Which command told it, when, and what is to be said of that."""
    seen = seen_of(source)
    yield "source", safe(source.title, 40)
    yield "why", rows.reason(view, source)
    if seen is None or source.snapshot is None:
        return
    snapshot = source.snapshot
    took = short_duration(snapshot.took)
    yield "command", command(seen)
    yield "ran", f"{snapshot.taken_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z, in {took}, {_end(seen)}"
    yield "note", f" {view.look.dot} ".join(safe(note, 300) for note in seen.notes)
    what = "items" if seen.items else "lines before these"
    yield "left out", f"{seen.hidden} {what}" if seen.hidden else ""


def _end(seen: CommandSeen) -> str:
    return "ended by us" if seen.status is None else f"status {seen.status}"


def _all_of_check(view: PanelView, source: SourceView, width: int) -> list[Content]:
    """The facts, then its output as it printed it; or its items."""
    seen = seen_of(source)
    says = ("says", words(source)) if seen is not None and seen.shows == "number" else ("", "")
    lines = told(view, (says, *_command(view, source)), width)
    if seen is None:
        return lines
    style = quiet(view, source)
    printed = [" ".join(part for part in (i.called, i.state) if part) for i in seen.items]
    texts = printed or (seen.output.split("\n") if seen.output else [])
    body = [Content.assemble((view.look.plain(safe(text)), style)) for text in texts]
    return [*lines, Content(""), *(part for line in body for part in line.fold(max(width, 1)))]
