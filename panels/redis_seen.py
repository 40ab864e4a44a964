"""What the panels of Redis share: the servers that were seen, and their figures. Pure."""

from collections.abc import Iterator

from panels import rows
from panels.figures import NO_LEVEL, Figure, figures
from panels.figures import level_of as level_of_figure
from warroom.console.panel import PanelView
from warroom.measure.redis import RedisSeen, RedisServer
from warroom.severity import Level
from warroom.wire import SourceView


def servers(view: PanelView) -> Iterator[tuple[SourceView, RedisSeen]]:
    """The servers that have been seen, with what was seen last."""
    for source in view.sources:
        seen = seen_of(source)
        if seen is not None:
            yield source, seen


def seen_of(source: SourceView) -> RedisSeen | None:
    """What was seen of it last."""
    seen = source.snapshot.seen if source.snapshot is not None else None
    return seen if isinstance(seen, RedisSeen) else None


def is_known(server: RedisServer) -> bool:
    """Whether it told of itself: one that said no has not, and nothing is claimed of it."""
    return bool(server.run_id or server.version)


def value(source: SourceView, figure: str) -> float | None:
    """A figure, or while nothing can be seen the last one that was; None is not known."""
    signal = source.signal(figure)
    return rows.last_value(source, signal) if signal is not None else None


def of_server(source: SourceView) -> tuple[Figure, ...]:
    """The figures of the server itself: a queue's have its name and a dot in front."""
    return figures((source,), lambda name: "." not in name)


def level_of(view: PanelView, figure: Figure) -> Level:
    """The level of a server's figure; of one that such a server does not have, none."""
    return NO_LEVEL if missing(figure) else level_of_figure(view, figure)


def missing(figure: Figure) -> str:
    """Why a server that is seen does not have this figure; empty when it has it, or should."""
    seen = seen_of(figure.source)
    if rows.is_dark(figure.source) or seen is None or not is_known(seen.server):
        return ""
    if figure.value is not None:
        return ""
    server = seen.server
    reasons = {
        "link_up": "a primary follows nobody" * (server.role == "primary"),
        "replication_lag": "a replica does not tell it" * (server.role == "replica"),
        "memory_used": "it has no maxmemory" * (server.max_memory is None),
        "clients_used": "it has no maxclients" * (server.max_clients is None),
    }
    return reasons.get(figure.short, "")
