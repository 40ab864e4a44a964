"""Figures in large: three rows, to be read from across a room.

The glyphs are those of Textual's Digits widget (``textual/renderables/digits.py``, bold);
without Unicode they are made of ``_`` and ``|``.
"""

from warroom.console.look import Look

_SHOWN = "0123456789-<>"
# The rows of all glyphs, three cells each.
_BOLD = (
    "┏━┓╺┓ ╺━╸╺━┓╻ ╻┏━╸┏━╸╺━┓┏━┓┏━┓     ╱ ╲ ",
    "┃ ┃ ┃ ┏━┛ ━┫┗━┫┗━┓┣━┓  ┃┣━┫┗━┫╺━╸ ╱   ╲",
    "┗━┛╺┻╸┗━╸╺━┛  ╹╺━┛┗━┛  ╹┗━┛╺━┛     ╲ ╱ ",
)
_ASCII = (
    " _     _  _     _  _  _  _  _      / \\ ",
    "| |  | _| _||_||_ |_   ||_||_| _  /   \\",
    "|_|  ||_  _|  | _||_|  ||_| _|    \\   /",
)


def large(text: str, look: Look) -> tuple[str, str, str]:
    """``0.42 %`` as three lines of equal width: the figure large, its unit small."""
    number, space, unit = text.partition(" ")
    top, middle, bottom = ("".join(_glyph(char, row, look) for char in number) for row in range(3))
    width = len(bottom + space + unit)
    return top.ljust(width), middle.ljust(width), f"{bottom}{space}{unit}"


def _glyph(char: str, row: int, look: Look) -> str:
    """One row of one glyph; what has none stands small on the last."""
    at = _SHOWN.find(char)
    if at < 0:
        small = "▪" if char == "." and look.unicode else char
        return small if row == 2 else " "
    return (_BOLD if look.unicode else _ASCII)[row][3 * at : 3 * at + 3]
