"""No colour at all: for ``NO_COLOR``, and for terminals that have none.

Textual's own answer to NO_COLOR is shades of grey, which are colours to a terminal, and garbage
to one that knows none. Here a filled ground becomes reverse video; bold and underline stay.
"""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_FILLED = 0.3
"""Brightness (0 to 1) from which on a ground is drawn reversed."""


class Uncoloured(LineFilter):
    """Attributes in place of colours. The theme's grounds must be black, its badges white."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, None if style is None else attributes(style), control)
            for text, style, control in segments
        ]


@lru_cache(512)
def attributes(style: Style) -> Style:
    """The style without its colours."""
    ground = style.bgcolor
    filled = ground is not None and Color.from_rich_color(ground).brightness > _FILLED
    return Style(
        bold=style.bold,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
        reverse=filled != bool(style.reverse),
    )
