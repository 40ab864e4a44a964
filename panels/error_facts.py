"""What stands beside an error rate: requests, latencies, 429s; why it is not well; and where
it all comes from."""

import re
from collections.abc import Iterable
from datetime import UTC

from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from panels import rows
from panels.figures import (
    Figure,
    broken,
    calm,
    exact,
    is_quiet,
    level_of,
    rank,
    signed,
    text_of,
    unknown,
)
from warroom.console.look import Look, fit, is_well
from warroom.console.panel import PanelView
from warroom.measure.snapshot import Breakdown, PrometheusSeen
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
    "sign_ins_failed": "failed sign-ins",
}
"""The figures shown, by their names, in their order; and what they are called."""
SHORT = ("requests", "latency_p95")
"""Those in the row of one source of several."""
NAME = 30
"""Cells of a name among the words at the end, at the most."""
VALUE = 7
"""Cells of a value at the least, so that the next one stays in its place."""
_ODD = re.compile(r" is (NaN|[+-]Inf)$")
"""How a source says that a figure is no number."""


def facts(source: SourceView) -> list[Figure]:
    """Those of them that the source has."""
    pairs = (source.signal(name) for name in FACTS)
    return [Figure(source, signal) for signal in pairs if signal is not None]


def parts_of(source: SourceView) -> tuple[Breakdown, ...]:
    """Its breakdowns that have parts."""
    seen = source.snapshot.seen if source.snapshot is not None else None
    found = seen.breakdowns if isinstance(seen, PrometheusSeen) else ()
    return tuple(breakdown for breakdown in found if breakdown.parts)


def is_red(view: PanelView, figure: Figure) -> bool:
    """Whether a rule has given it a level."""
    level = level_of(view, figure)
    return rank(view, level) > 0 and level != UNSEEN


def reds(view: PanelView, source: SourceView) -> list[Figure]:
    """Those beside the error rate that are at a level, worst first: facts, and the figures
    that are broken down."""
    names = {breakdown.figure for breakdown in parts_of(source)}
    broken_down = [Figure(source, s) for s in source.signals if s.name in names]
    found = [figure for figure in (*facts(source), *broken_down) if is_red(view, figure)]
    return sorted(found, key=lambda figure: -rank(view, level_of(view, figure)))


def called(figure: Figure, look: Look) -> str:
    """What a figure is called here: ``429s/min``, taking from its unit what it is per; one
    that is no fact by its own name."""
    label, unit = FACTS.get(figure.short), figure.signal.unit
    if label is None:
        return look.plain(f"{figure.short.replace('_', ' ')} {safe(figure.signal.of, 40)}".rstrip())
    if "/" in unit and "/" not in label:
        label += safe(unit[unit.index("/") :], 12)
    return look.plain(label)


def per(figure: Figure) -> Figure:
    """The same figure without its unit, where what it is called says it already."""
    if figure.short not in FACTS or "/" not in figure.signal.unit:
        return figure
    return Figure(figure.source, replace(figure.signal, unit=""))


def flowing(view: PanelView, found: Iterable[Figure], width: int, most: int) -> list[Content]:
    """Name and value of each, in at most so many lines of that width, those at a level first;
    what no longer fits is left out."""
    order = sorted(found, key=lambda f: -rank(view, level_of(view, f)) if is_red(view, f) else 0)
    lines: list[list[Content]] = [[]]
    used = 0
    for figure in order:
        part = _fact(view, figure)
        if part.cell_length > width and not is_red(view, figure):
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
    look, signal = view.look, figure.signal
    text = text_of(figure, look)
    if "/" in signal.unit or FACTS[figure.short].startswith(signal.unit or " "):
        # Not "errors/min 12 errors": the name says it.
        text = look.plain(safe(calm(figure.value, "", signal.limits), 40))
    style = ".dim" if is_quiet(view, figure.source) else ""
    if is_red(view, figure):
        sign, ink = signed(view, level_of(view, figure))
        text, style = f"{sign} {text}", style or ink
    return Content.assemble(
        (f"{called(figure, look)} ", ".dim"),
        (fit(text, max(VALUE, cell_len(text))) + "  ", style),
    )


def why(view: PanelView, found: list[Figure], led: Figure, cells: int) -> str:
    """Why it is not well, its own cause first with its since, the cause cut where both are
    not kept by so many cells; then what is not known, then what else is wrong with the
    source; each once."""
    source = led.source
    own = safe(led.signal.cause, 200) if is_red(view, led) else ""
    if rows.is_dark(source):
        parts = [rows.reason(view, source), "" if own in source.cause else own]
        return f" {view.look.dot} ".join(part for part in parts if part)
    unseen = _not_known(source)
    theirs = "" if is_well(source) and not source.pending else safe(source.cause, 300)
    theirs = theirs or ("" if is_well(source) else rows.faults(source))
    if unseen and source.level == UNSEEN:
        theirs = ""  # its cause is that
    if not own or own in theirs:
        parts = [theirs, *([] if theirs else unseen), rows.since(source)]
        unseen = unseen if theirs else []
        theirs = ""
    else:
        level = f"{safe(source.level, 12)} " if theirs else ""
        same = level_of(view, led) == source.level
        parts = [own, f"{level}{rows.since(source)}" if same and source.since else ""]
    own, since = parts[0], parts[-1]
    said = " ".join(unseen)
    missing = [figure for figure in found if f"{figure.short} is not known" not in said]
    more = [rows.acknowledged(source), *unseen, unknown(view, source, missing), theirs]
    more += [safe(source.pending, 60), rows.age(view, source)]
    room = cells - len(since) - (5 if any(more) else 3)
    if own and since and cell_len(own) > room > 0:
        parts[0] = fit(own, room, "<", view.look.end)
    return f" {view.look.dot} ".join(part for part in (*parts, *more) if part)


def _not_known(source: SourceView) -> list[str]:
    """What of it cannot be seen, by the figure's name where it can be told which one it is:
    ``depth is not known: NaN``."""
    seen = source.snapshot.seen if source.snapshot is not None else None
    if seen is None:
        return []
    blank = [Figure(source, signal).short for signal in source.signals if signal.value is None]
    blank = [name for name in blank if not any(name in note for note in seen.notes)]
    found = []
    for words in dict.fromkeys(seen.blind):
        names = [name for name in blank if name in words]
        if not names and len(blank) == len(seen.blind) == 1:
            names = blank
        shown = safe(words, 200)
        if names:
            name = max(names, key=len)
            is_odd = _ODD.search(shown)
            reason = is_odd.group(1) if is_odd else shown.removeprefix(f"{name}: ")
            found.append(f"{name} is not known: {reason}")
        else:
            found.append(shown if words in source.cause else f"cannot see {shown}")
    return found


def more(view: PanelView, figure: Figure, width: int) -> list[Content]:
    """For the expanded panel: all the figures' own words, and where they come from."""
    source, look = figure.source, view.look
    named: list[tuple[str, str]] = list(_range(figure))
    for fact in facts(source):
        limit = broken(fact.signal.limits, fact.value)
        if limit is not None and fact.signal.cause:
            named.append((called(fact, look), safe(fact.signal.cause, 300)))
    seen = source.snapshot.seen if source.snapshot is not None else None
    if isinstance(seen, PrometheusSeen):
        named += _scrape(seen)
    if source.snapshot is not None:
        taken = source.snapshot.taken_at.astimezone(UTC)
        every = f"every {short_duration(source.interval)}"
        polls = f"{source.polls} made, {source.failures} failed, {source.skipped} skipped"
        named.append(("polls", f"{every}, {polls}, figures of {taken:%H:%M:%S}Z"))
    column = min(max((cell_len(name) for name, _ in named), default=0), NAME)
    return [
        Content.assemble(
            (f"  {fit(name, column, '<', look.end)}  ", ".dim"), look.plain(words)
        ).truncate(width, ellipsis=look.unicode)
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
