"""What a table panel hands over to be drawn, sorted, filtered and copied: plain values.

A panel makes a ``Sheet`` with a pure function of what it sees; the table manners
(``console/table/``) know nothing of what the rows are about.
"""

import msgspec


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column. ``width`` are the cells it takes, at the least when it ``grows`` (the room
    that is left is given to the columns that grow, in equal parts). When the table is too
    wide, columns with the highest ``rank`` are left out first; those of rank 0 never are.
    """

    title: str
    width: int
    align: str = "<"
    rank: int = 0
    grows: bool = False


class Cell(msgspec.Struct, frozen=True):
    """One cell: safe text, and what it is sorted by (its text, if nothing else is said; one
    whose ``sort`` is None while its column's others are numbers stands last). ``style`` is a
    canvas style such as ``.level-0`` or ``.dim``."""

    text: str
    sort: float | str | None = None
    style: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row, by the key it keeps as long as it is about the same thing; the source's name
    and a dot stand in front (``db.session:4711:…``). ``more`` is text that the filter looks
    into although no cell shows it whole."""

    key: str
    cells: tuple[Cell, ...]
    more: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a table panel. ``empty`` says what it means that there are no rows;
    ``note`` is a line over the table that must be read before it. Rows come in the order
    that is shown when a person has not chosen another."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    empty: str = ""
    note: str = ""
