"""One Redis server in a few lines: memory, hits, clients, its part in replication. Pure."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from rich.cells import cell_len
from textual.content import Content

from panels import blocks, resources, rows
from panels.blocks import INDENT
from panels.databases import headed, limits_of, quiet, style_for
from panels.figures import Figure, calm
from panels.redis_seen import is_known, seen_of, value
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.measure.redis import RedisSeen, RedisServer
from warroom.text import safe, short_duration, short_figure
from warroom.wire import SourceView

Styled = tuple[str, str]
HEAD, WHY, MEMORY, WORK, CLIENTS, SERVER, MORE, CHANGE = range(8)
"""What a line is; those with the highest number are left out first."""
CELLS = 6
"""Of a figure: what stands behind it stays where it is."""
PING = 12
"""Cells of the ping by its name."""
LEAST_BAR, LONGEST_BAR = 8, 48
CHANGES = 3
"""Changes that are shown at the most."""


def lines(view: PanelView, source: SourceView, width: int) -> Iterator[tuple[int, Content]]:
    """All lines of the source, each with what it is."""
    yield HEAD, head(view, source)
    for at, line in enumerate(blocks.reason(view, source, width)):
        yield WHY if at == 0 else MORE, line
    seen = seen_of(source)
    if seen is None:
        return
    if is_known(seen.server):
        yield MEMORY, Content.assemble(INDENT, *_memory(view, source, seen.server, width))
        yield WORK, _figures(view, source, [], WORKED, width)
        clients = _clients(view, source, seen.server)
        yield CLIENTS, _figures(view, source, clients, SERVED, width)
        yield SERVER, Content.assemble(INDENT, *_server(view, source, seen.server))
    if not rows.is_dark(source):
        for note in seen.notes:
            yield MORE, rows.note(safe(note, 300), width, view.look)
    for line in _changes(view, source, seen):
        yield CHANGE, line


def head(view: PanelView, source: SourceView) -> Content:
    """Its level, its part in replication, loud when its link is down, and its ping."""
    seen = seen_of(source)
    if seen is None or not is_known(seen.server):
        return Content.assemble(*headed(view, source))
    server, plain = seen.server, quiet(view, source)
    late = style_for(view, source, "ping", value(source, "ping"))
    ping = (fit(f"ping {_calm(view, source, 'ping', 'ms')}", PING), late or plain)
    role = _role(view, source, server)
    parts = (role, ping) if is_cut_off(server) else (ping, role)
    return Content.assemble(*headed(view, source), parts[0], "  ", parts[1])


def _role(view: PanelView, source: SourceView, server: RedisServer) -> Styled:
    if not is_cut_off(server):
        return server.role, quiet(view, source)
    lasts = short_duration(server.link_down_for) if server.link_down_for is not None else ""
    loud = style_for(view, source, "link_up", 0.0) or ".unseen"
    return f"REPLICA, LINK DOWN {lasts}".rstrip(), loud


def is_cut_off(server: RedisServer) -> bool:
    """Whether it is a replica that hears nothing of its primary."""
    return server.role == "replica" and server.link != "up"


def _memory(view: PanelView, source: SourceView, server: RedisServer, width: int) -> list[Styled]:
    """A bar against ``maxmemory``, and what happens when it is full."""
    share, plain = value(source, "memory_used"), quiet(view, source)
    used = short_figure(_number(server.memory), "B")
    policy = safe(server.policy, 40)
    if server.max_memory is None:
        # The policy is told beside the limit, by the same command.
        limit = "no limit (maxmemory 0)" if policy else "its limit is not told"
        told = f"memory  {fit(used, 8, '>')}, {limit}"
        own = style_for(view, source, "memory", _number(server.memory))
        return [(view.look.plain(told), own or plain)]
    style = style_for(view, source, "memory_used", share) or plain
    whole = short_figure(float(server.max_memory), "B")
    percent = _calm(view, source, "memory_used", "%")
    told = view.look.plain(f"{fit(used, 8, '>')} of {whole}  {fit(percent, CELLS, '>')}")
    behind = view.look.plain(f"  {policy}") if policy else ""
    label = "memory  "
    room = width - len(INDENT) - len(label) - 2 - cell_len(told) - cell_len(behind)
    signal = source.signal("memory_used")
    parts: list[Styled] = [(label, ".dim")]
    if room >= LEAST_BAR and signal is not None and share is not None:
        figure = Figure(source, signal)
        parts += [*resources.gauge(view, figure, min(room, LONGEST_BAR)), ("  ", "")]
    return [*parts, (told, style), (behind, ".dim")]


WORKED = (
    ("hit rate", "hit_rate", "%"),
    ("evicted/s", "evictions", ""),
    ("commands/s", "operations", ""),
    ("keys", "keys", ""),
)
SERVED = (("rejected/min", "rejected", ""), ("blocked", "blocked_clients", ""))


def _clients(view: PanelView, source: SourceView, server: RedisServer) -> list[Styled]:
    most = f" of {server.max_clients}" if server.max_clients is not None else ""
    near = style_for(view, source, "clients_used", value(source, "clients_used"))
    own = style_for(view, source, "clients", value(source, "clients"))
    count = fit(_calm(view, source, "clients", ""), len(str(server.max_clients or 0)), ">")
    return [("clients ", ".dim"), (f"{count}{most}", near or own or quiet(view, source))]


def _figures(
    view: PanelView,
    source: SourceView,
    first: list[Styled],
    named: Sequence[tuple[str, str, str]],
    width: int,
) -> Content:
    """A line of figures, each by its name and in as many cells whatever it is; those for which
    there is no room are left out whole."""
    line = Content.assemble(INDENT, *first)
    for at, (name, figure, unit) in enumerate(named):
        style = style_for(view, source, figure, value(source, figure)) or quiet(view, source)
        words = _calm(view, source, figure, unit)
        gap = "  " if at or first else ""
        more = Content.assemble(gap, (f"{name} ", ".dim"), (words, style))
        if line.cell_length + more.cell_length > width:
            break
        last = at == len(named) - 1
        padding = "" if last else " " * max(CELLS - cell_len(words), 0)
        line = Content.assemble(line, more, padding)
    return line


def _calm(view: PanelView, source: SourceView, figure: str, unit: str) -> str:
    found = value(source, figure)
    if not unit and found is not None and 0 < found < 0.01:
        return "<0.01"
    return view.look.plain(calm(found, unit, limits_of(view, source, figure)))


def _server(view: PanelView, source: SourceView, server: RedisServer) -> list[Styled]:
    """Who it is, and who follows it or whom it follows."""
    named = f"{safe(server.product, 20)} {safe(server.version, 40)} {safe(server.address, 60)}"
    dot = f" {view.look.dot} "
    first = (view.look.plain(f"{named.strip()}{dot}"), quiet(view, source) or ".dim")
    if server.role == "replica":
        down = is_cut_off(server)
        link = "link down" if down else f"link {safe(server.link, 20)}"
        words = view.look.plain(f"{link}, follows {safe(server.primary, 100)}")
        loud = style_for(view, source, "link_up", float(not down))
        return [first, (words, loud or quiet(view, source) or ".dim")]
    count = server.replicas
    if count is None:
        return [first, (f"replicas {view.look.dash}", ".dim")]
    many = "no replica" if count == 0 else f"{count} replica{'s' * (count > 1)}"
    lag = value(source, "replication_lag")
    behind = f", {short_figure(lag, 'B')} behind" if count and lag is not None else ""
    own = style_for(view, source, "replicas", float(count))
    late = style_for(view, source, "replication_lag", lag)
    return [first, (f"{many}{behind}", own or late or ".dim")]


def _changes(view: PanelView, source: SourceView, seen: RedisSeen) -> Iterator[Content]:
    newest = sorted(seen.changes, key=lambda change: change.at, reverse=True)
    for change in newest[:CHANGES]:
        words = f"{change.at.astimezone(UTC):%H:%M:%S}Z {arrowed(view, safe(change.what, 200))}"
        yield Content.assemble(INDENT, (view.look.plain(words), quiet(view, source) or ".dim"))


def arrowed(view: PanelView, words: str) -> str:
    """The words with their arrows as the terminal can show them."""
    return words if view.look.unicode else words.replace("→", "->")


def _number(found: int | None) -> float | None:
    return None if found is None else float(found)
