"""The error rate: how high, since when, and on which paths."""

from textual.content import Content

from panels import breakdowns, digits, graph, rows
from panels.error_facts import SHORT, called, facts, flowing, is_red, more, parts_of, per, reds, why
from panels.figures import Figure, is_quiet, level_of, level_words, rank, signed, text_of
from warroom.console.look import fit
from warroom.console.panel import Panel, PanelView
from warroom.console.state import RoomState
from warroom.measure.snapshot import Breakdown
from warroom.severity import UNSEEN, Level
from warroom.text import safe
from warroom.wire import SourceView

FIGURE = "error_rate"
"""What a figure must be called to be drawn here."""
LARGE = 13
"""Lines from which the figure is drawn large."""
SPACIOUS = 24
"""Lines from which a blank one stands over the graph."""
BESIDE = 54
"""Cells beside the large figure from which the others stand there, and not under it."""


class ErrorsPanel(Panel):
    """The error rate of each source that has one: a row each, and the graph of one."""

    heading = "Errors"

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        return tuple(source for source in state.sources if source.signal(FIGURE) is not None)

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)


def title(view: PanelView) -> Content:
    """The worst level of all that is drawn, and whose it is; the only source's name where
    there is one."""
    found = _figures(view)
    if not found:
        return Content("")
    worst = max(found, key=lambda figure: rank(view, _worst(view, figure)))
    name = view.look.plain(safe(worst.source.title, 40))
    level = _worst(view, worst)
    if len(found) > 1 and rank(view, level) <= 0:
        return Content.assemble((f"{len(found)} sources", ".dim"))
    words, style = level_words(level), signed(view, level)[1]
    sep = f" {view.look.dot} " if words else ""
    return Content.assemble((words, style), sep, (name, ".dim"))


def _led(view: PanelView, figure: Figure) -> Figure:
    """The worst of what is drawn of its source: the error rate, if it is none of the others."""
    beside = reds(view, figure.source)[:1]
    return max((figure, *beside), key=lambda one: rank(view, level_of(view, one)))


def _worst(view: PanelView, figure: Figure) -> Level:
    return level_of(view, _led(view, figure))


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """Rows when there are several sources; then all about the one under the cursor."""
    found = _figures(view)
    if not found:
        return [Content.assemble((words, ".dim")) for words in _empty(view)]
    chosen = next((f for f in found if f.source.name == view.cursor), found[0])
    lines: list[Content] = []
    if len(found) > 1:
        lines = _rows(view, found, chosen, width, max(2, height // 3))
        lines += [Content("")] * (height >= LARGE + len(lines))
    lines += _about(view, chosen, width, height - len(lines))
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines[:height]]


def _figures(view: PanelView) -> tuple[Figure, ...]:
    pairs = ((source, source.signal(FIGURE)) for source in view.sources)
    return tuple(Figure(source, signal) for source, signal in pairs if signal is not None)


def _empty(view: PanelView) -> tuple[str, ...]:
    if view.state.room is None:
        return ("Waiting for the engine.",)
    return (
        f"No source {'shown here ' if view.only else ''}has a figure called {FIGURE}.",
        "Give one that name in the file, among a source's figures.",
    )


def _rows(
    view: PanelView, found: tuple[Figure, ...], chosen: Figure, width: int, room: int
) -> list[Content]:
    """A line for each source; with more than fit, those around the cursor."""
    if len(found) > room:
        shown = rows.window(found, found.index(chosen), room - 1)
        others = [figure for figure in found if figure not in shown]
        bad = sum(rank(view, _worst(view, figure)) > 0 for figure in others)
        return [*(_row(view, f, chosen, width) for f in shown), rows.hidden(len(others), bad)]
    return [_row(view, figure, chosen, width) for figure in found]


def _row(view: PanelView, figure: Figure, chosen: Figure, width: int) -> Content:
    look, level = view.look, _worst(view, figure)
    sign, style = signed(view, level)
    here = figure is chosen
    quiet = ".dim" if is_quiet(view, figure.source) else ""
    names = min(24, max(8, width // 4))
    pointer = look.pointer if view.focused else look.dot
    name = look.plain(safe(figure.source.title, 40))
    short = [f for f in facts(figure.source) if f.short in SHORT or is_red(view, f)]
    return Content.assemble(
        (f"{pointer} " if here else "  ", ".accent"),
        (f"{sign} {fit(level_words(level), 9)}  ", style),
        (fit(name, names, "<", look.end), ".strong" if here else quiet),
        (fit(text_of(figure, look), 9, ">"), quiet),
        ("   ", ""),
        *flowing(view, short, max(width - names - 27, 0), 1)[:1],
    )


def _about(view: PanelView, figure: Figure, width: int, height: int) -> list[Content]:
    """The figure and those beside it, why, the graph, the breakdowns; the least needed goes
    first where there is no room: the second breakdown, the axes, the graph."""
    lines = _headline(view, figure, width, large=height >= LARGE)
    lines += _why(view, figure, width, 2 if height >= LARGE else 1)
    lines += [Content("")] * (height >= SPACIOUS)
    extra = more(view, figure, width) if view.expanded else []
    room = height - len(lines)
    if room - len(extra) >= LARGE:
        room -= len(extra) + 1
    else:
        extra = []
    drawn = _drawing(view, figure, parts_of(figure.source), width, room)
    return [*lines, *drawn, *([Content(""), *extra] if extra else [])]


def _headline(view: PanelView, figure: Figure, width: int, *, large: bool) -> list[Content]:
    look, source = view.look, figure.source
    level = level_of(view, figure)
    sign, style = signed(view, level)
    led = _led(view, figure)
    quiet = is_quiet(view, source) or led is not figure
    ink = ".dim" if quiet else ".strong" if rank(view, level) <= 0 else style
    words = f"{sign} {level_words(level) or 'no rule on it'}"
    if rows.is_dark(source) and level != UNSEEN:
        words += " CAN'T SEE"
    name = look.plain(safe(source.title, 40))
    head = Content.assemble((words, style), ("  error rate of ", ".dim"), (name, ""))
    if led is not figure:  # the red first: nobody is to take the good rate for all of it
        red, colour = signed(view, level_of(view, led))
        said = f"{red} {level_words(level_of(view, led))} {called(led, look)}"
        head = Content.assemble(
            (said, colour), (f" {look.dot} ", ".dim"), (words, style), (" error rate", ".dim")
        )
    figures = text_of(figure, look)
    if large:
        big = digits.large(figures, look)
        left = max(len(big[0]) + 3, 18)
        roomy = width - left >= BESIDE
        beside = [head, *(flowing(view, facts(source), width - left, 2) if roomy else [])]
        lines = [
            Content.assemble((fit(line, left), ink), beside[at] if at < len(beside) else "")
            for at, line in enumerate(big)
        ]
        return lines if roomy else [*lines, *flowing(view, facts(source), width, 2)]
    head = Content.assemble((fit(figures, 9), ink), head)
    return [head, *flowing(view, facts(source), width, 1)]


def _why(view: PanelView, figure: Figure, width: int, most: int) -> list[Content]:
    """Why it is not well, how old it is, what is not known: once, in a line or two."""
    source = figure.source
    cells = width * most - 12 * (most > 1)  # lines are broken between words
    text = why(view, [figure, *facts(source)], _led(view, figure), cells)
    return rows.wrapped(text, width, most, view.look) if text else []


def _drawing(
    view: PanelView, figure: Figure, parts: tuple[Breakdown, ...], width: int, height: int
) -> list[Content]:
    """The graph over the breakdowns, as much of each as there is room for."""
    tall, below = shares(parts, width, height)
    lines = _graph(view, figure, width, tall) if tall else []
    if lines and below and tall >= 8:
        lines.append(Content(""))
    return [*lines, *_parts(view, figure.source, parts, width, height - len(lines))]


def _graph(view: PanelView, figure: Figure, width: int, height: int) -> list[Content]:
    """The error rate's graph; while that is well and another is not, the other's, by name."""
    others = [other for other in reds(view, figure.source) if other.signal.trend]
    if not others or is_red(view, figure):
        return graph.lines(view, figure, width, height, axis=height >= graph.LOWEST + 2)
    shown, room = others[0], height - 1
    sign, style = signed(view, level_of(view, shown))
    head = Content.assemble((sign, style), (f" {called(shown, view.look)}", ".strong"))
    return [head, *graph.lines(view, per(shown), width, room, axis=room >= graph.LOWEST + 2)]


def shares(parts: tuple[Breakdown, ...], width: int, height: int) -> tuple[int, int]:
    """Lines of the graph and of the breakdowns."""
    if not parts:
        return (height if height >= graph.LOWEST else 0), 0
    needs = [breakdowns.needed(part) for part in parts]
    least = min(needs[0], 4)
    if height < least + graph.LOWEST:
        return 0, max(height, 0)
    wanted = 1 + (max(needs) if width >= graph.WIDE else sum(needs))
    below = min(wanted, max(least, height * 2 // 5))
    if width < graph.WIDE and below < needs[0] + 4:
        below = min(below, needs[0] + 1)  # the second one would not be shown
    return height - below, below


def _parts(
    view: PanelView, source: SourceView, parts: tuple[Breakdown, ...], width: int, height: int
) -> list[Content]:
    """Side by side where it is wide; else one after the other, the first one first."""
    if height < 2:
        return []
    if width >= graph.WIDE and len(parts) > 1:
        half = (width - 3) // 2
        two = [breakdowns.lines(view, source, part, half, height) for part in parts[:2]]
        two = [column + [Content("")] * (height - len(column)) for column in two]
        return [
            Content.assemble(left.truncate(half, pad=True), "   ", right)
            for left, right in zip(*two, strict=True)
        ]
    lines: list[Content] = []
    for at, part in enumerate(parts):
        room = height - len(lines)
        following = parts[at + 1 : at + 2]
        if following and room >= 8:
            room = min(
                breakdowns.needed(part), room - min(breakdowns.needed(following[0]), room // 2)
            )
        if room >= (2 if at == 0 else 3):
            lines += breakdowns.lines(view, source, part, width, room)
    return lines
