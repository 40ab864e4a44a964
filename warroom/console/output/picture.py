"""What is to be on the screen and what the terminal was sent: cells, and the way between.

Pure. Whatever Textual drew, a whole screen or parts of it, only cells that differ from those sent
go out, and whatever was not sent yet is sent as it is by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from warroom.console.output.pen import Pen

Cell = tuple[str, Style | None]
"""A cell's text, with what combines with it, and its style; the second half of a wide character
has no text."""

BLANK: Cell = (" ", None)
NEAR = 4
"""Equal cells between two changes that are sent along where the style stays: moving the cursor
takes as many bytes."""


class Picture:
    """A screen of this many cells."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._wanted: list[list[Cell]] = [[BLANK] * width for _ in range(height)]
        self._sent: list[list[Cell] | None] = [None] * height
        self._next = 0
        """The row to begin with: where the last portion ended, so that each has its turn."""

    def take(self, update: CompositorUpdate) -> None:
        """What Textual drew."""
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                cells = [cell for strip in strips for cell in cells_of(strip)]
                self._put(y, update.region.x, cells)
        elif isinstance(update, ChopsUpdate):
            for y, start, stop in update.spans:
                ends = update.chop_ends[y]
                for end, (x, strip) in zip(ends, update.chops[y].items(), strict=False):
                    if strip is not None and x < stop and end > start:
                        left = max(x, start)
                        self._put(y, left, cells_of(strip)[left - x : min(end, stop) - x])

    def _put(self, y: int, x: int, cells: Sequence[Cell]) -> None:
        if 0 <= y < self.size[1]:
            self._wanted[y][x : x + len(cells)] = cells[: max(self.size[0] - x, 0)]

    def forget(self) -> None:
        """Nobody knows what the terminal shows: everything is to be sent again."""
        self._sent = [None] * self.size[1]

    @property
    def owed(self) -> bool:
        """Whether the terminal was not sent all of it."""
        return any(row != sent for row, sent in zip(self._wanted, self._sent, strict=True))

    def send(
        self, colours: ColorSystem, room: int, first: Iterable[int] = (), *, only: bool = False
    ) -> str:
        """What makes the terminal show it, of about ``room`` bytes but a whole row at least;
        the rows ``first`` come first, and with ``only`` no others. Empty where nothing is owed."""
        pen = Pen(colours)
        ahead = [y for y in first if 0 <= y < self.size[1]]
        height = self.size[1]
        rest = [] if only else [(self._next + n) % height for n in range(height)]
        for y in (*ahead, *rest):
            if pen.size >= room:
                break
            sent = self._sent[y]
            if sent != self._wanted[y]:
                _draw(pen, y, sent, self._wanted[y])
                self._sent[y] = list(self._wanted[y])
            if y not in ahead:
                self._next = (y + 1) % height
        return pen.finish()


def _draw(pen: Pen, y: int, old: list[Cell] | None, new: list[Cell]) -> None:
    for start, end in _runs(old, new):
        pen.move(start, y)
        for style, alike in groupby(new[start:end], key=itemgetter(1)):
            texts = [text for text, _ in alike]
            pen.put("".join(texts), len(texts), style)


def _runs(old: list[Cell] | None, new: list[Cell]) -> Iterator[tuple[int, int]]:
    """The cells to send, as ranges (start, end); no wide character is cut."""
    width = len(new)
    if old is None or len(old) != width:
        yield 0, width
        return
    start = end = -1
    for x in range(width):
        if old[x] == new[x] or x < end:
            continue
        first, last = _whole(new, x)
        if start >= 0 and not _near(new, end, first):
            yield start, end
            start = first
        elif start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end


def _whole(cells: list[Cell], x: int) -> tuple[int, int]:
    """The range of the character at this cell."""
    first, last = x, x + 1
    while first > 0 and not cells[first][0]:
        first -= 1
    while last < len(cells) and not cells[last][0]:
        last += 1
    return first, last


def _near(cells: list[Cell], end: int, start: int) -> bool:
    """Whether what lies between two changes is sent along."""
    style = cells[end - 1][1]
    return start - end <= NEAR and all(cells[x][1] == style for x in range(end, start))


def cells_of(strip: Strip) -> list[Cell]:
    """A strip's cells."""
    cells: list[Cell] = []
    for text, style, _ in strip:
        if text.isascii():
            cells.extend([(char, style) for char in text])
            continue
        for char in text:
            size = get_character_cell_size(char)
            if size == 0:
                if cells:
                    cells[-1] = (cells[-1][0] + char, cells[-1][1])
                continue
            cells.append((char, style))
            cells.extend([("", style)] * (size - 1))
    return cells
