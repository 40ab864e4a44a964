"""What a source shows now, to be chosen from. Pure."""

from warroom.measure.command import CommandSeen
from warroom.measure.postgres import PostgresSeen
from warroom.measure.redis import RedisSeen
from warroom.severity import UNSEEN
from warroom.text import safe, short_duration
from warroom.wire import SourceView


def live_options(view: SourceView | None) -> list[tuple[str, str]]:
    """Its rows as values and what they are called; none where it cannot be seen."""
    if view is None or view.state == UNSEEN or view.snapshot is None:
        return []
    seen = view.snapshot.seen
    if isinstance(seen, PostgresSeen):
        return [
            (one.key, safe(f"{one.pid} {one.state} {_for(one.running)} {one.query}", 120))
            for one in seen.sessions
        ]
    if isinstance(seen, RedisSeen):
        return [(one.name, safe(f"{one.name} ({one.depth} waiting)", 80)) for one in seen.queues]
    if isinstance(seen, CommandSeen):
        return [(one.key, safe(f"{one.called} {one.state}", 100)) for one in seen.items]
    return []


def _for(running: float | None) -> str:
    return "" if running is None else short_duration(running)
