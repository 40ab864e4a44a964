"""The built-in palettes, each for true colour, 256 and 16 colours.

Neutral until it matters, colour for levels, one accent. Text keeps 4.5:1 on whatever ground it
is put (7:1 in ``contrast``), as WCAG 2.1 reckons it; a level is told by word and sign as well, so
a palette never carries meaning alone. With few colours each has a table of its own: the nearest
of them all would be grey on grey, and one yellow for two levels.
"""

from collections.abc import Mapping

import msgspec

from warroom.console.themes.sixteen import COLOURBLIND_16, CONTRAST_16, DARK_16, LIGHT_16


class Palette(msgspec.Struct, frozen=True):
    """Colours by name (``#rrggbb``). ``full`` are those of true colour; ``cube`` are of xterm's
    256, ``few`` of the 16; see ``sixteen.py`` for the names that these may have besides."""

    name: str
    dark: bool
    full: Mapping[str, str]
    cube: Mapping[str, str]
    few: Mapping[str, str]


DARK = Palette(
    "dark",
    dark=True,
    full={
        "background": "#14161a",
        "surface": "#1d2026",
        "foreground": "#d7dae0",
        "accent": "#7aa2f7",
        "ok": "#7fb88a",
        "level-0": "#ff6b6b",
        "level-1": "#ff9e57",
        "level-2": "#e5c95c",
        "level-3": "#9db4d0",
        "unseen": "#d38aea",
        "maintenance": "#6cc5cf",
        "ink": "#14161a",
        "quiet": "#868d99",
        "bar": "#6f7d95",
        "edge": "#3a404b",
        "badge": "#2c313a",
    },
    cube={
        "background": "#121212",
        "surface": "#1c1c1c",
        "foreground": "#dadada",
        "accent": "#87afff",
        "ok": "#87af87",
        "level-0": "#ff5f5f",
        "level-1": "#ffaf5f",
        "level-2": "#d7d75f",
        "level-3": "#87afd7",
        "unseen": "#d787d7",
        "maintenance": "#5fd7d7",
        "ink": "#121212",
        "quiet": "#a8a8a8",
        "bar": "#5f87af",
        "edge": "#444444",
        "badge": "#303030",
    },
    few=DARK_16,
)
LIGHT = Palette(
    "light",
    dark=False,
    full={
        "background": "#fafaf7",
        "surface": "#efefe9",
        "foreground": "#23262b",
        "accent": "#1f5fbf",
        "ok": "#26713a",
        "level-0": "#b3161f",
        "level-1": "#a34a00",
        "level-2": "#7a5c00",
        "level-3": "#44607f",
        "unseen": "#86309f",
        "maintenance": "#0f6b75",
        "ink": "#ffffff",
        "quiet": "#666b73",
        "bar": "#7b8aa1",
        "edge": "#c3c5c0",
        "badge": "#dcdcd4",
    },
    cube={
        "background": "#ffffff",
        "surface": "#ffffff",
        "foreground": "#262626",
        "accent": "#005faf",
        "ok": "#005f00",
        "level-0": "#af0000",
        "level-1": "#af5f00",
        "level-2": "#5f5f00",
        "level-3": "#005f87",
        "unseen": "#870087",
        "maintenance": "#005f5f",
        "ink": "#ffffff",
        "quiet": "#585858",
        "bar": "#8787af",
        "edge": "#bcbcbc",
        "badge": "#dadada",
    },
    few=LIGHT_16,
)
CONTRAST = Palette(
    "contrast",
    dark=True,
    full={
        "background": "#000000",
        "surface": "#000000",
        "foreground": "#ffffff",
        "accent": "#73baff",
        "ok": "#5fff87",
        "level-0": "#ff8080",
        "level-1": "#ffaf40",
        "level-2": "#ffff55",
        "level-3": "#b8d8ff",
        "unseen": "#ff8cff",
        "maintenance": "#55ffff",
        "ink": "#000000",
        "quiet": "#d0d0d0",
        "bar": "#a8a8c0",
        "edge": "#9a9a9a",
        "badge": "#303030",
    },
    cube={
        "background": "#000000",
        "surface": "#000000",
        "foreground": "#ffffff",
        "accent": "#87afff",
        "ok": "#5fff87",
        "level-0": "#ff8787",
        "level-1": "#ffaf5f",
        "level-2": "#ffff5f",
        "level-3": "#afd7ff",
        "unseen": "#ff87ff",
        "maintenance": "#5fffff",
        "ink": "#000000",
        "quiet": "#d0d0d0",
        "bar": "#afafd7",
        "edge": "#9e9e9e",
        "badge": "#303030",
    },
    few=CONTRAST_16,
)
COLOURBLIND = Palette(
    # Sought by computer: as far apart as they get under normal sight, protanopia, deuteranopia
    # and tritanopia at once, from orange (bad) over yellow to blue, well being nearly white.
    "colourblind",
    dark=True,
    full={
        **DARK.full,
        "ok": "#ffe0ff",
        "level-0": "#e47b38",
        "level-1": "#ffbc02",
        "level-2": "#c5ff93",
        "level-3": "#8497f9",
        "unseen": "#a48fb9",
        "maintenance": "#37d298",
    },
    cube={
        **DARK.cube,
        "ok": "#eeeeee",
        "level-0": "#d78700",
        "level-1": "#ffd700",
        "level-2": "#afff87",
        "level-3": "#5f87ff",
        "unseen": "#af87af",
        "maintenance": "#00d787",
    },
    few=COLOURBLIND_16,
)
BUILT_IN: tuple[Palette, ...] = (DARK, LIGHT, CONTRAST, COLOURBLIND)
"""In the order of the key that changes them."""
