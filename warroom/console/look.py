"""How a level looks: its sign, its word and its style, never colour alone."""

import msgspec
from rich.cells import cell_len, set_cell_size
from textual.content import Content

from warroom.console.bound import worded
from warroom.measure.history import ASCII_BARS, BARS
from warroom.severity import MAINTENANCE, OK, UNSEEN, Level, Scale
from warroom.text import safe
from warroom.wire import SourceView

_SIGNS = {OK: "✔", MAINTENANCE: "■", UNSEEN: "?"}
_ASCII_SIGNS = {OK: "+", MAINTENANCE: "M", UNSEEN: "?"}
_STEP_SIGNS = "✖▲◆●"
_ASCII_STEP_SIGNS = "X!*o"


class Look(msgspec.Struct, frozen=True):
    """What the terminal can do. ``unicode`` is false where only ASCII is safe; ``no_clipboard``
    says in words why it takes no text for a clipboard (OSC 52), ``clipboard_hint`` on what that
    depends; both are empty where nothing speaks against it. ``keys`` are those that a person has
    given, by their ids: words that name a key name the one there is."""

    unicode: bool = True
    no_clipboard: str = ""
    clipboard_hint: str = ""
    keys: dict[str, str] = {}

    def worded(self, text: str) -> str:
        """Words in which ``{run.end}`` stands for the key of that id."""
        return worded(text, self.keys)

    def sign(self, level: Level, scale: Scale) -> str:
        """One cell that tells the level without colour."""
        fixed = (_SIGNS if self.unicode else _ASCII_SIGNS).get(level)
        if fixed:
            return fixed
        steps = _STEP_SIGNS if self.unicode else _ASCII_STEP_SIGNS
        return steps[min(scale.index(level) or 0, len(steps) - 1)]

    @property
    def bars(self) -> str:
        return BARS if self.unicode else ASCII_BARS

    @property
    def box(self) -> tuple[str, ...]:
        """Corner, line, corner, side, corner, corner."""
        return tuple("╭─╮│╰╯" if self.unicode else "+-+|++")

    @property
    def axis(self) -> str:
        """A vertical axis: its line, where a label stands, and its foot."""
        return "│┤└" if self.unicode else "|++"

    @property
    def gauge(self) -> str:
        """A level bar: full, half full, empty, and the mark of a limit."""
        return "█▌░│" if self.unicode else "#-.|"

    @property
    def dot(self) -> str:
        return "·" if self.unicode else "-"

    @property
    def hook(self) -> str:
        return "└" if self.unicode else "`"

    @property
    def pointer(self) -> str:
        return "▸" if self.unicode else ">"

    @property
    def dash(self) -> str:
        return "–" if self.unicode else "-"

    @property
    def end(self) -> str:
        """What a cut text ends in."""
        return "…" if self.unicode else "~"

    def plain(self, text: str) -> str:
        """Text the terminal can show: outside ASCII only where it can."""
        if self.unicode or text.isascii():
            return text
        swapped = text.translate({0x2013: "-", 0x2026: "~", 0xB7: "-", 0x2260: "!="})
        return swapped.encode("ascii", "replace").decode()


def style_of(level: Level, scale: Scale) -> str:
    """The canvas style a level is drawn in."""
    fixed = {OK: ".ok", MAINTENANCE: ".maintenance", UNSEEN: ".unseen"}.get(level)
    return fixed or f".level-{min(scale.index(level) or 0, 3)}"


def is_unasked(view: SourceView) -> bool:
    """Whether it is asked on request only, and nobody has, or not for long: no trouble."""
    return view.on_request and view.level == OK and view.state == "CAN'T SEE"


def label(view: SourceView) -> str:
    """State and level in a word or two: ``UP``, ``SEV1 DOWN``, ``SEV3``, ``CAN'T SEE``."""
    stepped = view.level not in (OK, UNSEEN, MAINTENANCE)
    if view.state == "MAINTENANCE":
        return "MAINT"
    if is_unasked(view):
        return "NOT ASKED"
    if view.state == "UP":
        return view.level if stepped else "UP"
    return f"{view.level} {view.state}" if stepped else view.state


def shown_level(view: SourceView) -> Level:
    """The level a row is coloured by: a red that goes dark stays red, and what was never
    judged is not OK."""
    return UNSEEN if view.level == OK and view.state == "CAN'T SEE" else view.level


def sign_of(view: SourceView, look: Look, scale: Scale) -> str:
    """The row's sign. Down without a level is not well, and does not look it."""
    if view.state == "DOWN" and view.level == OK:
        return "▽" if look.unicode else "v"
    if is_unasked(view):
        return look.dot
    return look.sign(shown_level(view), scale)


def is_well(view: SourceView) -> bool:
    """Up, and at no level."""
    return view.level == OK and view.state == "UP"


def fit(text: str, width: int, align: str = "<", end: str = "…") -> str:
    """Exactly ``width`` cells of the text, wide characters counted as two; cut, it ends in
    ``end`` (one cell)."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + end if width > 1 else set_cell_size(text, width)
    padding = " " * (width - length)
    return padding + text if align == ">" else text + padding


def fit_to(text: str, most: int, look: Look) -> str:
    """The text, cut where it has more cells than that."""
    return fit(text, min(cell_len(text), most), "<", look.end)


def _obeyed_by_nobody(text: Content) -> Content:
    """A stranger's panel may have forgotten ``safe``: then its words come without styles."""
    return text if text.plain.isprintable() else Content(safe(text.plain))


def framed(
    title: Content, body: list[Content], width: int, height: int, look: Look, *, focused: bool
) -> list[Content]:
    """A box of exactly ``width`` by ``height`` cells around the body, the title in its top."""
    corner, line, corner2, side, corner3, corner4 = look.box
    style = ".frame-focus" if focused else ".frame"
    title = _obeyed_by_nobody(title).truncate(max(width - 5, 0), ellipsis=look.unicode)
    rest = line * max(width - 5 - title.cell_length, 0)
    top = Content.assemble((f"{corner}{line} ", style), title, (f" {rest}{corner2}", style))
    inner = width - 4
    rows = [top]
    for at in range(height - 2):
        text = _obeyed_by_nobody(body[at]) if at < len(body) else Content("")
        text = text.truncate(inner, ellipsis=look.unicode, pad=True)
        rows.append(Content.assemble((f"{side} ", style), text, (f" {side}", style)))
    rows.append(Content.assemble((corner3 + line * (width - 2) + corner4, style)))
    return [row.truncate(width) for row in rows]
