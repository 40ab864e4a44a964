"""A queue as a row: the level it is at, where it is going, and what is said of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panels import rows
from panels.databases import limits_of, quiet
from panels.figures import NO_LEVEL, Figure, calm, level_words
from panels.redis_seen import seen_of
from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.measure.redis import Queue
from warroom.severity import MAINTENANCE, OK, UNSEEN, Level
from warroom.text import safe, short_duration
from warroom.wire import SignalView, SourceView

DEPTH = "depth"
"""The figure that every queue has: by it one knows which queues a source has."""


@dataclass(frozen=True)
class Entry:
    """One queue of one source."""

    source: SourceView
    queue: Queue

    @property
    def key(self) -> str:
        """The name of its row."""
        return f"{self.source.name}.{self.queue.key}"

    @property
    def signals(self) -> tuple[SignalView, ...]:
        """Its own figures."""
        begin = f"{self.source.name}.{self.queue.name}."
        return tuple(signal for signal in self.source.signals if signal.name.startswith(begin))

    def name(self, figure: str) -> str:
        """How its source calls this figure of it."""
        return f"{self.queue.name}.{figure}"

    def figure(self, figure: str) -> Figure | None:
        """The signal of this figure, to be drawn."""
        signal = self.source.signal(self.name(figure))
        return Figure(self.source, signal) if signal is not None else None


def entries(view: PanelView) -> tuple[Entry, ...]:
    """All queues, those that want most attention first, else in the configuration's order."""
    found = [entry for source in view.sources for entry in _of(source)]
    return tuple(sorted(found, key=lambda entry: -urgency(view, entry)))


def _of(source: SourceView) -> Iterator[Entry]:
    """The queues of a source; those of which nothing was seen (it said no, it is loading its
    data, it never answered) are known by their figures, and nothing is known of them."""
    seen = seen_of(source)
    found = {queue.name: queue for queue in seen.queues} if seen is not None else {}
    names = (signal.name.split(".") for signal in source.signals)
    declared = [parts[1] for parts in names if len(parts) == 3 and parts[2] == DEPTH]
    for name in dict.fromkeys([*declared, *found]):
        yield Entry(source, found.get(name, Queue(name=name, kind="", place="")))


def is_dark(entry: Entry) -> bool:
    """Whether nothing of it can be seen now."""
    return rows.is_dark(entry.source) or is_unread(entry)


def is_unread(entry: Entry) -> bool:
    """Whether nothing could be read of it, although its source may be seen."""
    return bool(entry.queue.trouble) or not entry.queue.kind


def level_of(view: PanelView, entry: Entry) -> Level:
    """The worst level of its figures; it is not OK while it cannot be seen, and a red that goes
    dark stays red. Of one whose length nobody tells, it is neither well nor not."""
    if view.state.link.state == "lost":
        return UNSEEN
    levels = [signal.level for signal in entry.signals]
    if is_dark(entry):
        levels.append(UNSEEN)
    worst = view.state.scale.worst(levels)
    if worst != OK:
        return worst
    if entry.source.state == "MAINTENANCE":
        return MAINTENANCE
    return OK if entry.queue.depth is not None else NO_LEVEL


def urgency(view: PanelView, entry: Entry) -> float:
    """How much attention it wants: a level's, then stuck, then paused, then not known."""
    level, queue = level_of(view, entry), entry.queue
    if level not in (OK, NO_LEVEL):
        return float(view.state.scale.rank(level))
    return 0.8 * queue.is_stuck or 0.4 * queue.paused or 0.2 * (level == NO_LEVEL)


def in_trouble(view: PanelView, entry: Entry) -> bool:
    """Whether it is at a step of the scale, or stuck without being at one."""
    level = level_of(view, entry)
    at_step = level not in (OK, NO_LEVEL, UNSEEN, MAINTENANCE)
    return at_step or (level != UNSEEN and entry.queue.is_stuck)


def is_well(view: PanelView, entry: Entry) -> bool:
    """Whether it is seen, moves, and is at no level."""
    return urgency(view, entry) == 0


def state(view: PanelView, entry: Entry) -> tuple[str, str, str]:
    """Its sign, its word and their style: ``✖ SEV1``, ``▽ stuck``, ``= paused``, ``✔ OK``."""
    look, level, queue = view.look, level_of(view, entry), entry.queue
    if level not in (OK, NO_LEVEL):
        style = style_of(level, view.state.scale)
        return look.sign(level, view.state.scale), level_words(level), style
    if queue.is_stuck:
        return "▽" if look.unicode else "v", "stuck", ".strong"
    if queue.paused:
        return "=", "paused", ".strong"
    if level == NO_LEVEL:
        return look.dot, "not known", ".dim"
    return look.sign(OK, view.state.scale), OK, style_of(OK, view.state.scale)


def outlook(view: PanelView, entry: Entry) -> str:
    """Where it is going: ``stuck 3 min``, ``empty``, ``in 4 min``, ``grows``; ``steady`` while
    jobs come and go alike, ``stands`` when none goes."""
    queue = entry.queue
    if queue.is_stuck and queue.stuck is not None:
        return f"stuck {short_duration(queue.stuck)}"
    if queue.paused:
        return "paused"
    if queue.depth == 0:
        return "empty"
    if queue.drain is not None:
        return f"in {short_duration(queue.drain)}"
    if queue.growing is None or queue.depth is None:
        return view.look.dash
    if queue.growing:
        return "grows" if queue.growing > 0 else "shrinks"
    return "steady" if queue.finishing else "stands"


def waited(view: PanelView, queue: Queue) -> str:
    """For how long the oldest job has waited: ``40 s``, ``>40 s``; empty for a queue that is."""
    if queue.oldest is None:
        return "" if queue.depth == 0 else view.look.dash
    return f"{'>' * queue.at_least}{short_duration(queue.oldest)}"


def counted(view: PanelView, entry: Entry, figure: str, value: float | None) -> str:
    """A count or a rate without its unit, ``–`` when it is not known."""
    if value is not None and 0 < abs(value) < 0.01:
        return "<0.01" if value > 0 else ">-0.01"
    number = None if value is None else float(value)
    words = calm(number, "", limits_of(view, entry.source, entry.name(figure)))
    return view.look.plain(words)


def stuck_words(view: PanelView, queue: Queue) -> str:
    """``stuck 3 min: 214 wait, none finished, workers 0``; empty when it moves."""
    if not queue.is_stuck or queue.stuck is None:
        return ""
    waits = view.look.dash if queue.depth is None else str(queue.depth)
    workers = view.look.dash if queue.workers is None else str(queue.workers)
    lasts = short_duration(queue.stuck)
    return f"stuck {lasts}: {waits} wait, none finished, workers {workers}"


def causes(entry: Entry) -> list[str]:
    """What its rules say of its figures, each once."""
    bad = (signal for signal in entry.signals if signal.level != OK and signal.cause)
    return list(dict.fromkeys(signal.cause for signal in bad))


def why(view: PanelView, entry: Entry) -> str:
    """Why it is not well, and what must be known of it then; empty when it is. Of one that
    could not be read its row says why; of one that cannot be seen now, nothing is said as if
    it were so now."""
    if is_unread(entry):
        return ""
    if rows.is_dark(entry.source):
        return f" {view.look.dot} ".join(safe(cause, 300) for cause in causes(entry))
    stuck = stuck_words(view, entry.queue)
    signal = entry.source.signal(entry.name("stuck"))
    bad = causes(entry)
    said = [cause for cause in bad if not (stuck and signal and cause == signal.cause)]
    since = rows.since(entry.source) if entry.source.cause in bad else ""
    notes = () if is_well(view, entry) else entry.queue.notes
    parts: Sequence[str] = (stuck, *said, since, *notes)
    return f" {view.look.dot} ".join(safe(part, 300) for part in parts if part)


def trouble(entry: Entry) -> str:
    """Why it could not be read."""
    return safe(entry.queue.trouble, 300) or "not seen"


def plain(view: PanelView, entry: Entry) -> str:
    """The style of what no rule minds: none, or dim for what is of a while ago."""
    return quiet(view, entry.source)
