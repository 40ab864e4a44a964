"""Colours as terminals show them, for tests: what is really written, its contrast, and how it looks
to eyes that see fewer of them."""

import math
from functools import cache

from rich.color import Color, ColorSystem
from textual.color import Color as TextualColor
from textual.color import rgb_to_lab

from warroom.console.themes.own import contrast

__all__ = ["VGA", "XTERM", "contrast", "distance", "seen_by", "written"]

XTERM = (
    *("#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5"),
    *("#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"),
)
"""xterm's own values of the 16 colours (XTerm-col.ad)."""
VGA = (
    *("#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa"),
    *("#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff"),
)
"""The Linux console's (drivers/tty/vt/vt.c, default_red and its like)."""
MACHADO = {
    # Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision
    # Deficiency (IEEE TVCG 2009), the matrices for severity 1.0, of linear RGB.
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


@cache
def written(colour: str, system: ColorSystem, sixteen: tuple[str, ...] = XTERM) -> str:
    """The colour a terminal shows for what Rich writes of this one."""
    low = Color.parse(colour).downgrade(system)
    if system is ColorSystem.STANDARD:
        return sixteen[low.number]
    return low.get_truecolor().hex


def seen_by(sight: str, colour: str) -> str:
    """The colour as it looks with that sight."""
    linear = [_linear(part) for part in TextualColor.parse(colour).normalized]
    rows = MACHADO[sight]
    return "#" + "".join(
        f"{_encoded(sum(a * b for a, b in zip(row, linear, strict=True))):02x}" for row in rows
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def distance(one: str, other: str) -> float:
    """How far apart two colours look (CIE 1976); some 2 is just noticeable."""
    a, b = (rgb_to_lab(TextualColor.parse(colour)) for colour in (one, other))
    return math.dist((a.L, a.a, a.b), (b.L, b.a, b.b))
