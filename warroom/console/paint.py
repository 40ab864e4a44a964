"""The styles lines are painted in, by name, from the theme's colours.

Not Textual's component classes: with twenty of them every widget of the screen would apply
twenty sets of rules before the first frame (measured: a third of its time).
"""

from collections.abc import Mapping

from textual.color import Color
from textual.style import Style

_BOLD_INK = ("level-0", "level-1", "level-2", "level-3", "unseen", "accent")
_INK = ("ok", "maintenance")
_NAMED = {"dim": "quiet", "frame": "edge", "frame-focus": "accent", "bar": "bar"}
_BADGES = {
    "badge-0": "level-0",
    "badge-1": "level-1",
    "badge-2": "level-2",
    "badge-3": "level-3",
    "badge-unseen": "unseen",
    "badge-maintenance": "maintenance",
}


def paint(name: str, colours: Mapping[str, str]) -> Style:
    """The style called ``name``; ``colours`` are the theme's variables.

    Names: the levels (``level-0`` is the worst), ``ok``, ``unseen``, ``maintenance`` and
    their filled ``badge-…``; ``badge``, ``bar`` (of graphs), ``dim``, ``strong``,
    ``accent``, ``frame``, ``frame-focus``. One that is not known paints nothing.
    """
    if name in _BADGES:
        return _filled(_BADGES[name], colours)
    if name == "badge":
        ink = Color.parse(colours.get("badge-ink", colours["foreground"]))
        return Style(background=Color.parse(colours["badge"]), foreground=ink, bold=True)
    if f"{name}-filled" in colours:
        return _filled(name, colours)
    if name == "strong":
        return Style(bold=True)
    if name in _BOLD_INK:
        return Style(foreground=Color.parse(colours[name]), bold=True)
    if name in _INK or name in _NAMED:
        return Style(foreground=Color.parse(colours[_NAMED.get(name, name)]))
    return Style.null()


def _filled(name: str, colours: Mapping[str, str]) -> Style:
    """Ink on a ground: the palette's own for it, or else on the colour itself."""
    ground = colours.get(f"{name}-ground", colours[name])
    ink = colours.get(f"{name}-ink", colours["ink"])
    return Style(background=Color.parse(ground), foreground=Color.parse(ink), bold=True)
