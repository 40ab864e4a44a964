"""Palettes as Textual's themes, for as many colours as the terminal has."""

from collections.abc import Mapping

from textual.theme import Theme

from warroom.console.abilities import Abilities
from warroom.console.themes.palette import BUILT_IN, CONTRAST, Palette
from warroom.console.themes.sixteen import on_vga

_WHITE, _BLACK = "#ffffff", "#000000"


def colours_of(palette: Palette, terminal: Abilities | None) -> Mapping[str, str]:
    """The palette's colours on that terminal; in full where nothing is said of it."""
    if terminal is None or terminal.colours == "truecolour":
        return palette.full
    if terminal.colours == "256":
        return palette.cube
    if terminal.colours == "16":
        return on_vga(palette.few) if terminal.vga else palette.few
    return _UNCOLOURED


_UNCOLOURED: Mapping[str, str] = {
    # What is not black ink on white ground here is not told apart by the filter (mono.py).
    **dict.fromkeys(CONTRAST.full, _WHITE),
    **dict.fromkeys(("background", "surface", "ink"), _BLACK),
    "badge-ink": _BLACK,
    "input-selection-background": _WHITE,
}


def theme_of(palette: Palette, terminal: Abilities | None = None) -> Theme:
    """The palette as a theme of its name."""
    colours = colours_of(palette, terminal)
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=colours["accent"],
        secondary=colours["accent"],
        accent=colours["accent"],
        warning=colours["level-2"],
        error=colours["level-0"],
        success=colours["ok"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["surface"],
        foreground=colours["foreground"],
        variables={
            "input-selection-background": f"{colours['accent']} 35%",
            "block-cursor-text-style": "none",
            "modal-ground": f"{colours['background']} {_dimmed(terminal)}%",
            **({} if _is_rich(terminal) else _solid(colours)),
            **{name: colour for name, colour in colours.items() if name not in _BASE},
        },
    )


def _is_rich(terminal: Abilities | None) -> bool:
    return terminal is None or terminal.colours in ("truecolour", "256")


def _dimmed(terminal: Abilities | None) -> int:
    """How much, in percent, of what is behind a dialog is taken away. Nothing where there are few
    colours: between them there is no shade, but a ground that not every terminal knows."""
    return 60 if _is_rich(terminal) else 0


def _solid(colours: Mapping[str, str]) -> dict[str, str]:
    """What Textual would mix of the theme's colours, for terminals that have no mixtures."""
    ground, bar = colours["background"], colours["bar"]
    thumbs = ("scrollbar", "scrollbar-hover", "scrollbar-active")
    grounds = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active")
    return {
        **dict.fromkeys(thumbs, bar),
        **dict.fromkeys((*grounds, "scrollbar-corner-color", "border-blurred"), ground),
        **dict.fromkeys(("text", "text-muted", "text-disabled"), colours["foreground"]),
        "block-cursor-foreground": colours["ink"],
        "block-cursor-blurred-background": colours["badge"],
        "block-hover-background": colours["badge"],
        "surface-active": ground,
        "input-cursor-background": ground,
        "input-cursor-foreground": colours["foreground"],
        "input-cursor-text-style": "reverse",
    }


_BASE = ("background", "surface", "foreground")
THEMES: tuple[Theme, ...] = tuple(theme_of(palette) for palette in BUILT_IN)
"""The built-in ones in full colour."""
