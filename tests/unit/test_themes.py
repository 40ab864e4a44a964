"""The themes in every number of colours: legible, and their levels told apart."""

from itertools import combinations

import pytest
from rich.color import ColorSystem

from tests.colours import MACHADO, VGA, XTERM, contrast, distance, seen_by, written
from warroom.config.local import THEMES as NAMES
from warroom.config.theme_file import COLOURS
from warroom.console.abilities import abilities
from warroom.console.paint import paint
from warroom.console.themes.made import colours_of, theme_of
from warroom.console.themes.palette import BUILT_IN, COLOURBLIND

TERMINALS = {
    "truecolour": ({"COLORTERM": "truecolor", "TERM": "xterm"}, ColorSystem.TRUECOLOR, XTERM),
    "256": ({"TERM": "xterm-256color"}, ColorSystem.EIGHT_BIT, XTERM),
    "16": ({"TERM": "xterm"}, ColorSystem.STANDARD, XTERM),
    "linux": ({"TERM": "linux"}, ColorSystem.STANDARD, VGA),
}
LEVELS = ("level-0", "level-1", "level-2", "level-3")
TEXTS = ("foreground", "quiet", "accent", "ok", *LEVELS, "unseen", "maintenance")
BADGES = ("badge", "badge-0", "badge-1", "badge-2", "badge-3", "badge-unseen", "badge-maintenance")
EACH = [(palette, name) for palette in BUILT_IN for name in TERMINALS]
IDS = [f"{palette.name}-{name}" for palette, name in EACH]


def on(palette, name):
    """The palette's colours on that terminal, and what it really shows for one."""
    environ, system, sixteen = TERMINALS[name]
    colours = colours_of(palette, abilities(environ))
    return colours, lambda colour: written(colour, system, sixteen)


def shown(name, colours, show):
    """Ink and ground as a terminal shows what is painted in that style."""
    style = paint(name, colours)
    ground = style.background.hex if style.background else colours["background"]
    return show((style.foreground or style.background).hex), show(ground)


def test_the_names_are_those_that_the_configuration_knows():
    assert tuple(palette.name for palette in BUILT_IN) == NAMES
    for palette in BUILT_IN:
        assert tuple(palette.full) == tuple(palette.cube) == COLOURS
        assert set(COLOURS) <= set(palette.few)


@pytest.mark.parametrize(("palette", "name"), EACH, ids=IDS)
def test_what_is_written_is_legible(palette, name):
    """WCAG's 4.5:1 for text, 7:1 in the theme of high contrast; 3:1 for what is only drawn."""
    least = 7.0 if palette.name == "contrast" else 4.5
    colours, show = on(palette, name)
    for text in TEXTS:
        for ground in ("background", "surface"):
            ratio = contrast(show(colours[text]), show(colours[ground]))
            assert ratio >= least, (text, ground, ratio)
    # A choice that has the keys is on the badge's ground.
    assert contrast(show(colours["foreground"]), show(colours["badge"])) >= least
    for badge in (*BADGES, *LEVELS, "unseen", "accent"):
        ratio = contrast(*shown(badge, colours, show))
        assert ratio >= least, (badge, ratio)
    assert contrast(show(colours["bar"]), show(colours["background"])) >= 3.0


@pytest.mark.parametrize(("palette", "name"), EACH, ids=IDS)
def test_no_level_looks_like_the_next(palette, name):
    colours, show = on(palette, name)
    for styles in ((*LEVELS, "unseen"), BADGES[1:6]):
        looks = [shown(style, colours, show) for style in styles]
        for (one, other), (a, b) in zip(
            combinations(styles, 2), combinations(looks, 2), strict=True
        ):
            if palette.name == "contrast" and {one, other} & {"unseen", "badge-unseen"}:
                continue  # with 16 colours at 7:1 there are not enough: it has its sign and words
            assert max(distance(a[0], b[0]), distance(a[1], b[1])) >= 12, (one, other, a, b)


@pytest.mark.parametrize("sight", MACHADO)
@pytest.mark.parametrize("name", TERMINALS)
def test_whatever_the_eyes_the_colour_blind_themes_levels_differ(name, sight):
    colours, show = on(COLOURBLIND, name)
    far = {"truecolour": 25, "256": 20}.get(name, 10)
    looks = {
        style: [seen_by(sight, colour) for colour in shown(style, colours, show)]
        for style in (*LEVELS, "ok", "unseen", "maintenance")
    }
    for one, other in combinations(looks, 2):
        apart = max(distance(a, b) for a, b in zip(looks[one], looks[other], strict=True))
        assert apart >= far, (one, other, apart)


def test_without_colours_all_themes_are_one_and_nothing_but_black_and_white():
    terminal = abilities({"TERM": "vt100"})
    for palette in BUILT_IN:
        colours = colours_of(palette, terminal)
        assert set(colours.values()) == {"#000000", "#ffffff"}
        assert theme_of(palette, terminal).name == palette.name
