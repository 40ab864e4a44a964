"""What one poll found, and what is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from warroom.measure.change import Change
from warroom.measure.redis import Queue, RedisSeen, RedisServer
from warroom.sources.redis.figures import of_queue


@dataclass(frozen=True)
class Looked:
    """``known`` are the figures, but for the queues' and what the source itself counts.
    ``sent`` counts our commands by name."""

    server: RedisServer
    known: Mapping[str, float | None] = field(default_factory=dict)
    queues: tuple[Queue, ...] = ()
    changes: tuple[Change, ...] = ()
    environment: str = ""
    faults: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sent: Mapping[str, int] = field(default_factory=dict)

    def seen(self) -> RedisSeen:
        troubles = (f"{q.name}: {q.trouble}" for q in self.queues if q.trouble)
        return RedisSeen(
            server=self.server,
            queues=self.queues,
            changes=self.changes,
            environment=self.environment,
            faults=self.faults,
            blind=(*self.blind, *troubles),
            notes=self.notes,
            load=self._load(),
        )

    def figures(self) -> dict[str, float | None]:
        """All there are; the server that is not as it should be is not ``up``."""
        found = dict(self.known)
        for queue in self.queues:
            found |= of_queue(queue)
        found["commands"] = float(sum(self.sent.values()))
        found["up"] = float(not self.faults)
        return found

    def _load(self) -> str:
        each = ", ".join(f"{name} {count}" for name, count in sorted(self.sent.items()))
        return f"{sum(self.sent.values())} commands a poll: {each}"
