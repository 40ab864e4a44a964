"""What is to be on the screen and what the terminal was sent: cells, and the way between.

Pure. Whatever Textual drew, a whole screen or parts of it, only cells that differ from those sent
go out, and whatever was not sent yet is sent as it is by then.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len, get_character_cell_size
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
                        cells = cells_of(strip)[: end - x]
                        first, last = _widened(cells, max(start - x, 0), stop - x)
                        self._put(y, x + first, cells[first:last])

    def _put(self, y: int, x: int, cells: Sequence[Cell]) -> None:
        if not cells or not 0 <= y < self.size[1]:
            return
        row, end = self._wanted[y], min(x + len(cells), self.size[0])
        # Of a wide character that was half painted over, no terminal shows the other half.
        for edge, half in ((x, x - 1), (end, end)):
            if 0 < edge < self.size[0] and not row[edge][0]:
                row[half] = (" ", row[half][1])
        row[x:end] = cells[: max(end - x, 0)]
        for at in (x, end - 1):
            if x <= at < end and _is_half(row, at):
                row[at] = (" ", row[at][1])

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


def _is_half(row: list[Cell], x: int) -> bool:
    """Whether the other half of the wide character at this cell is not there."""
    text = row[x][0]
    if not text:
        return x == 0 or cell_len(row[x - 1][0]) < 2
    return cell_len(text) > 1 and (x + 1 == len(row) or bool(row[x + 1][0]))


def _widened(cells: Sequence[Cell], first: int, last: int) -> tuple[int, int]:
    """The range, with the whole of a wide character at either end."""
    while 0 < first < len(cells) and not cells[first][0]:
        first -= 1
    while last < len(cells) and not cells[last][0]:
        last += 1
    return first, last


def _draw(pen: Pen, y: int, old: list[Cell] | None, new: list[Cell]) -> None:
    for start, end in _runs(old, new):
        for style, alike in groupby(new[start:end], key=itemgetter(1)):
            texts = [text for text, _ in alike]
            if any(map(_is_disputed, texts)):
                _draw_each(pen, start, y, texts, style)
            else:
                pen.move(start, y)
                pen.put("".join(texts), len(texts), style)
            start += len(texts)


def _draw_each(pen: Pen, x: int, y: int, texts: list[str], style: Style | None) -> None:
    """With the cursor placed anew behind what the terminal may take for wider."""
    for at, text in enumerate(texts, x):
        if text:
            pen.move(at, y)
        pen.put(text, 1, style)
        if _is_disputed(text):
            pen.lose()


@lru_cache(maxsize=1024)
def _is_disputed(text: str) -> bool:
    """Whether there is a vowel sign of an Indian script in it (Mc): it has a cell of its own in
    glibc 2.36, and none in Rich 15."""
    return not text.isascii() and any(unicodedata.category(char) == "Mc" for char in text)


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
    """The range of the character at this cell, and of those that it may reach into."""
    first, last = _widened(cells, x, x + 1)
    while last < len(cells) and _is_disputed(cells[last - 1][0]):
        last = _widened(cells, last, last + 1)[1]
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
                at = -1 if cells and cells[-1][0] else -2  # behind a wide one, its first half
                if len(cells) >= -at:
                    cells[at] = (cells[at][0] + char, cells[at][1])
                continue
            cells.append((char, style))
            cells.extend([("", style)] * (size - 1))
    return cells
