"""Connections against how many there may be, who holds them, and who waits for whom."""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from panels import ceiling, connection_sheets, lock_lines, pools, rows, session_details
from panels.blocks import INDENT, Line, crowded, fitted, rank, reason
from panels.databases import headed, key_of, poolers, postgres, quiet, worst_of
from panels.missing import missing
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.measure.postgres import PgbouncerSeen, PostgresSeen
from warroom.text import safe
from warroom.wire import SourceView

LEAST_BAR, LONGEST_BAR = 10, 60
HEAD, WHY, BLAME, NEAR, LEGEND, BEHIND, MORE, LAST = 0, 1, 2, 3, 4, 5, 6, 9
"""What a line is; those with the highest number are left out first."""


class ConnectionsPanel(TablePanel):
    """A block of lines for each database and pooler, as many of them as there is room for."""

    kinds = ("postgres", "pgbouncer")
    heading = "Connections"
    sheets = connection_sheets.NAMES
    inspectable = ("session:",)

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @classmethod
    def pages(cls, view: PanelView) -> tuple[str, ...]:
        return connection_sheets.pages(view)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return connection_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        return top(view, name, width, max(view.height // 3, 2))

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        for source, seen in postgres(view):
            for session in seen.sessions:
                if key == key_of(source, session):
                    return session_details.session(view, source, session, width)
        return pools.details(view, key) or connection_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """``38 of 37``, of the server that is nearest to its ceiling, and the worst level."""
    found = [(source, seen) for source, seen in postgres(view) if seen.ceilings]
    waiting = [(source, seen) for source, seen in poolers(view)]
    parts: list[tuple[str, str]] = []
    if found:
        source, seen = max(found, key=lambda pair: max(c.share for c in pair[1].ceilings))
        words, style = ceiling.counted(view, source, seen)
        parts.append((words.strip().replace("  ", ", "), style or ".dim"))
    elif waiting:
        clients = sum(pool.clients_waiting for _, seen in waiting for pool in seen.pools)
        parts.append((f"{clients} waiting", ".dim"))
    level = worst_of(view)
    between = [(f" {view.look.dot} ", ".dim")] if parts and level else []
    return Content.assemble(*parts, *between, *level)


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The blocks' lines; where there is not room for all, the least of them are left out, and
    where there is none for every source, the worst come first."""
    if not view.sources:
        told = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in told]
    if len(view.sources) > height:
        lines = crowded(view, lambda source: _head(view, source, width), height)
    else:
        found = _blocks(view, width, roomy=True)
        if len(found) > height:
            found = fitted(_blocks(view, width, roomy=False), height)
        lines = [line.content for line in found]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def top(view: PanelView, name: str, width: int, height: int) -> list[Content]:
    """What is said over the page with this name: the body's lines that no page has, and whom to
    blame where that is not the page's own matter."""
    if not view.sources or len(view.sources) > height:
        return body(view, width, height)
    own = BLAME if name in (connection_sheets.LOCKS, connection_sheets.POOLS) else None
    found = _blocks(view, width, roomy=False)
    kept = [line for line in found if line.what <= LEGEND and line.what != own]
    lines = (line.content for line in fitted(kept, height))
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No database is configured.",
        "[sources.db]",
        'kind = "postgres"',
        'dsn = { env = "DATABASE_URL" }',
    )


def _blocks(view: PanelView, width: int, *, roomy: bool) -> list[Line]:
    """All lines of all sources; ``roomy`` with what is only good to know."""
    found = []
    for source in view.sources:
        lines = [(HEAD, _head(view, source, width)), *_reason(view, source, width)]
        seen = source.snapshot.seen if source.snapshot is not None else None
        if isinstance(seen, PostgresSeen):
            lines += _database(view, source, seen, width, roomy=roomy)
        elif isinstance(seen, PgbouncerSeen):
            lines += [
                (BLAME if at == 0 else MORE, Content.assemble(INDENT, line))
                for at, line in enumerate(pools.lines(view, source, seen))
            ]
        found += [Line(what, rank(view, source), line) for what, line in lines]
    return found


def _head(view: PanelView, source: SourceView, width: int) -> Content:
    """The source's level, and how full it is."""
    head = headed(view, source)
    seen = source.snapshot.seen if source.snapshot is not None else None
    if isinstance(seen, PgbouncerSeen):
        words, style = pools.counted(view, source, seen)
        return Content.assemble(*head, (words, style or quiet(view, source)))
    if not isinstance(seen, PostgresSeen) or not seen.ceilings:
        return Content.assemble(*head)
    words, style = ceiling.counted(view, source, seen)
    room = width - sum(cell_len(text) for text, _ in head) - cell_len(words) - 2
    bar = ceiling.bar(view, source, seen, min(room, LONGEST_BAR)) if room >= LEAST_BAR else []
    gap = [("  ", "")] if bar else []
    return Content.assemble(*head, *bar, *gap, (words, style or quiet(view, source)))


def _reason(view: PanelView, source: SourceView, width: int) -> Iterator[tuple[int, Content]]:
    for at, line in enumerate(reason(view, source, width)):
        yield WHY if at == 0 else MORE, line
    seen = source.snapshot.seen if source.snapshot is not None else None
    if seen is not None and not rows.is_dark(source):
        for note in seen.notes:
            yield MORE, rows.note(safe(note, 300), width, view.look)


def _database(
    view: PanelView, source: SourceView, seen: PostgresSeen, width: int, *, roomy: bool
) -> Iterator[tuple[int, Content]]:
    if seen.groups:  # else it said no, and nothing is known of who is connected
        role = "" if seen.identity.role == "primary" else f"{seen.identity.role}  "
        legend = ceiling.legend(view, source, seen)
        yield LEGEND, Content.assemble((INDENT + role, ".dim"), *legend)
    for words in ceiling.others(seen):
        line = Content.assemble((INDENT + view.look.plain(words), quiet(view, source)))
        yield NEAR, line.truncate(width, ellipsis=view.look.unicode)
    if seen.groups and not roomy:
        words = INDENT + ceiling.by_application(view.look, seen)
        line = Content.assemble((words, ".dim"))
        yield MORE, line.truncate(width, ellipsis=view.look.unicode)
    for depth, line in lock_lines.lines(view, source, seen):
        what = min(BEHIND + depth - 1, LAST) if depth else BLAME
        yield what, Content.assemble(INDENT, line)
    if seen.groups and roomy:
        yield LAST, Content("")
        for row in ceiling.applications(view.look, seen, width - len(INDENT)):
            yield LAST, Content.assemble((INDENT + row, ".dim"))
