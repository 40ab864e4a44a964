"""The pages of the expanded panel ``names``, and all that is known of a row. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from textual.content import Content

from panels import change_sheet, name_words, rows
from panels.databases import empty, quiet
from panels.queue_details import Fact, told
from warroom.console.look import label, shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.change import Change
from warroom.measure.names import DnsSeen, Resolved, TlsSeen
from warroom.text import safe, short_duration, short_figure
from warroom.wire import SourceView

ALL, CHANGES = "names", "changes"
NAMES = (ALL, CHANGES)
NEWEST = 5
"""Changes among the details of a row; the page ``changes`` has them all."""
_COLUMNS = (
    Column(title="level", width=14),
    Column(title="name", width=18),
    Column(title="what", width=28, grows=True),
    Column(title="took", width=8, align=">", rank=1),
)


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    if name == CHANGES:
        found = ((source, seen.changes) for source, seen in name_words.seen(view))
        return change_sheet.sheet(view, name, found)
    lines = tuple(_row(view, source) for source in view.sources)
    words = empty(view, "No name and no certificate is watched.")
    return Sheet(name=name, columns=_COLUMNS, rows=lines, empty=words)


def _row(view: PanelView, source: SourceView) -> Row:
    look, scale = view.look, view.state.scale
    level, plain = shown_level(source), quiet(view, source)
    what = "".join(words for words, _ in name_words.pieces(view, source))
    took = name_words.value(source, "lookup" if source.kind == "dns" else "handshake")
    cells = (
        Cell(
            f"{sign_of(source, look, scale)} {label(source)}",
            scale.rank(level),
            style_of(level, scale),
        ),
        Cell(safe(source.title, 40), style=plain),
        Cell(what, style=plain),
        Cell(short_figure(took, "ms"), took, plain),
    )
    return Row(key=source.name, cells=cells)


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All of the name or certificate in the row with this key, or the whole change."""
    for source in view.sources:
        found = name_words.seen_of(source)
        if key == source.name:
            return told(view, tuple(_facts(view, source, found)), width)
        for own, change in change_sheet.keyed(source, found.changes if found is not None else ()):
            if key == own:
                facts = (("changed", safe(change.what)), ("at", _time(change.at)))
                return told(view, (*facts, *_facts(view, source, found)), width)
    return []


def _facts(view: PanelView, source: SourceView, found: DnsSeen | TlsSeen | None) -> Iterator[Fact]:
    yield "why", rows.reason(view, source)
    if source.failure is not None:
        yield "to do", safe(source.failure.hint, 300)
    if found is None:
        return
    if isinstance(found, DnsSeen):
        yield from _name(view, found)
    else:
        yield from _tls(source, found)
    yield "notes", "; ".join(safe(note, 300) for note in found.notes)
    newest = reversed(found.changes[-NEWEST:])
    yield from _under("changes", [_change(change) for change in newest])


def _name(view: PanelView, found: DnsSeen) -> Iterator[Fact]:
    yield "name", f"{safe(found.name, 255)}, record {safe(found.record, 10)}"
    agree = {
        True: "yes",
        False: "NO",
        None: "not known: fewer than two say what the name is",
    }
    yield "agree", agree[found.agree]
    yield from _under("asked", [_asked(view, one) for one in found.resolved])


def _asked(view: PanelView, one: Resolved) -> str:
    """``1.1.1.1: 203.0.113.7 · 12 ms · TTL 300 s``."""
    answers = name_words.listed(one.answers, one.more, 20) if one.answers else name_words.said(one)
    parts = [f"{safe(one.resolver, 60)}: {answers}"]
    if one.took is not None:
        parts.append(short_duration(one.took))
    if one.ttl is not None:
        parts.append(f"TTL {one.ttl} s")
    return f" {view.look.dot} ".join(parts)


def _tls(source: SourceView, found: TlsSeen) -> Iterator[Fact]:
    name = safe(found.server_name, 255)
    yield "server", f"{safe(found.address, 255)}, asked for as {name}"
    yield "verdict", safe(found.verdict, 400) or "verified"
    yield "subject", safe(found.subject, 200)
    yield "names", ", ".join(safe(each, 255) for each in found.names)
    yield "issuer", safe(found.issuer, 200)
    yield "from", _time(found.not_before)
    days = name_words.value(source, "days")
    left = f", {name_words.life(days)}{' left' if days > 0 else ''}" if days is not None else ""
    yield "until", f"{_time(found.not_after)}{left}"
    yield "SHA-256", safe(found.fingerprint, 64)
    yield "protocol", safe(found.protocol, 20)


def _under(name: str, lines: list[str]) -> Iterator[Fact]:
    """Several lines under one name."""
    for at, line in enumerate(lines):
        yield "" if at else name, line


def _change(change: Change) -> str:
    return f"{_time(change.at)} {safe(change.what)}"


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
