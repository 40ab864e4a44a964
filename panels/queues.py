"""Queues of jobs: how many wait, for how long, whether they move, and who works on them."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual.content import Content

from panels import graph, queue_details, queue_facts, queue_notes, queue_sheets, rows
from panels.databases import seen_now, worst_of
from panels.missing import missing
from panels.queue_columns import Columns
from panels.queue_facts import Entry, entries
from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.console.table.drawn import cut
from warroom.severity import OK, UNSEEN
from warroom.text import safe

DETAILS = 14
"""Lines that must be free under the rows before the details of one are shown there."""
GRAPH = 10
"""Lines of a graph under the details of a queue, at the most."""


class QueuesPanel(TablePanel):
    """One row for each queue of every source, those that want attention first."""

    kinds = ("redis",)
    heading = "Queues"
    sheets = queue_sheets.NAMES
    inspectable = ("job:",)

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        found = tuple(entry.key for entry in entries(view))
        return found or tuple(source.name for source in view.sources)

    @classmethod
    def pages(cls, view: PanelView) -> tuple[str, ...]:
        return queue_sheets.pages(view)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return queue_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        view = _concerned(view)
        lines = queue_notes.of_sources(view, entries(view), width)
        return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return queue_details.details(view, key, width)


def title(view: PanelView) -> Content:
    """``2 of 5 in trouble``; that all are OK only when all is seen."""
    view = _concerned(view)
    found, scale = entries(view), view.state.scale
    if not found:
        return Content.assemble(*worst_of(view))
    levels = [queue_facts.level_of(view, entry) for entry in found]
    bad = sum(queue_facts.in_trouble(view, entry) for entry in found)
    unseen = sum(map(queue_facts.is_dark, found))
    parts = []
    if bad:
        worst = scale.worst(level for level in levels if level != UNSEEN)
        style = ".strong" if worst == OK else style_of(worst, scale)
        parts.append((f"{bad} of {len(found)} in trouble", style))
    if unseen:
        parts.append((f"{unseen} of {len(found)} not seen", ".unseen"))
    if not parts:
        well = sum(queue_facts.is_well(view, entry) for entry in found)
        parts = [(f"{well} of {len(found)} OK", ".dim")]
        parts += [] if seen_now(view) else worst_of(view)
    between = (f" {view.look.dot} ", ".dim")
    spaced = [piece for part in parts for piece in (between, part)][1:]
    return Content.assemble(*spaced)


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """Rows, as many as there is room for, what is said of the worst, and of their sources."""
    view = _concerned(view)
    found = entries(view)
    if not view.sources:
        lines = [Content.assemble((words, ".dim")) for words in _empty(view)]
    elif not found:
        lines = _without(view, width, height)
    else:
        lines = _rows(view, found, width, height)
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines[:height]]


def _concerned(view: PanelView) -> PanelView:
    """With the sources only that have queues, if any has: what else they are is not of them."""
    having = {entry.source.name for entry in entries(view)}
    kept = tuple(source for source in view.sources if source.name in having)
    return replace(view, sources=kept) if kept else view


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No Redis is configured.",
        "[sources.jobs]",
        'kind = "redis"',
        'dsn = { env = "REDIS_URL" }',
    )


def _without(view: PanelView, width: int, height: int) -> list[Content]:
    """That there are no queues, and how to name one."""
    name = safe(view.sources[0].name, 40)
    words = f'No queue is named. Name one:  [[sources.{name}.queues]]  name = "emails"  '
    told = Content.assemble((f'{words}kind = "bullmq"', ".dim")).wrap(max(width, 1))
    notes = queue_notes.of_sources(view, (), width)
    return [*notes[: max(height - len(told), 1)], *told]


def _rows(view: PanelView, found: Sequence[Entry], width: int, height: int) -> list[Content]:
    notes = queue_notes.of_sources(view, found, width)
    room = max(height - min(len(notes), max(height // 3, 1)), 1)
    fits = len(found) <= room
    at = next((n for n, entry in enumerate(found) if entry.key == view.cursor), 0)
    shown = found if fits else rows.window(found, at, max(room - 1, 1))
    spare = height - len(shown) - len(notes) - (not fits)
    said = queue_notes.under(view, shown, width, spare)
    spare -= sum(map(len, said))
    columns = Columns.of(view, found, width)
    lines = [columns.heading()] if fits and spare > 0 else []
    for entry, under in zip(shown, said, strict=True):
        lines += [columns.row(view, entry), *under]
    if not fits and room > 1:
        drawn = {entry.key for entry in shown}
        left = [entry for entry in found if entry.key not in drawn]
        bad = sum(not queue_facts.is_well(view, entry) for entry in left)
        lines.append(rows.hidden(len(left), bad, "all OK"))
    lines += notes
    spare = height - len(lines) - 1
    if spare >= DETAILS:
        lines += [Content(""), *_details(view, found[at], width, spare)]
    return lines


def _details(view: PanelView, entry: Entry, width: int, room: int) -> list[Content]:
    """All of the queue under the cursor, and its depth over time in what is left."""
    told = cut(queue_details.queue(view, entry, width), room, "expand the panel")
    left = min(room - len(told) - 1, GRAPH)
    depth = entry.figure(queue_facts.DEPTH)
    if depth is None or left < graph.LOWEST + 3:
        return told
    drawn = graph.lines(view, depth, width, left)
    return [*told, Content(""), *drawn] if drawn else told
