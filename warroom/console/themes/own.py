"""A theme as a file, as a palette: what it does not say is its base's."""

from collections.abc import Mapping

from textual.color import Color, rgb_to_lab

from warroom.config.theme_file import OwnTheme
from warroom.console.themes.palette import BUILT_IN, Palette

_STEPS = (0, 95, 135, 175, 215, 255)
"""The intensities of xterm's colour cube; its greys are 8, 18, … 238."""
_LEGIBLE = 4.5
_DRAWN = ("bar", "edge", "badge", "background", "surface", "ink")
"""What is not written in: of these the nearest will do."""


def palette_of(own: OwnTheme) -> Palette:
    """The palette. Of 256 colours it has the nearest that can be read on its own ground; of 16
    its base's, for the values of those are the terminal's."""
    base = next(palette for palette in BUILT_IN if palette.name == own.base)
    ground = nearest(own.colours["background"]) if "background" in own.colours else ""
    ground = ground or base.cube["background"]
    cube = {
        name: nearest(colour, None if name in _DRAWN else ground)
        for name, colour in own.colours.items()
    }
    return Palette(
        own.name,
        dark=luminance({**base.full, **own.colours}["background"]) < 0.18,
        full={**base.full, **own.colours},
        cube={**base.cube, **cube},
        few=base.few,
    )


def nearest(colour: str, ground: str | None = None) -> str:
    """The nearest (CIE Lab) of xterm's 240, among those that can be read on ``ground`` where the
    colour itself can."""
    wanted = Color.parse(colour)
    legible = ground is not None and contrast(colour, ground) >= _LEGIBLE
    known = [one for one in _cube() if not legible or contrast(one, ground or "") >= _LEGIBLE]
    return min(known, key=lambda one: _distance(Color.parse(one), wanted))


def _cube() -> list[str]:
    colours = [f"#{r:02x}{g:02x}{b:02x}" for r in _STEPS for g in _STEPS for b in _STEPS]
    return colours + [f"#{grey:02x}{grey:02x}{grey:02x}" for grey in range(8, 239, 10)]


def _distance(one: Color, other: Color) -> float:
    a, b = rgb_to_lab(one), rgb_to_lab(other)
    return (a.L - b.L) ** 2 + (a.a - b.a) ** 2 + (a.b - b.b) ** 2


def contrast(one: str, other: str) -> float:
    """WCAG 2.1's contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.1's relative luminance, 0 to 1."""
    parts = Color.parse(colour).normalized
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def illegible(colours: Mapping[str, str]) -> list[str]:
    """The names of what could not be read on its ground (less than 4.5:1)."""
    written = [name for name in colours if name not in _DRAWN]
    return [n for n in written if contrast(colours[n], colours["background"]) < _LEGIBLE]
