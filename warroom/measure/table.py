"""Rows as a source gives them, whatever they are of."""

import msgspec


class Table(msgspec.Struct, frozen=True):
    """A titled table; every row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
