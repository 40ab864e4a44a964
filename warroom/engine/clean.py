"""Outside text made safe, and outside figures made finite, before the board has them."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from warroom.measure.snapshot import Failure, GenericSeen, Signal
from warroom.text import safe

MOST = 500
"""Rows, faults or signals kept of any one list: a screen shows fewer, a flood has more."""

LONGEST = 300
"""Characters of a fault or a reason: what fits on a few lines of a panel."""

Mask = Callable[[str], str]
"""Takes known secrets out of a text."""

S = TypeVar("S", bound=msgspec.Struct)


def clean(struct: S, mask: Mask) -> S:
    """The same struct with every text in it masked and safe, every list bounded."""
    changes = {name: _cleaned(getattr(struct, name), mask) for name in struct.__struct_fields__}
    if isinstance(struct, GenericSeen):
        lines = struct.text.split("\n")[:MOST]
        changes["text"] = "\n".join(safe(mask(line)) for line in lines)
    return msgspec.structs.replace(struct, **changes)


def _cleaned(value: Any, mask: Mask) -> Any:
    if isinstance(value, str):
        return safe(mask(value), LONGEST)
    if isinstance(value, tuple):
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
