"""The recent past of figures: bounded, with gaps kept as gaps."""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

CAPACITY = 120
"""Values of one figure that are kept, if not said otherwise."""


class History:
    """The last ``capacity`` values of one figure; None marks a poll that saw nothing."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._values: deque[float | None] = deque(maxlen=capacity)

    def add(self, value: float | None) -> None:
        self._values.append(None if value is None or math.isnan(value) else value)

    def __iter__(self) -> Iterator[float | None]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def last(self, count: int) -> tuple[float | None, ...]:
        """The newest ``count`` values, oldest first."""
        return tuple(self._values)[-count:]


def percentile(values: Iterable[float], share: float) -> float | None:
    """The nearest-rank percentile (``share`` in 0..1); None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Column(NamedTuple):
    """Some polls in a row, drawn as one: their worst value, None when none saw it, and
    whether all of them did."""

    value: float | None
    whole: bool


SPAN = 10.0
"""Seconds of a column, about: what moves less often is sent less often."""
MOST = 6
"""Polls in a column at the most, so that a fast source's graph has columns at all."""


def per_column(interval: float) -> int:
    """How many polls, one every ``interval`` seconds, stand in one column."""
    return max(1, min(MOST, math.ceil(SPAN / interval))) if interval > 0 else MOST


def columns(
    values: Sequence[float | None],
    polls: int,
    per: int,
    worst: Callable[[Sequence[float]], float] = max,
) -> list[Column]:
    """Values, oldest first, in columns of ``per`` polls; the last may not be full yet.

    ``polls`` is how many there ever were: a column begins at every ``per``-th of them, so
    that nothing moves but the newest column until it is full. One whose first polls are
    forgotten already is left out. Where there are more values than polls, the rest are from
    before the first. ``worst`` chooses the one that stands for its column.
    """
    first = polls - len(values)
    skipped = -first % per
    found = []
    for start in range(skipped, len(values), per):
        polled = values[start : start + per]
        known = [value for value in polled if value is not None]
        found.append(Column(worst(known) if known else None, len(known) == len(polled)))
    return found


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten: the end of an axis, so
    that it seldom moves."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    if power == 0:
        return value
    share = next(s for s in (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 20) if value <= s * power * (1 + 1e-9))
    top = float(f"{share * power:.6g}")
    return top if math.isfinite(top) else value


BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "._-=+*#@"
GAP = " "


def sparkline(
    values: Sequence[float | None], width: int, *, bars: str = BARS, top: float | None = None
) -> str:
    """The newest ``width`` values as bars, a gap as a gap, right-aligned to the present.

    The scale starts at zero and ends at ``top`` or the largest value shown, so that a
    small flutter of a small figure does not look like a storm. Where some are negative it
    runs from the smallest shown to the largest: one line of bars has no zero to hang from.
    """
    shown = list(values)[-width:]
    known = [value for value in shown if value is not None and math.isfinite(value)]
    lowest, highest = min(known, default=0.0), max(known, default=0.0)
    if lowest >= 0:
        lowest, highest = 0.0, highest if top is None else top
    elif lowest == highest:
        lowest, highest = 2 * lowest, 0.0  # half-way up: neither least nor most
    drawn = "".join(_bar(value, lowest, highest, bars) for value in shown)
    return drawn.rjust(width)


def _bar(value: float | None, lowest: float, highest: float, bars: str) -> str:
    if value is None:
        return GAP
    span = highest / 2 - lowest / 2  # halves: the whole may be more than a float holds
    if span <= 0:
        return bars[0]
    share = (value / 2 - lowest / 2) / span if math.isfinite(span) else 0.5
    at = math.ceil(min(max(share, 0.0), 1.0) * len(bars)) - 1
    return bars[max(at, 0)]


def chart(
    values: Sequence[float | None], width: int, height: int, *, bars: str = BARS
) -> list[str]:
    """The newest ``width`` values as columns of ``height`` rows, top row first.

    From zero to the largest value shown; a gap stays a gap, and a known value is at least
    a sliver, so that nothing and zero look different.
    """
    shown = list(values)[-width:]
    highest = max((value for value in shown if value is not None), default=0.0)
    steps = len(bars)
    filled = [
        None if v is None else max(1, math.ceil(v / highest * height * steps) if highest > 0 else 1)
        for v in shown
    ]
    rows = []
    for row in range(height - 1, -1, -1):
        cells = (
            GAP if fill is None or fill <= row * steps else bars[min(fill - row * steps, steps) - 1]
            for fill in filled
        )
        rows.append("".join(cells).rjust(width))
    return rows
