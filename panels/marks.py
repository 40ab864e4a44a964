"""Deployments as marks in what is drawn of a figure's past. Pure."""

from collections.abc import Iterable

from warroom.console.look import Look
from warroom.wire import SourceView


def sign(look: Look) -> str:
    """One cell that stands where other code begins to run."""
    return "┊" if look.unicode else ":"


def from_right(source: SourceView, per: int) -> frozenset[int]:
    """How many columns of ``per`` polls each lie between a deployment and the newest column."""
    last = (source.polls - 1) // per
    return frozenset(last - (mark.poll - 1) // per for mark in source.marks)


def on_line(drawn: str, source: SourceView, per: int, look: Look) -> str:
    """A line of bars, one cell a column and the newest on the right, with its marks."""
    cells = list(drawn)
    for back in _within(from_right(source, per), len(cells)):
        cells[-1 - back] = sign(look)
    return "".join(cells)


def on_rows(rows: list[str], source: SourceView, look: Look) -> list[str]:
    """Columns of several rows, one a poll: a mark stands above its bar, in the top row always."""
    marked = from_right(source, 1)

    def cell(char: str, row: int, back: int) -> str:
        return sign(look) if back in marked and (char == " " or row == 0) else char

    return [
        "".join(cell(char, row, len(line) - 1 - at) for at, char in enumerate(line))
        for row, line in enumerate(rows)
    ]


def _within(found: Iterable[int], width: int) -> Iterable[int]:
    return (back for back in found if 0 <= back < width)
