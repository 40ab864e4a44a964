"""One source of a stranger's kind in lines: its level, why, its figures, its tables. Pure."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from panels import blocks, generic_sheets, rows
from panels.blocks import INDENT
from panels.databases import headed, quiet
from panels.figures import Figure, figures, level_of, rank, signed, text_of
from panels.generic_seen import generic
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Sheet
from warroom.console.table.arrange import GAP, widths
from warroom.measure.table import Table
from warroom.text import safe
from warroom.wire import SourceView

HEAD, WHY, FIGURES, MORE, NOTE = range(5)
"""What a line is; those with the highest number are left out first."""
NAME, VALUE = 18, 10
"""Cells of a figure's name and of its value, at the most."""


def lines(view: PanelView, source: SourceView, width: int) -> Iterator[tuple[int, Content]]:
    """All lines of the source but its tables and text, each with what it is."""
    yield HEAD, head(view, source)
    for at, line in enumerate(blocks.reason(view, source, width)):
        yield WHY if at == 0 else MORE, line
    for line in _figures(view, source, width):
        yield FIGURES, line
    seen = source.snapshot.seen if source.snapshot is not None else None
    if seen is not None and not rows.is_dark(source):
        for note in seen.notes:
            yield NOTE, rows.note(safe(note, 300), width, view.look)


def head(view: PanelView, source: SourceView) -> Content:
    """Its level and title, and its kind."""
    kind = view.look.plain(safe(source.kind, 30))
    return Content.assemble(*headed(view, source), (kind, ".dim"))


def _figures(view: PanelView, source: SourceView, width: int) -> Iterator[Content]:
    """As many figures to a line as there is room for, one under the other, those that are bad
    first: where lines are left out, they are not among them."""
    found = sorted(figures((source,)), key=lambda f: -max(rank(view, level_of(view, f)), 0))
    if not found:
        return
    named = max(cell_len(figure.short) for figure in found)
    name = min(named, NAME)
    each = 2 + name + 1 + VALUE
    several = max((width - len(INDENT) + GAP) // (each + GAP), 1)
    for at in range(0, len(found), several):
        parts: list[tuple[str, str]] = [(INDENT, "")]
        for figure in found[at : at + several]:
            parts += [*_figure(view, figure, name), (" " * GAP, "")]
        yield Content.assemble(*parts[:-1]).truncate(width, ellipsis=view.look.unicode)


def _figure(view: PanelView, figure: Figure, name: int) -> list[tuple[str, str]]:
    look, level = view.look, level_of(view, figure)
    sign, style = signed(view, level)
    plain = quiet(view, figure.source)
    red = style if rank(view, level) > 0 and not plain else plain
    return [
        (f"{sign} ", style),
        (f"{fit(look.plain(figure.short), name, '<', look.end)} ", ".dim"),
        (fit(text_of(figure, look), VALUE, ">", look.end), red),
    ]


def contents(view: PanelView, source: SourceView, width: int, room: int) -> list[Content]:
    """Its tables and its text, in so many lines; the last one counts those left out."""
    seen = generic(source)
    if seen is None:
        return []
    found: list[Content] = []
    lines = 0
    for table in seen.tables:
        lines += 2 + len(table.rows)  # its title and its head, or that it has no rows
        if len(found) < room:  # to lay out what nobody sees would hold up the console
            found += _table(view, source, table, width)
    if seen.text.strip():
        text = [*([Content("")] if lines else []), *_text(view, source, seen.text, width)]
        lines += len(text)
        found += text
    if lines > room:
        words = f"  and {lines - room + 1} more lines"
        found = [*found[: max(room - 1, 0)], Content.assemble((words, ".dim"))]
    return found[: max(room, 0)]


def _text(view: PanelView, source: SourceView, text: str, width: int) -> Iterator[Content]:
    plain = quiet(view, source)
    for line in text.split("\n"):
        yield from Content.assemble((view.look.plain(safe(line)), plain)).fold(max(width, 1))


def _table(view: PanelView, source: SourceView, table: Table, width: int) -> Iterator[Content]:
    look, sheet = view.look, generic_sheets.of_table(view, source, table)
    whose = f"{safe(source.title, 40)}: " if len(view.sources) > 1 else ""
    title = fit(look.plain(f"{whose}{safe(table.title, 60)}"), width, "<", look.end).rstrip()
    yield Content.assemble((title, ".strong"))
    if not sheet.rows:
        yield Content.assemble((f"{INDENT}{sheet.empty}", ".dim"))
        return
    yield _row(view, sheet, tuple(Cell(c.title, style=".dim") for c in sheet.columns), width)
    yield from (_row(view, sheet, row.cells, width) for row in sheet.rows)


def _row(view: PanelView, sheet: Sheet, cells: Sequence[Cell], width: int) -> Content:
    parts: list[tuple[str, str]] = [(INDENT, "")]
    for at, cell_width in widths(sheet.columns, width - len(INDENT)).items():
        text = view.look.plain(safe(cells[at].text))
        cut = fit(text, cell_width, sheet.columns[at].align, view.look.end)
        parts += [(cut, cells[at].style), (" " * GAP, "")]
    return Content.assemble(*parts[:-1]).truncate(width, ellipsis=view.look.unicode)
