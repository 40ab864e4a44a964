"""A widget that draws lines and repaints only the cells that differ.

Textual repaints a whole widget for any change in it. Over a slow link that is the cost of
a screen: measured with two live panels, 4,850 B/s repainting whole, 737 B/s by region. So
everything that lives draws itself here as pure lines, and the canvas finds the difference.
"""

from collections.abc import Iterator

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from warroom.console.paint import paint

GAP = 10
"""Cells of equal text between two changes that are repainted along: moving the cursor and
setting the style again costs about as many bytes."""


class Canvas(Widget):
    """Lines of ``Content``; subclasses give them in ``draw``."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._lines: list[Content] = []
        self._strips: list[Strip] = []
        self._drawn: tuple[Size, Style] | None = None
        self._style_of: dict[str, Style] = {}

    def draw(self, width: int, height: int) -> list[Content]:
        """The lines to show in this many cells; pure but for the subclass's own state."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again, and repaint what came out different."""
        if not self.is_mounted or not self.size.area:
            # Hidden, or not laid out yet: what was painted before says nothing any more.
            self._drawn = None
            return
        before, drawn = self._strips, self._drawn
        self._paint()
        if drawn != self._drawn or len(before) != len(self._strips):
            self.refresh()
            return
        regions = [
            Region(start, y, end - start, 1)
            for y, (old, new) in enumerate(zip(before, self._strips, strict=True))
            for start, end in differences(old, new)
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        if self._drawn is None or self._drawn[0] != self.size:
            self._paint()
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.visual_style.rich_style)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._style_of.clear()
        self._lines = []
        self._drawn = None

    def _paint(self) -> None:
        width, height = self.size
        style = self.visual_style
        lines = self.draw(width, height)[:height]
        if self._drawn != (self.size, style):
            self._lines, self._strips = [], []
        strips = []
        for at, line in enumerate(lines):
            same = at < len(self._lines) and self._lines[at].is_same(line)
            strips.append(self._strips[at] if same else self._strip(line, width, style))
        self._lines, self._strips, self._drawn = lines, strips, (self.size, style)

    def _strip(self, line: Content, width: int, style: Style) -> Strip:
        rendered = line.render(style, "", parse_style=self._parse)
        segments = [Segment(text, part.rich_style) for text, part in rendered]
        return Strip(segments).adjust_cell_length(width, style.rich_style)

    def _parse(self, style: str | Style) -> Style:
        if isinstance(style, Style):
            return style
        known = self._style_of.get(style)
        if known is None:
            known = paint(style.removeprefix("."), self.app.theme_variables)
            self._style_of[style] = known
        return known


def differences(old: Strip, new: Strip, gap: int = GAP) -> Iterator[tuple[int, int]]:
    """The cell ranges (start, end) in which two strips differ, those joined that are no more than
    ``gap`` cells apart."""
    if old == new:
        return
    before, after = _cells(old), _cells(new)
    if len(before) != len(after):
        yield 0, max(len(before), len(after))
        return
    start = end = -1
    for x, (a, b) in enumerate(zip(before, after, strict=True)):
        if a == b:
            continue
        if start >= 0 and x - end > gap:
            yield start, end
            start = x
        if start < 0:
            start = x
        end = x + 1
    if start >= 0:
        yield start, end


def _cells(strip: Strip) -> list[tuple[str, object]]:
    cells: list[tuple[str, object]] = []
    for text, style, _ in strip:
        for char in text:
            size = get_character_cell_size(char)
            if size == 0 and cells:
                cells[-1] = (cells[-1][0] + char, cells[-1][1])
                continue
            cells.append((char, style))
            # The second half of a wide character carries it too: half of one is never sent. It is
            # not the same as a first half: a row of them that moved by a cell differs in each.
            cells.extend([(f"\0{char}", style)] * (size - 1))
    return cells
