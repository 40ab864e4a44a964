"""The pages of the expanded panel ``redis``: the servers' figures, what has changed. Pure."""

from datetime import UTC

from textual.content import Content

from panels import change_sheet, figure_details, figure_sheet
from panels.databases import empty
from panels.figures import Figure
from panels.queue_details import Fact, told
from panels.redis_seen import is_known, level_of, missing, of_server, seen_of, servers
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.measure.redis import RedisSeen
from warroom.text import safe
from warroom.wire import SourceView

SERVER, CHANGES = "server", "changes"
NAMES = (SERVER, CHANGES)
LEAST = 10
"""Lines for a figure and its past, at the least."""


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    if name == CHANGES:
        return change_sheet.sheet(view, name, ((s, seen.changes) for s, seen in servers(view)))
    found = tuple(
        figure_sheet.row(view, figure, level_of(view, figure))
        for source in view.sources
        for figure in of_server(source)
    )
    words = empty(view, "No server has been seen.")
    return Sheet(name=name, columns=figure_sheet.columns("server"), rows=found, empty=words)


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """The figure with its past, or the whole change; and who the server is."""
    for source in view.sources:
        seen = seen_of(source)
        for figure in of_server(source):
            if key == figure.name:
                return _figure(view, figure, width)
        for own, change in change_sheet.keyed(source, seen.changes if seen is not None else ()):
            if key == own:
                at = f"{change.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
                known = (("changed", safe(change.what)), ("at", at), *_identity(source, seen))
                return told(view, known, width)
    return []


def _figure(view: PanelView, figure: Figure, width: int) -> list[Content]:
    identity = _identity(figure.source, seen_of(figure.source))
    why = missing(figure)
    if why:
        return told(view, ((figure.short, why), *identity), width)
    room = max(view.height // 2 - len(identity), LEAST)
    drawn = figure_details.lines(view, figure, width, room)
    return [*drawn, *told(view, identity, width)]


def _identity(source: SourceView, seen: RedisSeen | None) -> tuple[Fact, ...]:
    """Who answers, as a person tells it from another."""
    if seen is None or not is_known(seen.server):
        return (("server", safe(source.title, 40)),)
    server = seen.server
    started = server.started_at
    since = f", started {started.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if started else ""
    follows = f" of {safe(server.primary, 100)}, link {safe(server.link, 20)}"
    total = "" if server.rejected is None else f"{server.rejected} since it was started"
    return (
        ("server", f"{safe(source.title, 40)}, {server.role}{follows * bool(server.primary)}"),
        ("at", f"{safe(server.address, 100)}, database {server.database}"),
        ("version", f"{safe(server.product, 20)} {safe(server.version, 40)}{since}"),
        ("run id", safe(server.run_id, 60)),
        ("when full", safe(server.policy, 40)),
        ("rejected", total),
        ("calls itself", safe(seen.environment, 60)),
        ("our load", safe(seen.load, 400)),
    )
