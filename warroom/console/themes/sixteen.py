"""The built-in palettes in 16 colours.

What these look like is the terminal's own: here they have the VGA's values, by which Rich finds
their numbers; they are chosen to be legible with xterm's too. Grounds are of the first eight:
a terminal that does not know the bright ones (codes 100 to 107) would put black ink on black.

Beside the names of ``Palette`` a level may have ``…-ground`` and ``…-ink``, for its badge, and
``…-filled``, which puts its text on that ground too.
"""

from collections.abc import Mapping

_BLACK, _RED, _GREEN, _YELLOW = "#000000", "#aa0000", "#00aa00", "#aa5500"
_BLUE, _MAGENTA, _CYAN, _SILVER = "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa"
_GREY, _PINK, _LIME, _LEMON = "#555555", "#ff5555", "#55ff55", "#ffff55"
_VIOLET, _AQUA, _WHITE = "#ff55ff", "#55ffff", "#ffffff"


def _badges(**chosen: tuple[str, str]) -> dict[str, str]:
    """Ground and ink of each; a name's underscore is a hyphen."""
    made = {}
    for name, (ground, ink) in chosen.items():
        made[f"{name.replace('_', '-')}-ground"] = ground
        made[f"{name.replace('_', '-')}-ink"] = ink
    return made


DARK_16: Mapping[str, str] = {
    "background": _BLACK,
    "surface": _BLACK,
    "foreground": _WHITE,
    "accent": _CYAN,
    "ok": _GREEN,
    "level-0": _PINK,
    "level-1": _LEMON,
    "level-2": _AQUA,
    "level-3": _WHITE,
    "unseen": _VIOLET,
    "maintenance": _SILVER,
    "ink": _BLACK,
    "quiet": _SILVER,
    "bar": _SILVER,
    "edge": _GREY,
    "badge": _BLUE,
    "input-selection-background": _BLUE,
    **_badges(
        level_0=(_RED, _WHITE),
        level_1=(_YELLOW, _BLACK),
        level_2=(_CYAN, _BLACK),
        level_3=(_SILVER, _BLACK),
        unseen=(_MAGENTA, _WHITE),
        maintenance=(_BLUE, _WHITE),
    ),
}
LIGHT_16: Mapping[str, str] = {
    # Silver, for white is no ground everywhere; nothing but black and blue is legible on it.
    "background": _SILVER,
    "surface": _SILVER,
    "foreground": _BLACK,
    "accent": _BLUE,
    "ok": _BLACK,
    "level-0": _BLACK,
    "level-1": _BLACK,
    "level-2": _BLACK,
    "level-3": _BLACK,
    "unseen": _BLACK,
    "maintenance": _BLACK,
    "ink": _WHITE,
    "quiet": _BLACK,
    "bar": _BLUE,
    "edge": _GREY,
    "badge": _CYAN,
    "input-selection-background": _CYAN,
    **_badges(
        level_0=(_RED, _WHITE),
        level_1=(_YELLOW, _BLACK),
        level_2=(_BLUE, _WHITE),
        level_3=(_BLACK, _WHITE),
        unseen=(_MAGENTA, _WHITE),
        maintenance=(_GREEN, _BLACK),
        accent=(_BLUE, _WHITE),
    ),
    **{f"{name}-filled": _BLACK for name in ("level-0", "level-1", "level-2", "unseen")},
}
CONTRAST_16: Mapping[str, str] = {
    # 7:1 with xterm's colours and the VGA's: no red and no magenta is so bright on black.
    **DARK_16,
    "accent": _AQUA,
    "ok": _LIME,
    "level-0": _WHITE,
    "unseen": _WHITE,
    "maintenance": _WHITE,
    "quiet": _WHITE,
    "edge": _SILVER,
    **_badges(
        level_0=(_SILVER, _BLACK),
        level_1=(_CYAN, _BLACK),
        level_2=(_BLUE, _WHITE),
        level_3=(_BLACK, _AQUA),
        unseen=(_BLACK, _WHITE),
    ),
    "level-0-filled": _BLACK,
}
COLOURBLIND_16: Mapping[str, str] = {
    # Light, dark, yellow and blue are what everybody tells apart: filled or not does the rest.
    **DARK_16,
    "ok": _SILVER,
    "level-0": _LEMON,
    "level-1": _LEMON,
    "maintenance": _GREEN,
    **_badges(
        level_0=(_YELLOW, _BLACK),
        level_1=(_SILVER, _BLACK),
        level_3=(_BLUE, _WHITE),
        maintenance=(_GREEN, _BLACK),
    ),
    **{f"{name}-filled": _BLACK for name in ("level-0", "level-2", "level-3")},
}


def on_vga(few: Mapping[str, str]) -> dict[str, str]:
    """The same where yellow is the VGA's brown, on which black is too dark."""
    return {
        name: _WHITE
        if name.endswith("-ink") and few.get(f"{name.removesuffix('-ink')}-ground") == _YELLOW
        else colour
        for name, colour in few.items()
    }
