"""A source that is asked now, as a check."""

from collections.abc import Awaitable, Callable

from warroom.checks.check import Found
from warroom.engine.board import Board
from warroom.engine.poll import Poll
from warroom.severity import OK
from warroom.text import safe, short_duration, short_figure

FIGURES = 12
"""Figures that are told: the first of those that are known."""

Probe = Callable[[str], Awaitable[Poll]]
"""``Watch.probe``."""


async def probed(board: Board, probe: Probe, name: str) -> Found:
    """How the source stands after one more look at it. Raises ``EngineError``."""
    poll = await probe(name)
    views = board.views(frozenset((name,)))
    if poll.failure is not None or not views:
        reason = poll.failure.reason if poll.failure is not None else "it is not watched any more"
        return Found(False, safe(f"could not be asked: {reason}", 300))
    view = views[0]
    level = "" if view.level == OK else f", {view.level}"
    cause = f": {view.cause}" if view.cause else ""
    words = f"{view.state}{level}, answered in {short_duration(poll.took)}{cause}"
    known = [signal for signal in view.signals if signal.value is not None]
    lines = (
        f"{one.name.partition('.')[2]} {short_figure(one.value, one.unit)}"
        + (f" ({one.of})" if one.of else "")
        + ("" if one.level == OK else f", {one.level}")
        for one in known[:FIGURES]
    )
    good = view.state == "UP" and view.level == OK
    return Found(good, safe(words, 300), tuple(safe(line, 300) for line in lines))
