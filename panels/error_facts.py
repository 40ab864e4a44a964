"""What stands beside an error rate: requests, latencies, 429s, and where it all comes from."""

from collections.abc import Iterable
from datetime import UTC

from textual.content import Content

from panels.figures import Figure, broken, exact, is_quiet, level_of, rank, signed, text_of
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.measure.snapshot import PrometheusSeen
from warroom.severity import UNSEEN
from warroom.text import mask_url, safe, short_duration, short_figure
from warroom.wire import SourceView

FACTS = {
    "requests": "requests",
    "errors_per_minute": "errors/min",
    "latency_p50": "p50",
    "latency_p95": "p95",
    "latency_p99": "p99",
    "rate_limited": "429s",
}
"""The figures shown, by their names, in their order; and what they are called."""
SHORT = ("requests", "latency_p95")
"""Those in the row of one source of several."""
VALUE = 7
"""Cells of a value, so that the next one stays in its place."""


def facts(source: SourceView) -> list[Figure]:
    """Those of them that the source has."""
    pairs = (source.signal(name) for name in FACTS)
    return [Figure(source, signal) for signal in pairs if signal is not None]


def flowing(view: PanelView, found: Iterable[Figure], width: int, most: int) -> list[Content]:
    """Name and value of each, in at most so many lines of that width; what no longer fits is
    left out."""
    lines: list[list[Content]] = [[]]
    used = 0
    for figure in found:
        part = _fact(view, figure)
        if part.cell_length > width:
            continue
        if used and used + part.cell_length > width:
            if len(lines) == most:
                break
            lines.append([])
            used = 0
        lines[-1].append(part)
        used += part.cell_length
    return [Content.assemble(*line) for line in lines if line]


def _fact(view: PanelView, figure: Figure) -> Content:
    look, unit = view.look, figure.signal.unit
    label = FACTS[figure.short]
    text = text_of(figure, look)
    if "/" in unit or (unit and label.startswith(unit)):
        # Not "requests 12 req/s" but "req/s 12": the name takes the unit.
        text = text.removesuffix(f" {look.plain(safe(unit))}")
        label = label if "/" in label else label + unit if unit.startswith("/") else unit
        unit = ""
    level = level_of(view, figure)
    style = ".dim" if is_quiet(view, figure.source) else ""
    sign = ""
    if rank(view, level) > 0 and level != UNSEEN:
        sign, style = f"{signed(view, level)[0]} ", style or signed(view, level)[1]
    return Content.assemble(
        (f"{look.plain(safe(label, 20))} ", ".dim"),
        (fit(sign + text, max(VALUE, min(len(unit), 12) + 4) + len(sign)) + "  ", style),
    )


def more(view: PanelView, figure: Figure, width: int) -> list[Content]:
    """For the expanded panel: all the figures' own words, and where they come from."""
    source, look = figure.source, view.look
    named: list[tuple[str, str]] = list(_range(figure))
    for fact in facts(source):
        limit = broken(fact.signal.limits, fact.value)
        if limit is not None and fact.signal.cause:
            named.append((FACTS[fact.short], safe(fact.signal.cause, 300)))
    seen = source.snapshot.seen if source.snapshot is not None else None
    if isinstance(seen, PrometheusSeen):
        named += _scrape(seen)
    if source.snapshot is not None:
        taken = source.snapshot.taken_at.astimezone(UTC)
        every = f"every {short_duration(source.interval)}"
        polls = f"{source.polls} made, {source.failures} failed, {source.skipped} skipped"
        named.append(("polls", f"{every}, {polls}, figures of {taken:%H:%M:%S}Z"))
    return [
        Content.assemble((f"  {name:<12}", ".dim"), look.plain(words)).truncate(
            width, ellipsis=look.unicode
        )
        for name, words in named
    ]


def _range(figure: Figure) -> Iterable[tuple[str, str]]:
    known = [value for value in figure.signal.trend if value is not None]
    if known:
        words = (
            f"{name} {exact(value, figure.signal.unit)}"
            for name, value in (
                ("lowest", min(known)),
                ("mean", sum(known) / len(known)),
                ("highest", max(known)),
            )
        )
        yield "error rate", safe(", ".join(words), 200)


def _scrape(seen: PrometheusSeen) -> Iterable[tuple[str, str]]:
    yield "from", f"{safe(mask_url(seen.url), 300)} ({safe(seen.format, 20)})"
    if seen.format != "query":
        size = short_figure(float(seen.size), "B")
        yield "page", f"{seen.lines} lines, {size}, {seen.series} series wanted"
    if seen.spans is not None:
        yield "rates", f"over the last {short_duration(seen.spans)}"
    if seen.evaluated_at is not None:
        yield "evaluated", f"{seen.evaluated_at.astimezone(UTC):%H:%M:%S}Z by its clock"
    for at, words in enumerate(seen.notes):
        yield ("" if at else "notes"), safe(words, 300)
