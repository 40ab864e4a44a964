"""The server's counters as rates: pure.

They are read when a poll begins and when it ends, and what they rise by in between is left
out: our own look-ups of keys count as the server's hits, misses and commands, and on a quiet
server they would be all there is.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from warroom.sources.redis.info import Info

MINUTE = 60.0
NAMES = (
    "keyspace_hits",
    "keyspace_misses",
    "evicted_keys",
    "total_commands_processed",
    "rejected_connections",
)
_PER = {
    "evictions": ("evicted_keys", 1.0),
    "operations": ("total_commands_processed", 1.0),
    "rejected": ("rejected_connections", MINUTE),
}
OURS = 3
"""Commands of our own between two readings: the second ``INFO`` of a poll, and ``PING`` and
``TIME`` of the next. None of them looks up a key."""
Values = Mapping[str, int | None]


def values(info: Info) -> Values:
    """The counters in an answer to ``INFO``."""
    return {name: info.count(name) for name in NAMES}


@dataclass(frozen=True)
class _Span:
    """What the counters rose by in ``seconds`` between two polls, up to ``ended``."""

    ended: float
    seconds: float
    rose: Values


@dataclass
class Counters:
    """The last minute of one server. ``begin`` when a poll has read them, and ``end`` when it
    reads them last; times are monotonic seconds."""

    _run: str = ""
    _left: tuple[float, Values] | None = None
    _spans: deque[_Span] = field(default_factory=deque)

    def begin(self, at: float, run: str, now: Values) -> dict[str, float | None]:
        """The rates, by the figure's name. ``run`` is the server's run id: another one has
        begun to count anew."""
        left, self._left = self._left, None
        if run != self._run:
            self._run, left = run, None
            self._spans.clear()
        if left is not None and at > left[0]:
            rose = {name: _rise(left[1].get(name), now.get(name)) for name in NAMES}
            if any(value is not None and value < 0 for value in rose.values()):
                self._spans.clear()  # CONFIG RESETSTAT
            else:
                self._spans.append(_Span(at, at - left[0], rose))
        while self._spans and self._spans[0].ended <= at - MINUTE:
            self._spans.popleft()
        return self._rates()

    def end(self, at: float, now: Values) -> None:
        self._left = (at, now)

    def _rates(self) -> dict[str, float | None]:
        seconds = sum(span.seconds for span in self._spans)
        found: dict[str, float | None] = {}
        for figure, (name, per) in _PER.items():
            rose = self._total(name)
            if rose is not None and name == "total_commands_processed":
                rose = max(rose - OURS * len(self._spans), 0)
            found[figure] = None if rose is None or not seconds else rose / seconds * per
        hits, misses = self._total("keyspace_hits"), self._total("keyspace_misses")
        asked = None if hits is None or misses is None else hits + misses
        # Of nothing asked there is no share.
        found["hit_rate"] = 100 * hits / asked if asked and hits is not None else None
        return found

    def _total(self, name: str) -> int | None:
        rises = [span.rose.get(name) for span in self._spans]
        known = [rise for rise in rises if rise is not None]
        return sum(known) if known and len(known) == len(rises) else None


def _rise(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before
