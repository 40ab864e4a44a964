"""Charts as SVG, to stand within a page: no script, no reference, no style of their own. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from warroom.report.document import Chart
from warroom.report.words import figure

WIDTH, HEIGHT = 720, 150
LEFT, RIGHT, TOP, BOTTOM = 70, 12, 14, 24
"""Room for the labels."""
WIDE = 6
"""A letter of theirs, about."""


def svg(chart: Chart) -> str:
    """The chart: its line with gaps as gaps, the incident shaded, lowest and highest labelled."""
    values = [value for _, value in chart.points if value is not None]
    if len(values) < 2:
        return ""
    scale = _Scale(chart, values)
    label = f"{chart.title}: {figure(min(values), chart.unit)} to {figure(max(values), chart.unit)}"
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">',
        *_shade(chart, scale),
        *_axes(chart, scale),
        *_lines(chart, scale),
        "</svg>",
    ]
    return "".join(parts)


class _Scale:
    """From times and values to places on the picture."""

    def __init__(self, chart: Chart, values: list[float]) -> None:
        self.first, self.last = chart.points[0][0], chart.points[-1][0]
        self.low, self.high = min(values), max(values)
        self.base = min(self.low, 0.0) if self.low < self.high * 0.5 or self.low < 0 else self.low
        self._time = max((self.last - self.first).total_seconds(), 1.0)
        self._room = (self.high - self.base) or 1.0

    def x(self, at: datetime) -> float:
        share = (at - self.first).total_seconds() / self._time
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.base) / self._room * (HEIGHT - TOP - BOTTOM)


def _shade(chart: Chart, scale: _Scale) -> Iterator[str]:
    """From when to when it went on."""
    left = scale.x(chart.began)
    right = scale.x(chart.ended or scale.last)
    yield (
        f'<rect class="during" x="{left:.1f}" y="{TOP}" width="{max(right - left, 1):.1f}" '
        f'height="{HEIGHT - TOP - BOTTOM}"/>'
    )
    for at in (chart.began, chart.ended):
        if at is not None and scale.first <= at <= scale.last:
            x = f"{scale.x(at):.1f}"
            yield f'<line class="edge" x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'


def _axes(chart: Chart, scale: _Scale) -> Iterator[str]:
    foot = HEIGHT - BOTTOM
    yield f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{foot}" y2="{foot}"/>'
    for value in dict.fromkeys((scale.high, scale.base)):
        words = escape(figure(value, chart.unit))
        yield f'<text class="label" text-anchor="end" x="{LEFT - 6}" y="{scale.y(value) + 4:.1f}">'
        yield f"{words}</text>"
    for at, anchor in ((scale.first, "start"), (scale.last, "end")):
        words = _time(at, scale)
        yield f'<text class="label" text-anchor="{anchor}" x="{scale.x(at):.1f}" y="{HEIGHT - 6}">'
        yield f"{words}</text>"
    began = scale.x(chart.began)
    words = f"began {_time(chart.began, scale)}"
    if LEFT + WIDE * len(words) < began < WIDTH - RIGHT - WIDE * len(words):
        yield f'<text class="label" text-anchor="middle" x="{began:.1f}" y="{HEIGHT - 6}">'
        yield f"{words}</text>"


def _time(at: datetime, scale: _Scale) -> str:
    """With its day, where the chart has more than one."""
    days = {one.astimezone(UTC).date() for one in (scale.first, scale.last)}
    utc = at.astimezone(UTC)
    return f"{utc:%H:%M}Z" if len(days) == 1 else f"{utc:%Y-%m-%d %H:%M}Z"


def _lines(chart: Chart, scale: _Scale) -> Iterator[str]:
    """One line for each stretch in which something was seen."""
    stretch: list[str] = []
    for at, value in (*chart.points, (scale.last, None)):
        if value is not None:
            stretch.append(f"{scale.x(at):.1f},{scale.y(value):.1f}")
            continue
        if len(stretch) == 1:
            x, _, y = stretch[0].partition(",")
            yield f'<circle class="dot" cx="{x}" cy="{y}" r="1.5"/>'
        elif stretch:
            yield f'<polyline class="line" points="{" ".join(stretch)}"/>'
        stretch = []
