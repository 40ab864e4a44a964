"""Which themes there are to choose from on this terminal, the one that is wanted among them."""

import os
from collections.abc import Mapping

import msgspec
from textual.theme import Theme

from warroom.config.local import THEMES, LocalConfig
from warroom.console.abilities import Abilities
from warroom.console.themes.made import theme_of
from warroom.console.themes.palette import BUILT_IN, DARK, LIGHT, Palette
from warroom.errors import ConfigError


class Themes(msgspec.Struct, frozen=True):
    """``themes``, of which the first is shown where the file names none of them; ``problem``
    says why the one that was named cannot be had."""

    themes: tuple[Theme, ...]
    problem: str = ""


def choose(
    local: LocalConfig, terminal: Abilities, environ: Mapping[str, str] = os.environ
) -> Themes:
    """The built-in ones, and one of somebody's own where the file names it.

    Where it names none, and where its own is broken, the first is the one that fits the
    terminal's own ground: both are painted whole, but borders and other programs are not.
    """
    first = LIGHT if terminal.ground == "light" else DARK
    palettes = [first, *(palette for palette in BUILT_IN if palette is not first)]
    problem = ""
    if local.console.theme not in ("", *THEMES):
        try:
            palettes.append(_own(local, environ))
        except ConfigError as error:
            problem = f"The theme is {first.name} instead: {error.problems[0]}"
    return Themes(tuple(theme_of(palette, terminal) for palette in palettes), problem)


def _own(local: LocalConfig, environ: Mapping[str, str]) -> Palette:
    # Neither is loaded for the built-in themes: a first frame does without.
    from warroom.config.theme_file import read_theme
    from warroom.console.themes.own import palette_of

    return palette_of(read_theme(local.console.theme, local.path, environ))
