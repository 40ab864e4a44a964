"""The recent past of figures: bounded, with gaps kept as gaps."""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence


class History:
    """The last ``capacity`` values of one figure; None marks a poll that saw nothing."""

    def __init__(self, capacity: int = 120) -> None:
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


BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "._-=+*#@"
GAP = " "


def sparkline(
    values: Sequence[float | None], width: int, *, bars: str = BARS, top: float | None = None
) -> str:
    """The newest ``width`` values as bars, a gap as a gap, right-aligned to the present.

    The scale starts at zero and ends at ``top`` or the largest value shown, so that a
    small flutter of a small figure does not look like a storm.
    """
    shown = list(values)[-width:]
    highest = top if top is not None else max((v for v in shown if v is not None), default=0.0)
    drawn = "".join(_bar(value, highest, bars) for value in shown)
    return drawn.rjust(width)


def _bar(value: float | None, highest: float, bars: str) -> str:
    if value is None:
        return GAP
    if highest <= 0:
        return bars[0]
    at = math.ceil(min(max(value / highest, 0.0), 1.0) * len(bars)) - 1
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
