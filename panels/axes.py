"""Where a graph's value axis begins, ends, and is labelled. Pure."""

import math
from collections.abc import Sequence

from warroom.measure.history import round_up
from warroom.wire import Limit


def ends(
    unit: str, known: Sequence[float], limits: Sequence[Limit], rows: int
) -> tuple[float, float, int]:
    """Where the axis begins and ends, and how many rows of it are below zero.

    It begins at zero and ends above the values and the next line, so that a small flutter far
    under its limit does not look like a storm. Beyond the first line the values themselves
    are the thing to see: the next one is drawn once it is near. What is negative hangs from
    zero, which is then at the end of a row.
    """
    highest, lowest = max(known, default=0.0), min(known, default=0.0)
    thresholds = [at.threshold for at in limits if math.isfinite(at.threshold.limit)]
    lines = sorted(threshold.limit for threshold in thresholds)
    floors = [at.limit for at in thresholds if at.op in ("<", "<=") and at.limit < lowest]
    lowest = min(lowest, max(floors, default=0.0) * 1.05)
    over = next((at for at in lines if at > highest), 0.0)
    if lines and lines[0] <= highest and over > 2.5 * highest:
        over = 0.0
    if lowest < 0 and max(highest, over) <= 0:
        return -round_up(-lowest), 0.0, rows
    if lowest < 0 and rows == 1:
        return -round_up(-lowest), round_up(max(highest, over)), 0
    if lowest < 0:
        return _around_zero(lowest, max(highest, over * 1.05), rows)
    top = round_up(max(highest, over * 1.05))
    if unit == "%" and 50 < top <= 200 and max(highest, over) <= 100:
        top = 100.0
    return 0.0, top, 0


def _around_zero(lowest: float, highest: float, rows: int) -> tuple[float, float, int]:
    """The same for values on both sides: every row is as high, and as much of a round value."""

    def needed(below: int) -> float:
        return max(highest / (rows - below), -lowest / below)

    zero = min(range(1, rows), key=needed)
    step = round_up(needed(zero))
    return -step * zero, step * (rows - zero), zero


def middle(bottom: float, top: float, zero: int, rows: int) -> tuple[int, float]:
    """The row of the label between the ends, and what it says: zero, or half-way."""
    if 0 < zero < rows:
        return zero - 1, 0.0
    return rows // 2 - 1, bottom / 2 + top / 2
