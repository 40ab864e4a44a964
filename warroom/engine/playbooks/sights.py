"""A source of the board as the playbooks' matching reads it. Pure."""

from collections.abc import Iterator

from warroom.measure.snapshot import CUT_OFF
from warroom.playbooks.sight import Figure, Sight
from warroom.text import safe
from warroom.wire import SignalView, SourceView

WHY = 1_000
"""Characters of the words of why: symptoms look for theirs in them."""


def sight(view: SourceView) -> Sight:
    """The source as it is now."""
    return Sight(
        name=view.name,
        kind=view.kind,
        title=view.title,
        state=view.state,
        level=view.level,
        why=safe("; ".join(dict.fromkeys(_why(view))), WHY),
        cut_off=view.failure == CUT_OFF,
        polls=view.polls,
        signals=tuple(map(_figure, view.signals)),
    )


def _why(view: SourceView) -> Iterator[str]:
    """What is wrong with it in its own words: why it could not be asked, or what it says."""
    if view.failure is not None:
        yield view.failure.reason
    elif view.snapshot is not None and view.snapshot.seen is not None:
        yield from view.snapshot.seen.faults
    if view.cause:
        yield view.cause


def _figure(signal: SignalView) -> Figure:
    return Figure(
        name=signal.name,
        value=signal.value,
        unit=signal.unit,
        of=signal.of,
        level=signal.level,
        why=signal.cause,
        limits=tuple((limit.level, limit.threshold) for limit in signal.limits),
    )
