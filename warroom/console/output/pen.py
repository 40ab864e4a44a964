"""Moves and writes in as few bytes as it takes (ECMA-48: CUP, CUF, SGR)."""

from functools import lru_cache

from rich.color import ColorSystem
from rich.style import Style

Look = tuple[tuple[str, ...], str, str]
"""Attributes, foreground and background, as parameters of SGR."""

PLAIN: Look = ((), "39", "49")
RESET = "\x1b[0m"
_ATTRIBUTES = (
    ("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("blink", "5"),
    ("blink2", "6"), ("reverse", "7"), ("conceal", "8"), ("strike", "9"), ("underline2", "21"),
    ("frame", "51"), ("encircle", "52"), ("overline", "53"),
)  # fmt: skip


class Pen:
    """Collects what is to be written. It begins with no style, and ends so."""

    def __init__(self, colours: ColorSystem) -> None:
        self._colours = colours
        self._parts: list[str] = []
        self._look = PLAIN
        self._at: tuple[int, int] | None = None
        self.size = 0
        """About how many bytes it has come to."""

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self.size += len(text) if text.isascii() else len(text.encode())

    def move(self, x: int, y: int) -> None:
        """Go to this cell, counted from 0."""
        if self._at == (x, y):
            return
        if self._at and self._at[1] == y and x - self._at[0] > 0:
            forth = x - self._at[0]
            self._add("\x1b[C" if forth == 1 else f"\x1b[{forth}C")
        else:
            self._add(f"\x1b[{y + 1};{x + 1}H")
        self._at = (x, y)

    def put(self, text: str, cells: int, style: Style | None) -> None:
        """Write text that fills so many cells."""
        self._turn(look_of(style, self._colours) if style else PLAIN)
        self._add(text)
        if self._at:
            self._at = (self._at[0] + cells, self._at[1])

    def lose(self) -> None:
        """Nobody knows where the cursor is now."""
        self._at = None

    def _turn(self, look: Look) -> None:
        if look == self._look:
            return
        (had, *before), (has, *after) = self._look, look
        codes: list[str] = []
        if set(had) - set(has):
            # There is no way to end one attribute that every terminal knows, but ending all.
            codes.append("0")
            had, before = PLAIN[0], [*PLAIN[1:]]
        codes += [code for code in has if code not in had]
        codes += [new for old, new in zip(before, after, strict=True) if old != new]
        self._look = look
        self._add(f"\x1b[{';'.join(codes)}m")

    def finish(self) -> str:
        """All of it, with no style left behind."""
        if self._look != PLAIN:
            self._add(RESET)
            self._look = PLAIN
        return "".join(self._parts)


@lru_cache(maxsize=4096)
def look_of(style: Style, colours: ColorSystem) -> Look:
    """A style as this terminal can show it. Links are none of it: the console draws none."""
    fore, back = style.color, style.bgcolor
    return (
        tuple(code for name, code in _ATTRIBUTES if getattr(style, name)),
        ";".join(fore.downgrade(colours).get_ansi_codes()) if fore else PLAIN[1],
        ";".join(back.downgrade(colours).get_ansi_codes(foreground=False)) if back else PLAIN[2],
    )
