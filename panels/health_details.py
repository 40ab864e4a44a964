"""Everything known of one health endpoint, for the expanded panel: pure lines."""

from collections.abc import Iterable
from datetime import UTC

from textual.content import Content

from panels import marks
from warroom.console.look import Look, fit, is_unasked, label, shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.measure.history import chart, sparkline
from warroom.measure.snapshot import HttpSeen, Phases, Snapshot
from warroom.severity import OK
from warroom.text import mask_url, safe, short_duration, short_figure, stepped_age
from warroom.wire import SourceView

NAME = 13
"""Cells of the names on the left."""


TALLEST = 14
"""Rows of the history's chart at the most."""
CHART = 4
"""Rows from which the history is drawn as a chart; below that it is one line."""


def lines(view: PanelView, source: SourceView, width: int, height: int) -> list[Content]:
    """State, reason, last answer, phases, window, certificate, polls, history, signals.

    The history is a chart where ``height`` leaves room for it, and one line where not.
    """
    look = view.look
    found: list[Content] = [_head(view, source, width), *_why(view, source, width)]
    snapshot = source.snapshot
    if snapshot is not None and isinstance(snapshot.seen, HttpSeen):
        found += _answer(view, source, snapshot, snapshot.seen)
        found.append(_phases(snapshot.seen.phases, look))
        found.append(_window(snapshot.seen, look))
    if snapshot is not None and isinstance(snapshot.seen, HttpSeen):
        found += _certificate(snapshot, snapshot.seen)
    found.append(_polls(source))
    signals = list(_signals(view, source))
    found += _history(source, width, height - len(found) - len(signals), look)
    found += signals
    return [line.truncate(width, ellipsis=look.unicode) for line in found]


def _named(name: str, *parts: str | Content | tuple[str, str]) -> Content:
    return Content.assemble((f"  {name:<{NAME}}", ".dim"), *parts)


def _head(view: PanelView, source: SourceView, width: int) -> Content:
    look, scale = view.look, view.state.scale
    level = shown_level(source)
    style = ".dim" if is_unasked(source) else style_of(level, scale)
    title = look.plain(safe(source.title, 40))
    rule = look.box[1]
    head = Content.assemble(
        (f"{rule}{rule} ", ".frame"),
        (title, ".strong"),
        "  ",
        (f"{sign_of(source, look, scale)} {label(source)}", style),
        " ",
    )
    return Content.assemble(head, (rule * max(width - head.cell_length, 0), ".frame"))


def _why(view: PanelView, source: SourceView, width: int) -> Iterable[Content]:
    look = view.look
    if source.cause:
        text = Content(look.plain(safe(source.cause, 600)))
        for at, part in enumerate(text.fold(max(width - NAME - 2, 20))[:3]):
            yield _named("why" if at == 0 else "", part)
    if source.failure is not None and source.failure.hint:
        yield _named("to do", look.plain(safe(source.failure.hint, 300)))
    if source.since and source.level != OK:
        yield _named("since", f"{source.since.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z")
    if source.pending:
        yield _named("counting", look.plain(safe(source.pending, 80)))
    seen = source.acknowledged
    if seen is not None:
        until = f"{seen.until.astimezone(UTC):%H:%M}Z"
        yield _named(
            "seen by", look.plain(f"{safe(seen.by, 40)} until {until}: {safe(seen.reason)}")
        )


def _answer(
    view: PanelView, source: SourceView, snapshot: Snapshot, seen: HttpSeen
) -> Iterable[Content]:
    look = view.look
    yield _named("request", look.plain(f"{safe(seen.method, 10)} {safe(mask_url(seen.url), 300)}"))
    age = view.age(source)
    old = f", {stepped_age(age)} ago" if age is not None and age > 1.5 * source.interval else ""
    status = str(seen.status) if seen.status else "none that can be believed"
    parts = [f"{status} at {snapshot.taken_at.astimezone(UTC):%H:%M:%S}Z{old}"]
    parts.append(short_figure(float(seen.size), "B"))
    if seen.address:
        parts.append(f"from {safe(seen.address, 60)}")
    if seen.version:
        parts.append(f"version {safe(seen.version, 40)}")
    if seen.environment:
        parts.append(f"environment {safe(seen.environment, 40)}")
    yield _named("answer", look.plain(f" {look.dot} ".join(parts)))
    for fault in seen.faults:
        if safe(fault) not in source.cause:
            yield _named("not right", look.plain(safe(fault, 300)))


def _phases(phases: Phases, look: Look) -> Content:
    named = (("dns", phases.dns), ("connect", phases.connect), ("tls", phases.tls))
    parts = [f"{name} {short_duration(took)}" for name, took in named if took is not None]
    if not parts:
        parts = ["connection kept from before"]
    for name, took in (("first byte", phases.first_byte), ("total", phases.total)):
        if took is not None:
            parts.append(f"{name} {short_duration(took)}")
    return _named("phases", f" {look.dot} ".join(parts))


def _window(seen: HttpSeen, look: Look) -> Content:
    window = seen.window
    parts = [f"{window.polls} polls in {short_duration(window.seconds)}"]
    parts.append(f"p50 {short_figure(window.p50, 'ms')}")
    parts.append(f"p95 {short_figure(window.p95, 'ms')}")
    parts.append(f"available {short_figure(window.availability, '%')}")
    parts += [f"{count} × {status}" for status, count in sorted(window.statuses.items())]
    if window.unanswered:
        parts.append(f"{window.unanswered} without an answer")
    text = f" {look.dot} ".join(parts)
    return _named("window", look.plain(text if look.unicode else text.replace("×", "x")))


def _history(source: SourceView, width: int, height: int, look: Look) -> Iterable[Content]:
    known = [value for value in source.trend if value is not None]
    top = look.plain(short_figure(max(known, default=None), source.trend_unit))
    columns = max(min(width - NAME - 3, len(source.trend)), 1)
    if height < CHART + 1:
        drawn = sparkline(source.trend, min(columns, width - NAME - 20), bars=look.bars)
        trend = marks.on_line(drawn, source, 1, look)
        yield _named("history", trend, (f"  highest {top}", ".dim"))
        return
    rows = chart(source.trend, columns, min(height - 1, TALLEST), bars=look.bars)
    for at, row in enumerate(marks.on_rows(rows, source, look)):
        label = f"{'latency':<{NAME}}" if at == 0 else (f"{top:>{NAME - 1}} " if at == 1 else "")
        yield Content.assemble((f"  {label:<{NAME}}", ".dim"), (row, ".dim"))
    span = f"{short_duration(source.interval * columns)} ago"
    yield _named("", (f"{span}{'now':>{max(columns - len(span), 4)}}", ".dim"))


def _certificate(snapshot: Snapshot, seen: HttpSeen) -> Iterable[Content]:
    certificate = seen.certificate
    if certificate is None:
        return
    days = (certificate.expires - snapshot.taken_at).total_seconds() / 86_400
    names = ", ".join(safe(name, 60) for name in certificate.names[:4])
    yield _named(
        "certificate",
        f"{days:.0f} days left, until {certificate.expires.astimezone(UTC):%Y-%m-%d}, "
        f"for {names}, by {safe(certificate.issuer, 80)}",
    )


def _signals(view: PanelView, source: SourceView) -> Iterable[Content]:
    scale, look = view.state.scale, view.look
    for at, signal in enumerate(source.signals):
        figure = look.plain(short_figure(signal.value, signal.unit))
        name = fit(safe(signal.name.partition(".")[2], 30), 22, "<", look.end)
        parts: list[tuple[str, str] | str] = [name, fit(figure, 12, ">")]
        if signal.level != OK:
            words = look.plain(f"  {look.sign(signal.level, scale)} {safe(signal.cause, 200)}")
            parts.append((words, style_of(signal.level, scale)))
        yield _named("signals" if at == 0 else "", *parts)


def _polls(source: SourceView) -> Content:
    parts = [f"every {short_duration(source.interval)}", f"{source.polls} made"]
    parts.append(f"{source.failures} failed")
    parts.append(f"{source.skipped} skipped")
    if source.poll_p95 is not None:
        parts.append(f"95 % within {short_duration(source.poll_p95)}")
    return _named("polls", ", ".join(parts))
