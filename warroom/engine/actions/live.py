"""What a source shows now that an action can be given: sessions, queues, deployments. Pure."""

from warroom.actions.hand import Live
from warroom.measure.command import CommandSeen
from warroom.measure.postgres import PostgresSeen, Session
from warroom.measure.redis import Queue, RedisSeen
from warroom.severity import UNSEEN
from warroom.text import safe, short_duration
from warroom.wire import SourceView


def live(view: SourceView | None) -> tuple[Live, ...] | None:
    """Its rows in the source's own order; None where it cannot be seen now."""
    if view is None or view.state == UNSEEN or view.snapshot is None:
        return None
    seen = view.snapshot.seen
    if isinstance(seen, PostgresSeen):
        return tuple(Live(one.key, _session(one)) for one in seen.sessions)
    if isinstance(seen, RedisSeen):
        return tuple(Live(one.name, _queue(one)) for one in seen.queues)
    if isinstance(seen, CommandSeen):
        newest = seen.items[0].key if seen.items else ""
        return tuple(Live(one.key, safe(one.called, 120), newest, one.title) for one in seen.items)
    return ()


def _session(one: Session) -> str:
    running = "" if one.running is None else f" for {short_duration(one.running)}"
    query = " ".join(one.query.split())
    return safe(f"pid {one.pid} {one.user}@{one.client} {one.state}{running}: {query}", 160)


def _queue(one: Queue) -> str:
    depth = "unknown" if one.depth is None else f"{one.depth:,}"
    return safe(f"queue {one.name}, {depth} waiting", 120)
