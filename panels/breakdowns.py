"""One figure by a label, as rows with bars: errors by path, p95 by path. Pure."""

from textual.content import Content

from panels.cells import valued
from panels.figures import broken, calm, is_quiet, signed, worst_first
from warroom.console.look import Look, fit
from warroom.console.panel import PanelView
from warroom.measure.history import round_up
from warroom.measure.snapshot import Breakdown, Part
from warroom.severity import Level
from warroom.text import safe
from warroom.wire import Limit, SourceView

VALUE = 8
"""Cells of a value with its unit, at the least."""
LONGEST = 40
"""Cells of a bar at the most: longer ones say no more, and cost more when they move."""


def needed(breakdown: Breakdown) -> int:
    """The lines it takes to show all of it."""
    return 1 + len(breakdown.parts) + bool(breakdown.others)


def lines(
    view: PanelView, source: SourceView, breakdown: Breakdown, width: int, height: int
) -> list[Content]:
    """A heading, then the parts as they come, worst first; those left out are counted."""
    shown = breakdown.parts[: max(height - 1, 0)]
    left_out = len(breakdown.parts) - len(shown) + breakdown.others
    if left_out and len(shown) > 1 and 1 + len(shown) == height:
        shown, left_out = shown[:-1], left_out + 1
    limits = _limits(view, source, breakdown)
    measures = _Measures.of(view, breakdown, limits, width)
    found = [_heading(view, source, breakdown)]
    found += [_row(view, source, breakdown, part, limits, measures) for part in shown]
    if left_out and len(found) < height:
        found.append(Content.assemble((f"  and {left_out} more", ".dim")))
    return [line.truncate(width, ellipsis=view.look.unicode) for line in found[:height]]


def _limits(view: PanelView, source: SourceView, breakdown: Breakdown) -> tuple[Limit, ...]:
    signal = next((s for s in source.signals if s.name == breakdown.figure), None)
    return worst_first(view, signal.limits) if signal is not None else ()


def _heading(view: PanelView, source: SourceView, breakdown: Breakdown) -> Content:
    figure = breakdown.figure.partition(".")[2].replace("_", " ")
    by = f" by {breakdown.by}"
    words = figure if figure.endswith(by) else figure + by
    style = ".dim" if is_quiet(view, source) else ".strong"
    return Content.assemble((view.look.plain(safe(words, 80)), style))


class _Measures:
    """Cells of a row's parts, and the end of its bars' scale."""

    def __init__(self, label: int, value: int, bar: int, tag: int, top: float) -> None:
        self.label, self.value, self.bar, self.tag, self.top = label, value, bar, tag, top

    @classmethod
    def of(
        cls, view: PanelView, breakdown: Breakdown, limits: tuple[Limit, ...], width: int
    ) -> "_Measures":
        known = [part.value for part in breakdown.parts if part.value is not None]
        beyond = any(broken(limits, value) for value in known)
        tag = 3 + max(len(limit.level) for limit in limits) if beyond else 0
        longest = max((len(safe(part.label)) for part in breakdown.parts), default=0)
        texts = [len(_figure(view, breakdown, part, limits)) for part in breakdown.parts]
        # Room for its unit and two more digits, so that nothing moves; digits are never cut.
        value = max(VALUE, min(len(breakdown.unit), 12) + 4, *texts)
        value = min(value, max(width // 2, VALUE + 4))
        label = min(longest, max(8, (width - value - tag - 1) // 2))
        top = round_up(max(known, default=0.0))
        if breakdown.unit == "%" and 50 < top <= 100:
            top = 100.0
        bar = max(0, min(width - label - value - tag - 3, LONGEST))
        return cls(label, value, bar, tag, top)


def _row(
    view: PanelView,
    source: SourceView,
    breakdown: Breakdown,
    part: Part,
    limits: tuple[Limit, ...],
    measures: _Measures,
) -> Content:
    look, quiet = view.look, is_quiet(view, source)
    limit = broken(limits, part.value)
    words = _figure(view, breakdown, part, limits)
    sign, style = signed(view, limit.level) if limit is not None else ("", "")
    style = ".dim" if quiet else style
    label = fit(look.plain(safe(part.label)), measures.label, "<", look.end)
    parts = [(label, ".dim" if quiet else ""), (valued(words, measures.value + 1, look), style)]
    if measures.tag:
        parts.append((fit(_tag(sign, limit, look), measures.tag), style))
    if measures.bar >= 4:
        at = None if limit is None else limit.threshold.limit / measures.top
        share = (part.value or 0.0) / measures.top
        parts.append(("  ", ""))
        parts += bar(share, measures.bar, look, ".dim" if quiet else ".bar", at, style)
    return Content.assemble(*parts)


def _figure(view: PanelView, breakdown: Breakdown, part: Part, limits: tuple[Limit, ...]) -> str:
    """A part's value with its unit, as it was configured."""
    return view.look.plain(safe(calm(part.value, breakdown.unit, limits), 40))


def _tag(sign: str, limit: Limit | None, look: Look) -> str:
    level: Level = limit.level if limit is not None else ""
    return f" {sign} {look.plain(safe(level, 8))}" if limit is not None else ""


def bar(
    share: float, width: int, look: Look, style: str, beyond: float | None, bad: str
) -> list[tuple[str, str]]:
    """A bar that fills this share of ``width`` cells, in steps of half a cell; what is past
    the share ``beyond`` is painted ``bad``."""
    full, half = look.gauge[0], look.gauge[1]
    halves = round(min(max(share, 0.0), 1.0) * width * 2)
    if share > 0:
        halves = max(halves, 1)
    drawn = full * (halves // 2) + (half if halves % 2 else "")
    cut = len(drawn) if beyond is None else min(max(int(beyond * width), 0), len(drawn))
    if beyond is not None and drawn:
        cut = min(cut, len(drawn) - 1)  # at least the end tells it
    return [(drawn[:cut], style), (drawn[cut:], bad)]
