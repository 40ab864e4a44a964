"""The columns of the rows of queues: which there is room for, and what stands in them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from panels import marks, queue_facts
from panels.cells import told_apart
from panels.databases import style_for
from panels.queue_facts import Entry, counted, outlook, plain, waited
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.measure.history import columns, per_column, round_up, sparkline
from warroom.severity import OK
from warroom.text import safe

GAP = "  "
LEVEL, SHORTEST, LONGEST = 9, 8, 28
"""Cells of a level at the least; of a queue's name, as long as it goes and at the most."""
SPARK = 8, 20
"""Cells of a queue's past, at the least and at the most."""
FEW = 20.0
"""Jobs up to which a queue's past is drawn on the same scale, however few there were."""
ALWAYS = (("depth", 6), ("oldest", 7), ("drain", 11))
OPTIONAL = (
    (("workers", 7),),
    (("failed", 6),),
    (("arriving", 6), ("finishing", 6)),
    (("delayed", 7),),
)
"""What is left out when there is no room, the last first; before all of it, the past."""
ORDER = ("depth", "oldest", "drain", "arriving", "finishing", "failed", "workers", "delayed")
TITLES = {"arriving": "in/s", "finishing": "out/s"}
LEFT = ("drain",)
"""Those that are words, and stand on the left."""


@dataclass(frozen=True)
class Columns:
    """Cells of each part. ``names`` are the queues', cut so that they stay apart; ``spark`` is
    0 where there is no room for the past."""

    level: int
    names: Mapping[str, str]
    widths: Mapping[str, int]
    spark: int

    @classmethod
    def of(cls, view: PanelView, found: Sequence[Entry], width: int) -> "Columns":
        """As wide as these queues need them, in that many cells."""
        words = (queue_facts.state(view, entry)[1] for entry in found)
        level = max(LEVEL, *(cell_len(word) for word in words))
        several = len({entry.source.name for entry in found}) > 1
        texts = {entry.key: ("queue", _called(view, entry, several)) for entry in found}
        longest = min(max(cell_len(text) for _, text in texts.values()), LONGEST)
        left = width - 2 - 2 - level - 1 - sum(len(GAP) + cells for _, cells in ALWAYS)
        name = max(min(longest, left), SHORTEST)
        left -= name
        widths = dict(ALWAYS)
        for group in OPTIONAL:
            needed = sum(len(GAP) + cells for _, cells in group)
            if needed > left:
                left = 0  # what is of less use does not take its place
                break
            widths |= dict(group)
            left -= needed
        spark = min(left - len(GAP), SPARK[1])
        names = told_apart(texts, name, view.look.end)
        return cls(level, names, widths, spark if spark >= SPARK[0] else 0)

    def heading(self) -> Content:
        """What each column is."""
        name = max(map(cell_len, self.names.values()))
        parts = [" " * (4 + self.level + 1), f"{'queue':<{name}}"]
        for figure in (figure for figure in ORDER if figure in self.widths):
            align = "<" if figure in LEFT else ">"
            parts += [GAP, fit(TITLES.get(figure, figure), self.widths[figure], align)]
        parts += [GAP, f"{'past':>{self.spark}}"] if self.spark else []
        return Content.assemble(("".join(parts), ".dim"))

    def row(self, view: PanelView, entry: Entry) -> Content:
        """The queue's row; of one that could not be read, why."""
        sign, word, style = queue_facts.state(view, entry)
        here = view.focused and entry.key == view.cursor
        parts: list[tuple[str, str]] = [
            (f"{view.look.pointer} " if here else "  ", ".accent"),
            (f"{sign} ", style),
            (f"{fit(word, self.level)} ", ".dim" if word == OK else style),
            (self.names[entry.key], ".strong" if here else plain(view, entry)),
        ]
        if queue_facts.is_unread(entry):
            words = view.look.plain(queue_facts.trouble(entry))
            return Content.assemble(*parts, GAP, (words, plain(view, entry)))
        for figure in (figure for figure in ORDER if figure in self.widths):
            parts += [(GAP, ""), self._cell(view, entry, figure)]
        if self.spark:
            parts += [(GAP, ""), (_past(view, entry, self.spark), ".dim")]
        return Content.assemble(*parts)

    def _cell(self, view: PanelView, entry: Entry, figure: str) -> tuple[str, str]:
        words, style = cell(view, entry, figure)
        align = "<" if figure in LEFT else ">"
        return fit(words, self.widths[figure], align, view.look.end), style


def cell(view: PanelView, entry: Entry, figure: str) -> tuple[str, str]:
    """One figure of a queue as a cell shows it, in the style of the level it is at."""
    queue, source = entry.queue, entry.source
    judged = "stuck" if figure == "drain" and queue.is_stuck else figure
    value = getattr(queue, judged)
    style = style_for(view, source, entry.name(judged), value) or plain(view, entry)
    if figure == "drain":
        strong = ".strong" if queue.is_stuck else ""
        return outlook(view, entry), style or strong
    if figure == "oldest":
        return view.look.plain(waited(view, queue)), style
    return counted(view, entry, figure, value), style


def _past(view: PanelView, entry: Entry, width: int) -> str:
    """How many waited, in that many cells, each some polls' most, the newest on the right. A
    few jobs more or less are not to look like a storm."""
    signal, source = entry.source.signal(entry.name(queue_facts.DEPTH)), entry.source
    if signal is None:
        return " " * width
    per = per_column(source.interval)
    found = columns(signal.trend, source.polls, per)
    values = [column.value for column in found][-width:]
    top = round_up(max((value for value in values if value is not None), default=0.0))
    drawn = sparkline(values, width, bars=view.look.bars, top=max(top, FEW))
    return marks.on_line(drawn, source, per, view.look)


def _called(view: PanelView, entry: Entry, several: bool) -> str:
    name = safe(entry.queue.name, 40)
    return view.look.plain(f"{safe(entry.source.title, 12)} {name}" if several else name)
