"""The pages of the expanded panel ``queues``: the queues, failed jobs, groups of streams. Pure."""

from collections.abc import Callable, Iterator
from datetime import UTC

from msgspec.structs import replace

from panels import queue_facts
from panels.databases import empty, quiet, seconds
from panels.queue_columns import TITLES, cell
from panels.queue_facts import Entry, entries, plain
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.redis import FailedJob, Group
from warroom.severity import OK
from warroom.text import safe

QUEUES, FAILED, GROUPS = "queues", "failed", "groups"
NAMES = (QUEUES, FAILED, GROUPS)
PAYLOAD = "{inspect} shows the job with its payload"

SERVER = Column(title="server", width=10, rank=9)
"""Where it is; that is told before anything else where there are several."""


def pages(view: PanelView) -> tuple[str, ...]:
    """The first two, and the groups where there are any."""
    has_groups = any(entry.queue.groups for entry in entries(view))
    return NAMES if has_groups else NAMES[:2]


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    makers: dict[str, Callable[[PanelView], Sheet]] = {
        QUEUES: _queues,
        FAILED: _failed,
        GROUPS: _groups,
    }
    return makers[name](view)


def _columns(view: PanelView, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    several = len({entry.source.name for entry in entries(view)}) > 1
    first = replace(SERVER, rank=0)
    return tuple(first if column is SERVER and several else column for column in columns)


_FIGURES = (
    *("depth", "oldest", "drain", "arriving", "finishing", "failed"),
    *("workers", "active", "delayed"),
)
_RANKS = {"arriving": 3, "finishing": 3, "failed": 2, "workers": 1, "active": 5, "delayed": 4}
_WIDTHS = {"oldest": 8, "drain": 11, "failed": 7, "workers": 7, "delayed": 7}
_QUEUE = (
    Column(title="level", width=9),
    Column(title="queue", width=12, grows=True),
    *(
        Column(
            title=TITLES.get(figure, figure),
            width=_WIDTHS.get(figure, 6),
            align="<" if figure == "drain" else ">",
            rank=_RANKS.get(figure, 0),
        )
        for figure in _FIGURES
    ),
    Column(title="kind", width=8, rank=6),
    Column(title="place", width=14, rank=7),
    SERVER,
)


def _queues(view: PanelView) -> Sheet:
    found = tuple(_queue(view, entry) for entry in entries(view))
    words = "No queue is named: [[sources.NAME.queues]] in the file names one."
    return Sheet(name=QUEUES, columns=_columns(view, _QUEUE), rows=found, empty=empty(view, words))


def _queue(view: PanelView, entry: Entry) -> Row:
    queue, style = entry.queue, plain(view, entry)
    _, word, own = queue_facts.state(view, entry)
    figures = (_figure(view, entry, figure) for figure in _FIGURES)
    cells = (
        Cell(word, style=".dim" if word == OK else own),
        Cell(safe(queue.name, 60), style=style),
        *figures,
        Cell(safe(queue.kind, 20), style=style),
        Cell(safe(queue.place, 200), style=style),
        Cell(safe(entry.source.title, 40), style=style),
    )
    return Row(key=entry.key, cells=cells, more=f"{queue.trouble} {queue_facts.why(view, entry)}")


def _figure(view: PanelView, entry: Entry, figure: str) -> Cell:
    words, style = cell(view, entry, figure)
    value = getattr(entry.queue, figure)
    return Cell(words, None if value is None else float(value), style)


_JOB = (
    Column(title="failed (UTC)", width=14),
    Column(title="queue", width=12),
    Column(title="job", width=14),
    Column(title="tries", width=5, align=">", rank=1),
    Column(title="id", width=12, rank=2),
    SERVER,
    Column(title="error", width=40, grows=True),
)


def jobs(view: PanelView) -> Iterator[tuple[str, Entry, FailedJob]]:
    """The failed jobs that are listed, each with its row's key; one that a library keeps in
    several places stands once."""
    met = set()
    for entry in entries(view):
        for job in entry.queue.failures:
            key = f"{entry.source.name}.{job.key}"
            if key not in met:
                met.add(key)
                yield key, entry, job


def _failed(view: PanelView) -> Sheet:
    found = [_job(view, *each) for each in jobs(view)]
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    note = f"the newest of each queue {view.look.dot} {view.look.worded(PAYLOAD)}" if found else ""
    return Sheet(
        name=FAILED, columns=_columns(view, _JOB), rows=tuple(found), empty=_none(view), note=note
    )


def _none(view: PanelView) -> str:
    """What it means that no failed job is listed: that none has failed only where all say so."""
    found = entries(view)
    count = sum(entry.queue.failed or 0 for entry in found)
    if count:
        return f"{count} have failed, and none of them could be listed."
    silent = [safe(entry.queue.name, 40) for entry in found if entry.queue.failed is None]
    if silent:
        return empty(view, f"None is listed; how many failed is not known of {', '.join(silent)}.")
    return empty(view, "No job has failed.")


def _job(view: PanelView, key: str, entry: Entry, job: FailedJob) -> Row:
    style = plain(view, entry)
    at = job.failed_at
    when = f"{at.astimezone(UTC):%m-%d %H:%M:%S}" if at is not None else view.look.dash
    tries = view.look.dash if job.attempts is None else str(job.attempts)
    cells = (
        Cell(when, None if at is None else at.timestamp(), style),
        Cell(safe(job.queue, 60), style=style),
        Cell(safe(job.name, 200), style=style),
        Cell(tries, None if job.attempts is None else float(job.attempts), style),
        Cell(safe(job.id, 200), style=style),
        Cell(safe(entry.source.title, 40), style=style),
        Cell(safe(job.error), style=style),
    )
    return Row(key=key, cells=cells)


_GROUP = (
    Column(title="lag", width=8, align=">"),
    Column(title="pending", width=8, align=">"),
    Column(title="oldest", width=8, align=">"),
    Column(title="consumers", width=9, align=">"),
    Column(title="group", width=16, grows=True),
    Column(title="stream", width=12),
    SERVER,
)


def groups(view: PanelView) -> Iterator[tuple[str, Entry, Group]]:
    """The groups of all streams, each with its row's key."""
    for entry in entries(view):
        for group in entry.queue.groups:
            yield f"{entry.source.name}.group:{entry.queue.name}:{group.name}", entry, group


def _groups(view: PanelView) -> Sheet:
    found = tuple(_group(view, *each) for each in groups(view))
    words = empty(view, "No stream has a group.")
    return Sheet(name=GROUPS, columns=_columns(view, _GROUP), rows=found, empty=words)


def _group(view: PanelView, key: str, entry: Entry, group: Group) -> Row:
    style = quiet(view, entry.source)
    lag = view.look.dash if group.lag is None else str(group.lag)
    cells = (
        Cell(lag, None if group.lag is None else float(group.lag), style),
        Cell(str(group.pending), float(group.pending), style),
        Cell(seconds(group.oldest_idle), group.oldest_idle, style),
        Cell(str(group.consumers), float(group.consumers), style),
        Cell(safe(group.name, 200), style=style),
        Cell(safe(entry.queue.name, 60), style=style),
        Cell(safe(entry.source.title, 40), style=style),
    )
    return Row(key=key, cells=cells)
