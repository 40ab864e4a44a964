"""Rows that are figures, of several sources: what the panels of figures share. Pure.

They stand in the configuration's order, since people find a row by its place; where there
are more than fit, the worst come first and the others are counted.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len
from textual.content import Content

from panels import figure_details, rows
from panels.cells import told_apart, valued
from panels.figures import (
    Figure,
    is_quiet,
    level_of,
    level_words,
    rank,
    signed,
    text_of,
    unknown,
)
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.severity import OK
from warroom.text import safe
from warroom.wire import SourceView

GAP = "  "
SHORTEST = 10, 6
"""Cells of a figure's name and of a source's title that are kept as long as it goes."""
OF = 10
"""Cells for which one a figure is of: were they as many as it takes, every row would move
when another one became the worst. Measured so on a page of 74 rows: 777 B/s and more."""


@dataclass(frozen=True)
class Columns:
    """Cells of a row's parts; 0 leaves a part out. ``rest`` is for what a panel adds. A value
    is never cut: what there is no room for is taken from the name, then from the source.

    ``titles`` are the sources' and ``names`` the figures', cut so that they stay apart.
    """

    level: int
    source: int
    name: int
    value: int
    rest: int
    titles: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, view: PanelView, found: tuple[Figure, ...], width: int) -> "Columns":
        wide = width >= 70
        levels = max(len(level_words(level_of(view, figure))) for figure in found)
        level = max(9, levels) if wide else max(4, levels)
        sources = {figure.source.name: figure.source for figure in found}
        titles = {name: view.look.plain(safe(s.title, 40)) for name, s in sources.items()}
        source = min(max(map(cell_len, titles.values())), max(8, width // 5))
        if len(titles) == 1 and not wide:
            source = 0
        names = {f.name: (f.source.name, view.look.plain(_named(f))) for f in found}
        longest = max(cell_len(f.short) + (OF if f.signal.of else 0) for f in found)
        name = min(longest, max(12, width * (30 if wide else 38) // 100))
        units = max(len(figure.unit) for figure in found)
        value = max(11 if wide else 10, min(units, 12 if wide else 8) + 6)
        room = max(width - 4 - level - len(GAP) - value, 0)
        end = view.look.end
        _, source = _squeezed(name, source, room)
        called = told_apart({key: ("", words) for key, words in titles.items()}, source, end)
        source = max(cell_len(words.rstrip()) for words in called.values())
        name, source = _squeezed(name, source, room)
        if not source and len(titles) > 1:
            names = _with_source(names, titles, room)
            name = min(max(cell_len(words) for _, words in names.values()), room)
        return cls(
            level,
            source,
            name,
            value,
            max(room - name - (source + len(GAP) if source else 0), 0),
            {key: fit(words.rstrip(), source, "<", end) for key, words in called.items()},
            told_apart(names, name, end),
        )


def _with_source(
    names: Mapping[str, tuple[str, str]], titles: Mapping[str, str], room: int
) -> dict[str, tuple[str, str]]:
    """Where there is no room for a column of sources, of two with one name each tells its own, if
    that fits: a name with its middle cut out tells less."""
    count = Counter(words for _, words in names.values())
    told = {}
    for name, (source, words) in names.items():
        longer = f"{words} {titles[source]}"
        told[name] = (source, longer if count[words] > 1 and cell_len(longer) <= room else words)
    return told


def _squeezed(name: int, source: int, room: int) -> tuple[int, int]:
    """The cells of name and source that fit in the room: the name's go first."""
    if not source:
        return min(name, room), 0
    least, shortest = SHORTEST[0], min(source, SHORTEST[1])
    name = min(name, max(room - source - len(GAP), min(name, least)))
    source = min(source, room - name - len(GAP))
    return (name, source) if source >= shortest else (min(name, room), 0)


Tail = Callable[[PanelView, Figure, int], list[tuple[str, str]]]
"""What a panel adds to a row, in at most that many cells."""
DETAILS = 14
"""Lines that must be free under the rows before the details of one are shown there."""


def arranged(
    view: PanelView, found: tuple[Figure, ...], height: int
) -> tuple[tuple[Figure, ...], bool]:
    """The figures in the order they are drawn, and whether they all fit."""
    if view.expanded:
        fits = len(found) <= _share(view, found, height)
    else:
        fits = len(found) + len(_notes(view, found)) <= height
    if fits:
        return found, True
    return tuple(sorted(found, key=lambda f: -rank(view, level_of(view, f)))), False


def _share(view: PanelView, found: tuple[Figure, ...], height: int) -> int:
    """Lines of rows over the details of one: two fifths, more where more are bad."""
    bad = sum(rank(view, level_of(view, figure)) > 0 for figure in found)
    return max(3, height * 2 // 5, min(bad + 2, height * 7 // 10))


def title(view: PanelView, found: tuple[Figure, ...]) -> Content:
    """``12 figures``, and the worst level among them where there is one."""
    if not found:
        return Content("")
    count = f"{len(found)} figure{'s' if len(found) > 1 else ''}"
    worst = max((level_of(view, figure) for figure in found), key=lambda at: rank(view, at))
    if rank(view, worst) <= 0:
        return Content.assemble((count, ".dim"))
    style = signed(view, worst)[1]
    return Content.assemble((f"{count} {view.look.dot} ", ".dim"), (level_words(worst), style))


def body(
    view: PanelView,
    found: tuple[Figure, ...],
    heading: Callable[[int], str],
    tail: Tail,
    width: int,
    height: int,
) -> list[Content]:
    """The rows, and under each source's last one why it is not well."""
    order, fits = arranged(view, found, height)
    columns = Columns.of(view, found, width)
    if view.expanded:
        lines = _expanded(view, order, columns, tail, width, height)
    elif fits:
        lines = _grouped(view, order, columns, tail, width)
        if len(lines) < height:
            lines.insert(0, _heading(columns, heading))
        room = height - len(lines) - 1
        if room >= DETAILS:
            at = next((f for f in found if f.name == view.cursor), found[0])
            lines += [Content(""), *figure_details.lines(view, at, width, room)]
    else:
        lines = _crowded(view, order, columns, tail, width, height)
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines[:height]]


def _notes(view: PanelView, found: tuple[Figure, ...]) -> dict[str, str]:
    """What is to be said of each source, by its name; of one that is well, nothing."""
    notes = {}
    for source, group in _by_source(found):
        words = (_trouble(view, source, group), unknown(view, source, group))
        text = f" {view.look.dot} ".join(part for part in words if part)
        if text:
            notes[source.name] = text
    return notes


def _trouble(view: PanelView, source: SourceView, shown: list[Figure]) -> str:
    """Why the source is not well, as far as it concerns the figures that are shown."""
    bad = [f.signal.cause for f in shown if rank(view, level_of(view, f)) > 0]
    if rows.is_dark(source) or source.cause in bad:
        return rows.reason(view, source)
    return "; ".join(safe(cause, 200) for cause in dict.fromkeys(bad) if cause)


def _by_source(found: tuple[Figure, ...]) -> list[tuple[SourceView, list[Figure]]]:
    groups = groupby(found, key=lambda figure: figure.source.name)
    return [(group[0].source, group) for group in (list(part) for _, part in groups)]


def _grouped(
    view: PanelView, found: tuple[Figure, ...], columns: Columns, tail: Tail, width: int
) -> list[Content]:
    notes = _notes(view, found)
    lines = []
    for source, group in _by_source(found):
        lines += [_row(view, figure, columns, tail) for figure in group]
        if source.name in notes:
            quiet = source.level == OK
            lines.append(rows.note(notes[source.name], width, view.look, quiet=quiet))
    return lines


def _crowded(
    view: PanelView,
    order: tuple[Figure, ...],
    columns: Columns,
    tail: Tail,
    width: int,
    height: int,
) -> list[Content]:
    """A window of rows with the cursor in it, the others counted, and as many sources'
    reasons as there is room for beside the rows."""
    sources = list(dict.fromkeys(figure.source.name for figure in order))
    said = _notes(view, tuple(sorted(order, key=lambda f: sources.index(f.source.name))))
    titles = {figure.source.name: safe(figure.source.title, 40) for figure in order}
    notes = [f"{titles[name]}: {text}" for name, text in said.items()][: max(height // 4, 0)]
    room = max(height - 1 - len(notes), 1)
    at = next((i for i, figure in enumerate(order) if figure.name == view.cursor), 0)
    shown = rows.window(order, at, room)
    lines = [_row(view, figure, columns, tail) for figure in shown]
    lines += _uncounted(view, order, shown)
    return [*lines, *(rows.note(text, width, view.look) for text in notes)]


def _expanded(
    view: PanelView,
    order: tuple[Figure, ...],
    columns: Columns,
    tail: Tail,
    width: int,
    height: int,
) -> list[Content]:
    """The rows, the cursor among them, then all about the figure under it."""
    at = next((i for i, figure in enumerate(order) if figure.name == view.cursor), 0)
    most = _share(view, order, height)
    shown = order if len(order) <= most else rows.window(order, at, most - 1)
    lines = [_row(view, figure, columns, tail) for figure in shown]
    lines += _uncounted(view, order, shown)
    room = height - len(lines) - 1
    return [*lines, Content(""), *figure_details.lines(view, order[at], width, room)]


def _uncounted(view: PanelView, order: Sequence[Figure], shown: Sequence[Figure]) -> list[Content]:
    """A line that counts those that are not shown, if there are any."""
    drawn = {figure.name for figure in shown}
    left = [figure for figure in order if figure.name not in drawn]
    bad = sum(rank(view, level_of(view, figure)) > 0 for figure in left)
    return [rows.hidden(len(left), bad, "none at a level")] if left else []


def _heading(columns: Columns, heading: Callable[[int], str]) -> Content:
    parts = [" " * 4, fit("level" if columns.level > 4 else "", columns.level), GAP]
    parts += (
        [fit("source" if columns.source >= 6 else "", columns.source), GAP]
        if columns.source
        else []
    )
    parts += [fit("figure", columns.name), fit("now", columns.value, ">")]
    if columns.rest > len(GAP):
        parts += [GAP, heading(columns.rest - len(GAP))]
    return Content.assemble(("".join(parts), ".dim"))


def _named(figure: Figure) -> str:
    of = safe(figure.signal.of, 40)
    return f"{figure.short} {of}" if of else figure.short


def _row(view: PanelView, figure: Figure, columns: Columns, tail: Tail) -> Content:
    look, source, level = view.look, figure.source, level_of(view, figure)
    sign, style = signed(view, level)
    here = view.focused and figure.name == view.cursor
    quiet = ".dim" if is_quiet(view, source) else ""
    red = rank(view, level) > 0 and not quiet
    name = columns.names[figure.name]
    short = min(len(figure.short), len(name))
    parts: list[tuple[str, str]] = [
        (f"{look.pointer} " if here else "  ", ".accent"),
        (f"{sign} ", style),
        (fit(level_words(level), columns.level), ".dim" if level == OK else style),
        (GAP, ""),
    ]
    if columns.source:
        parts += [(columns.titles[source.name], ".dim"), (GAP, "")]
    parts += [
        (name[:short], ".strong" if here else quiet),
        (name[short:], ".dim"),
        (valued(text_of(figure, look), columns.value, look), style if red else quiet),
    ]
    if columns.rest > len(GAP):
        parts += [(GAP, ""), *tail(view, figure, columns.rest - len(GAP))]
    return Content.assemble(*parts)
