"""A block of lines for each source, and what to do when there is not room for all. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

from panels import rows
from panels.databases import headed
from warroom.console.look import shown_level
from warroom.console.panel import PanelView
from warroom.severity import OK
from warroom.wire import SourceView

INDENT = "    "
LONGEST = 3
"""Lines of a reason at the most."""


@dataclass(frozen=True)
class Line:
    """One line of a block: what it is (the higher, the sooner left out), and how much
    attention its source wants."""

    what: int
    rank: int
    content: Content


def rank(view: PanelView, source: SourceView) -> int:
    """How much attention a source wants."""
    return view.state.scale.rank(shown_level(source))


def fitted(lines: Sequence[Line], height: int) -> list[Line]:
    """As many lines as there is room for, in their order: the least of them are left out."""
    order = sorted(range(len(lines)), key=lambda at: (lines[at].what, -lines[at].rank, at))
    kept = set(order[: max(height, 0)])
    return [line for at, line in enumerate(lines) if at in kept]


def crowded(view: PanelView, head: Callable[[SourceView], Content], height: int) -> list[Content]:
    """A line for each of the worst sources, the one under the cursor among them; the others
    are counted."""
    order = sorted(view.sources, key=lambda source: -rank(view, source))
    at = next((n for n, source in enumerate(order) if source.name == view.cursor), 0)
    shown = rows.window(order, at, max(height - 1, 1))
    drawn = {source.name for source in shown}
    bad = sum(shown_level(source) != OK and source.name not in drawn for source in order)
    lines = [head(source) for source in shown]
    return [*lines, rows.hidden(len(order) - len(shown), bad)][:height]


def reason(view: PanelView, source: SourceView, width: int) -> list[Content]:
    """Why the source is not well, hung under its first line."""
    words = rows.reason(view, source)
    return hung(view, words, width, LONGEST, quiet=source.level == OK) if words else []


def hung(view: PanelView, words: str, width: int, most: int, *, quiet: bool) -> list[Content]:
    """Words that hang under a line, in at most so many lines."""
    first, other = f"{INDENT}{view.look.hook} ", f"{INDENT}  "
    wrapped = rows.wrapped(words, width - len(other), most, view.look)
    return [
        Content.assemble((other if at else first, ".dim"), line.stylize(".dim" if quiet else ""))
        for at, line in enumerate(wrapped)
    ]


def beside(view: PanelView, source: SourceView, words: str, width: int) -> list[Content]:
    """The source's level and title, and words beside them."""
    head = Content.assemble(*headed(view, source))
    wrapped = rows.wrapped(words, width - head.cell_length, LONGEST, view.look)
    dim = ".dim" if source.level == OK else ""
    return [
        Content.assemble(" " * head.cell_length if at else head, line.stylize(dim))
        for at, line in enumerate(wrapped)
    ]
