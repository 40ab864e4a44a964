"""All that is known of one queue, one failed job, or one group of a stream. Pure."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from textual.content import Content

from panels import queue_facts, queue_sheets, rows
from panels.figures import limit_words, worst_first
from panels.queue_facts import Entry, entries, waited
from panels.session_details import LABEL
from warroom.console.panel import PanelView
from warroom.measure.redis import FailedJob, Group, Queue
from warroom.text import safe, short_duration, short_figure
from warroom.wire import SourceView

Fact = tuple[str, str]
ERROR = 20_000
"""Characters of an error that are shown."""
FIGURES = (
    *("depth", "oldest", "arriving", "finishing", "active", "delayed", "failed"),
    *("workers", "stuck"),
)
"""What is said to be not known, when it is not. ``drain`` is not among them: None says there
that the queue does not get shorter."""


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All of the row with this key."""
    for entry in entries(view):
        if key == entry.key:
            return queue(view, entry, width)
    for own, entry, found in queue_sheets.jobs(view):
        if key == own:
            return _job(view, entry, found, width)
    for own, entry, group in queue_sheets.groups(view):
        if key == own:
            return told(view, tuple(_group_facts(entry, group)), width)
    return []


def queue(view: PanelView, entry: Entry, width: int) -> list[Content]:
    """Its counts in its library's words, its flows, its rules, and what is not known."""
    return told(view, tuple(_queue_facts(view, entry)), width)


def told(view: PanelView, known: Sequence[Fact], width: int) -> list[Content]:
    """Each fact by its name, on as many lines as it takes; none for one that is empty."""
    lines = []
    for name, words in known:
        text = view.look.plain(words)
        for at, part in enumerate(Content(text).wrap(max(width - LABEL, 10)) if text else []):
            label = "" if at else name
            lines.append(Content.assemble((f"{label:<{LABEL}}", ".dim"), part))
    return lines


def _queue_facts(view: PanelView, entry: Entry) -> Iterator[Fact]:
    found, dot = entry.queue, f" {view.look.dot} "
    kind = f", {safe(found.kind, 20)}" if found.kind else ""
    yield "queue", f"{_where(entry.source, found)}{kind}"
    if queue_facts.is_unread(entry):
        yield "cannot see", safe(found.trouble, 400) or rows.reason(view, entry.source)
        return
    yield "seen", rows.age(view, entry.source)
    yield "why", queue_facts.why(view, entry)
    yield "jobs", dot.join(_jobs(view, found))
    yield (
        "it says",
        dot.join(
            f"{safe(each.what, 40)} {view.look.dash if each.count is None else each.count}"
            for each in found.counts
        ),
    )
    yield "flow", _flow(found)
    yield "drain", _drain(found)
    if queue_facts.is_well(view, entry):
        yield "note", dot.join(safe(note, 300) for note in found.notes)
    missing = [name for name in FIGURES if _is_missing(found, name)]
    yield "not known", ", ".join(missing)
    for group in found.groups:
        yield "group", f"{safe(group.name, 100)}: {', '.join(_group_words(group))}"
    yield from _limits(view, entry)


def _jobs(view: PanelView, found: Queue) -> Iterator[str]:
    """``214 wait, the oldest for 40 s``, and those that do not."""
    if found.depth is not None:
        oldest = f", the oldest for {waited(view, found)}" if found.oldest is not None else ""
        yield f"{found.depth} wait{oldest}"
    for name, count in (("in hand", found.active), ("delayed", found.delayed)):
        if count is not None:
            yield f"{count} {name}"
    if found.failed is not None:
        yield f"{found.failed} failed"
    if found.workers is not None:
        yield f"{found.workers} worker{'s' * (found.workers != 1)}"


def _flow(found: Queue) -> str:
    """``1.2 jobs/s in, 0 jobs/s out, it grows by 1.2 jobs/s, over 60 s``."""
    if found.span is None:
        return "known after two readings"
    parts = [
        f"{short_figure(_rounded(rate), 'jobs/s')} {word}"
        for rate, word in ((found.arriving, "in"), (found.finishing, "out"))
        if rate is not None
    ]
    if found.growing is not None and not _rounded(abs(found.growing)):
        parts.append("it stays as it is")
    elif found.growing is not None:
        word = "shrinks" if found.growing < 0 else "grows"
        parts.append(f"it {word} by {short_figure(_rounded(abs(found.growing)), 'jobs/s')}")
    return f"{', '.join(parts)}, over {short_duration(found.span)}" if parts else ""


def _rounded(rate: float) -> float:
    """To two digits: a rate of so many jobs says no more."""
    return float(f"{rate:.2g}") if rate < 100 else rate


def _drain(found: Queue) -> str:
    if found.depth == 0:
        return "it is empty"
    if found.drain is not None:
        return f"empty in {short_duration(found.drain)} at this rate"
    if found.growing is None:
        return ""
    return "it does not get shorter"


def _is_missing(found: Queue, figure: str) -> bool:
    if figure == "oldest" and found.depth == 0:
        return False  # there is none
    if figure in ("arriving", "finishing", "stuck") and found.span is None:
        return False  # which is said of the flow
    return getattr(found, figure) is None


def _limits(view: PanelView, entry: Entry) -> Iterator[Fact]:
    name = "limits"
    for signal in entry.signals:
        for limit in worst_first(view, signal.limits):
            figure = signal.name.rpartition(".")[2]
            words = f"{figure} {limit_words(limit, signal.unit)}: {safe(limit.level, 20)}"
            yield name, f"{words}, {safe(limit.rule, 60)}"
            name = ""


def _job(view: PanelView, entry: Entry, found: FailedJob, width: int) -> list[Content]:
    """The whole of its error, and how to see the rest."""
    at = found.failed_at
    known = (
        ("job", safe(found.name, 400) or "it has no name"),
        ("id", safe(found.id, 400)),
        ("queue", _where(entry.source, entry.queue)),
        ("failed at", f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if at is not None else ""),
        ("tries", "" if found.attempts is None else str(found.attempts)),
        ("error", safe(found.error, ERROR) or "not told"),
        ("payload", view.look.worded(queue_sheets.PAYLOAD)),
    )
    return told(view, known, width)


def _where(source: SourceView, found: Queue) -> str:
    """The queue's name, what it is called there if that is another, and its server."""
    place = f" ({safe(found.place, 400)})" if found.place not in ("", found.name) else ""
    return f"{safe(found.name, 60)}{place} in {safe(source.title, 40)}"


def _group_facts(entry: Entry, group: Group) -> Iterator[Fact]:
    yield "group", safe(group.name, 400)
    yield "stream", _where(entry.source, entry.queue)
    yield "it says", ", ".join(_group_words(group))
    yield "not known", "lag: before Redis 7.0, and where it cannot count" * (group.lag is None)


def _group_words(group: Group) -> Iterator[str]:
    if group.lag is not None:
        yield f"{group.lag} not delivered yet"
    idle = f", the oldest for {short_duration(group.oldest_idle)}" if group.oldest_idle else ""
    yield f"{group.pending} not acknowledged{idle}"
    yield f"{group.consumers} consumer{'s' * (group.consumers != 1)}"
