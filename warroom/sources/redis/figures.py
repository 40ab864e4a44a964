"""The figures of a ``redis`` source: their names and units."""

from collections.abc import Iterable, Mapping

from warroom.measure.redis import Queue

UNITS: dict[str, str] = {
    "ping": "ms",
    "memory_used": "%",
    "memory": "B",
    "hit_rate": "%",
    "evictions": "keys/s",
    "operations": "commands/s",
    "clients": "clients",
    "clients_used": "%",
    "blocked_clients": "clients",
    "rejected": "connections/min",
    "keys": "keys",
    "primary": "",
    "link_up": "",
    "replicas": "replicas",
    "replication_lag": "B",
    "commands": "commands",
    "up": "",
    "unanswered": "polls",
    "poll_time": "ms",
}
"""What every ``redis`` source has, with its unit; the first one is the trend. ``commands`` is
what one poll of ours sends."""

QUEUE: dict[str, str] = {
    "depth": "jobs",
    "oldest": "s",
    "arriving": "jobs/s",
    "finishing": "jobs/s",
    "drain": "s",
    "active": "jobs",
    "delayed": "jobs",
    "failed": "jobs",
    "workers": "workers",
    "stuck": "s",
}
"""What every queue has, under its own name: ``emails.depth``."""

Known = Mapping[str, float | None]


def units(queues: Iterable[str]) -> dict[str, str]:
    """Every figure of a source with these queues."""
    own = {f"{name}.{figure}": unit for name in queues for figure, unit in QUEUE.items()}
    return UNITS | own


def of_queue(queue: Queue) -> dict[str, float | None]:
    """The figures of one queue, as it was seen. Where no job waits, none has waited."""
    found = {figure: _number(getattr(queue, figure)) for figure in QUEUE}
    if queue.depth == 0:
        found["oldest"] = 0.0
    return {f"{queue.name}.{figure}": value for figure, value in found.items()}


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
