"""The pages of the expanded generic panel: the figures, every table, the texts. Pure."""

from collections import Counter
from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from panels import figure_details, figure_sheet
from panels.databases import quiet
from panels.figures import figures, level_of
from panels.generic_seen import tables, texts
from panels.queue_details import Fact, told
from panels.session_details import LABEL
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.table import Table
from warroom.text import safe
from warroom.wire import SourceView

FIGURES, TEXT = "figures", "text"
WIDEST, LAST = 40, 12
"""Cells of a column at the most; and at the least of the last one, which takes what is left."""
LEAST = 10
"""Lines for a figure and its past, at the least."""


def names(view: PanelView) -> tuple[str, ...]:
    """The pages there are."""
    named = (name for name, _, _ in _pages(view))
    return (FIGURES, *named, *((TEXT,) if any(texts(view)) else ()))


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    for called, source, table in _pages(view):
        if called == name:
            page = of_table(view, source, table)
            return Sheet(name=name, columns=page.columns, rows=page.rows, empty=page.empty)
    if name == TEXT:
        columns = (Column(title="text", width=40, grows=True), Column(title="source", width=12))
        return Sheet(name=name, columns=columns, rows=tuple(_text(view)), empty="No text.")
    found = figures(view.sources)
    rows = tuple(figure_sheet.row(view, figure, level_of(view, figure)) for figure in found)
    words = "No figure has been seen."
    return Sheet(name=FIGURES, columns=figure_sheet.columns("source"), rows=rows, empty=words)


def of_table(view: PanelView, source: SourceView, table: Table) -> Sheet:
    """A stranger's table: every column as wide as it must be, the first one left out last."""
    plain = quiet(view, source)
    # A row that is too short or too long is the stranger's mistake, and no reason to fail.
    filled = [(*row, *[""] * len(table.columns))[: len(table.columns)] for row in table.rows]
    columns = []
    for at, title in enumerate(table.columns):
        cells = [safe(row[at], 1_000) for row in filled]
        width = min(max(cell_len(safe(title, 60)), *map(cell_len, cells), 1), WIDEST)
        numbers = any(cells) and all(_number(cell) is not None for cell in cells if cell)
        grows = at == len(table.columns) - 1 and not numbers
        columns.append(
            Column(
                title=title,
                width=min(width, LAST) if grows else width,
                align=">" if numbers else "<",
                rank=at,
                grows=grows,
            )
        )
    rows = [
        Row(key=key, cells=tuple(Cell(safe(c, 1_000), _number(c), plain) for c in row))
        for key, row in zip(_keys(source, table), filled, strict=True)
    ]
    return Sheet(name=table.title, columns=tuple(columns), rows=tuple(rows), empty="No rows.")


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All of the row with this key: the figure and its past, every cell, the whole line."""
    for figure in figures(view.sources):
        if figure.name == key:
            return figure_details.lines(view, figure, width, max(view.height // 2, LEAST))
    for source, table in tables(view):
        for own, row in zip(_keys(source, table), table.rows, strict=True):
            if own == key:
                return told(view, list(map(_fact, table.columns, row)), width)
    for line in _text(view):
        if line.key == key:
            return told(view, (("text", line.cells[0].text),), width)
    return []


def _fact(name: str, cell: str) -> Fact:
    """A cell by its column's name; a long name stands before it, where there is room."""
    name, cell = safe(name), safe(cell)
    return (name, cell) if cell_len(name) < LABEL else ("", f"{name}: {cell}")


def _pages(view: PanelView) -> Iterator[tuple[str, SourceView, Table]]:
    """Every table with the name of its page: its title, told from others of that title."""
    met: Counter[str] = Counter()
    for source, table in tables(view):
        several = len(view.sources) > 1
        title = safe(table.title, 30) or "table"
        name = f"{safe(source.title, 20)}: {title}" if several else title
        met[name] += 1
        taken = met[name] > 1 or name in (FIGURES, TEXT)
        yield (f"{name} {met[name]}" if taken else name), source, table


def _keys(source: SourceView, table: Table) -> Iterator[str]:
    """What each row is called, by its first cell, so that it keeps its name when others come."""
    met: Counter[str] = Counter()
    for row in table.rows:
        first = row[0] if row else ""
        met[first] += 1
        yield f"{source.name}.table:{table.title}:{met[first]}:{first}"


def _text(view: PanelView) -> Iterator[Row]:
    for source, text in texts(view):
        plain = quiet(view, source)
        for at, line in enumerate(text.split("\n")):
            cells = (
                Cell(safe(line), style=plain),
                Cell(safe(source.title, 40), style=plain or ".dim"),
            )
            yield Row(key=f"{source.name}.text:{at}", cells=cells)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
