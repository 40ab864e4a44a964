"""What the recent polls of one URL say together."""

from collections import Counter, deque
from dataclasses import dataclass

from warroom.measure.history import percentile
from warroom.measure.snapshot import Window

CAPACITY = 4096
"""Polls kept at most: sorting more would cost more than the window is worth."""


@dataclass(frozen=True)
class Poll:
    """One poll. ``latency`` is in ms. ``up`` is None in maintenance, and without an answer for
    a reason that does not concern the target, or before it ever gave one."""

    at: float
    answered: bool
    latency: float | None = None
    up: bool | None = None
    status: int | None = None


class Recent:
    """The polls of the last ``seconds``; times are monotonic seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._polls: deque[Poll] = deque(maxlen=CAPACITY)

    def add(self, poll: Poll) -> None:
        self._polls.append(poll)
        while self._polls[0].at < poll.at - self._seconds:
            self._polls.popleft()

    def window(self) -> Window:
        """The polls summed up; how far they reach is from the oldest to the newest."""
        polls = self._polls
        if not polls:
            return Window()
        latencies = [poll.latency for poll in polls if poll.latency is not None]
        seen = [poll.up for poll in polls if poll.up is not None]
        return Window(
            seconds=polls[-1].at - polls[0].at,
            polls=len(polls),
            p50=percentile(latencies, 0.50),
            p95=percentile(latencies, 0.95),
            availability=100.0 * sum(seen) / len(seen) if seen else None,
            statuses=dict(Counter(poll.status for poll in polls if poll.status is not None)),
            unanswered=sum(not poll.answered for poll in polls),
        )
