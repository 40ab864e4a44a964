"""Redis servers: do they answer, how full they are, what they throw away, whom they follow."""

from textual.content import Content

from panels import blocks, figure_details, redis_server, redis_sheets
from panels.databases import style_for, worst_of
from panels.figures import Figure, calm
from panels.figures import rank as attention
from panels.missing import missing
from panels.redis_seen import is_known, level_of, of_server, servers, value
from warroom.console.look import is_well
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.text import short_figure
from warroom.wire import SourceView

DETAILS = 14
"""Lines that must be free under the blocks before one figure is shown there."""
GRAPH = 18
"""Lines of that figure at the most."""


class RedisPanel(TablePanel):
    """A block of lines for each server, as many of them as there is room for."""

    kinds = ("redis",)
    heading = "Redis"
    sheets = redis_sheets.NAMES

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return redis_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        return top(view, width, max(view.height // 3, 2))

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return redis_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """``ping 0.4 ms · 62 % of memory``, of several how many are well; and the worst level."""
    between = (f" {view.look.dot} ", ".dim")
    parts: list[tuple[str, str]] = []
    if len(view.sources) == 1:
        parts = _figures(view, view.sources[0])
    elif view.sources:
        well = sum(is_well(source) for source in view.sources)
        parts = [(f"{well} of {len(view.sources)} well", ".dim")]
    spaced = [piece for part in (*parts, *worst_of(view)) for piece in (between, part)][1:]
    return Content.assemble(*spaced)


def _figures(view: PanelView, source: SourceView) -> list[tuple[str, str]]:
    found = next((seen.server for _, seen in servers(view)), None)
    if found is None or not is_known(found):
        return []
    ping, share = value(source, "ping"), value(source, "memory_used")
    parts = []
    if ping is not None:
        late = style_for(view, source, "ping", ping)
        parts.append((f"ping {calm(ping, 'ms')}", late or ".dim"))
    if share is not None:
        near = style_for(view, source, "memory_used", share)
        parts.append((f"{calm(share, '%')} of memory", near or ".dim"))
    elif found.memory is not None:
        parts.append((f"{short_figure(float(found.memory), 'B')} of memory", ".dim"))
    return parts


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The blocks' lines; where there is not room for all, the least of them are left out, and
    where there is none for every source, the worst come first."""
    if not view.sources:
        lines = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
    elif len(view.sources) > height:
        lines = blocks.crowded(view, lambda s: redis_server.head(view, s), height)
    else:
        found = _blocks(view, width)
        lines = [line.content for line in blocks.fitted(found, height)]
        room = height - len(lines) - 1
        if room >= DETAILS:
            lines += [Content(""), *_shown(view, width, min(room, GRAPH))]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def top(view: PanelView, width: int, height: int) -> list[Content]:
    """What is said over the pages: each server's level, why, and its memory."""
    if len(view.sources) > height:
        return body(view, width, height)
    kept = [line for line in _blocks(view, width) if line.what <= redis_server.MEMORY]
    lines = (line.content for line in blocks.fitted(kept, height))
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def _blocks(view: PanelView, width: int) -> list[blocks.Line]:
    return [
        blocks.Line(what, blocks.rank(view, source), content)
        for source in view.sources
        for what, content in redis_server.lines(view, source, width)
    ]


def _shown(view: PanelView, width: int, room: int) -> list[Content]:
    """The figure that is worst of the server under the cursor; its ping when all are well."""
    source = next((s for s in view.sources if s.name == view.cursor), view.sources[0])
    found: tuple[Figure, ...] = of_server(source)
    if not found:
        return []
    worst = max(found, key=lambda figure: max(attention(view, level_of(view, figure)), 0))
    return figure_details.lines(view, worst, width, room)


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No Redis is configured.",
        "[sources.cache]",
        'kind = "redis"',
        'dsn = { env = "REDIS_URL" }',
    )
