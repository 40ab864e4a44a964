"""Whether an answer was made for us, or comes from a cache that may go on telling it for ever.

A cache says how old its answer is (``Age``, RFC 9111, section 5.1), and leaves the time at
which it was made as it was (``Date``, section 6.6.1 of RFC 9110). A clock that merely differs
from ours goes on, and is no cache.
"""

from datetime import datetime

from warroom.connect.http import Answer
from warroom.errors import ProbeError
from warroom.text import short_duration

OLDEST = 60.0
"""Seconds that an answer's ``Age`` may be at least."""
_GRAIN = 2.5
"""Seconds within which two answers may have the same time: it counts whole seconds, and some
servers look at their clock once a second."""
_LONGEST = 1e9


class Freshness:
    """Remembers when each answer of a source was made. ``oldest`` is the ``Age`` in seconds
    that is still believed."""

    def __init__(self, oldest: float) -> None:
        self._oldest = oldest
        self._first: dict[str, tuple[datetime, float]] = {}

    def check(self, answer: Answer, made: datetime | None, at: float, what: str = "") -> None:
        """Raises ProbeError ``answer`` for one that came ``at`` (monotonic) from a cache.

        ``made`` is when the server made it, by its own clock; ``what`` was asked for.
        """
        of = f"{what}: " if what else ""
        age = _age(answer)
        if age > self._oldest:
            words = f"{of}the answer comes from a cache: {short_duration(age)} old"
            raise ProbeError("answer", words, _HINT)
        if made is None:
            return
        first, since = self._first.get(what, (None, at))
        if first != made:
            self._first[what] = (made, at)
        elif at - since > _GRAIN:
            words = (
                f"{of}the answer comes from a cache: at least {short_duration(at - since)} old, "
                f"dated {made:%Y-%m-%d %H:%M:%S} UTC each time"
            )
            raise ProbeError("answer", words, _HINT)


_HINT = "ask the system itself, or have this address left out of the cache"


def _age(answer: Answer) -> float:
    text = (answer.header("age") or "").strip()[:64]
    return min(float(text), _LONGEST) if text.isascii() and text.isdecimal() else 0.0
