"""Outside text made safe, and outside figures made finite, before the board has them."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from warroom.measure.snapshot import Failure, Signal
from warroom.text import safe

MOST = 500
"""Rows, faults or signals kept of any one list: a screen shows fewer, a flood has more."""

LONGEST = 300
"""Characters of a fault or a reason: what fits on a few lines of a panel."""

LONGEST_TEXT = 100_000
"""Characters of a text of several lines: an answer somebody asked for, a query."""

Mask = Callable[[str], str]
"""Takes known secrets out of a text."""

S = TypeVar("S", bound=msgspec.Struct)


def clean(struct: S, mask: Mask) -> S:
    """The same struct with every text in it masked and safe, every list bounded."""
    several: frozenset[str] = getattr(struct, "LINES", frozenset())
    changes = {
        name: clean_lines(value, mask) if name in several else _cleaned(value, mask)
        for name in struct.__struct_fields__
        for value in (getattr(struct, name),)
    }
    return msgspec.structs.replace(struct, **changes)


def clean_lines(text: str, mask: Mask) -> str:
    """A text of several lines, each of them safe, and not too many."""
    lines = mask(text)[:LONGEST_TEXT].split("\n")[:MOST]
    return "\n".join(safe(line) for line in lines)


def _cleaned(value: Any, mask: Mask) -> Any:
    if isinstance(value, str):
        return safe(mask(value), LONGEST)
    if isinstance(value, (tuple, list)):  # a plugin's list would be read as one, too
        return tuple(_cleaned(item, mask) for item in value[:MOST])
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, msgspec.Struct):
        return clean(value, mask)
    return value


def clean_signals(signals: tuple[Signal, ...], mask: Mask) -> tuple[Signal, ...]:
    """Signals with safe names and units; NaN and infinities are "not known"."""
    return tuple(clean(signal, mask) for signal in signals[:MOST])


def failure_of(phase: str, reason: str, hint: str, mask: Mask) -> Failure:
    """A failure fit to be shown; one without words says at least so."""
    return clean(Failure(phase, reason or "failed without a word", hint), mask)
