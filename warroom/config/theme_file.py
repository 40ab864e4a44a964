"""Themes as files: ``NAME.toml`` in a folder ``themes`` beside the configuration, or among the
user's own. Light: a console whose theme it is reads it before its first frame.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warroom.config.document import Document, read
from warroom.config.find import config_home
from warroom.config.local import THEMES
from warroom.config.problems import Problems, choice, nearest
from warroom.errors import ConfigError, Problem

COLOURS = (
    "background",
    "surface",
    "foreground",
    "accent",
    "ok",
    "level-0",
    "level-1",
    "level-2",
    "level-3",
    "unseen",
    "maintenance",
    "ink",
    "quiet",
    "bar",
    "edge",
    "badge",
)
"""What a theme may give a colour to; docs/themes.md says what each is for."""
_KEYS = ("base", "colours")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class OwnTheme:
    """A theme of somebody's own: the built-in one it starts from, and what it changes of it."""

    name: str
    base: str
    colours: Mapping[str, str]
    path: Path


def folders(config: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where themes are looked for, the first one first."""
    home = config_home(environ)
    own = (home / "warroom" / "themes",) if home is not None else ()
    return (config.parent / "themes", *own)


def read_theme(name: str, config: Path, environ: Mapping[str, str]) -> OwnTheme:
    """The theme of that name. Raises ConfigError, with everything that is wrong with its file,
    or with the places that were looked at."""
    places = folders(config, environ)
    path = next((p for f in places if _is_there(p := f / f"{name}.toml")), None)
    if path is None:
        raise ConfigError((_missing(name, config, places),))
    document = read(path)
    problems = Problems(document)
    base, colours = _base(document, problems), _colours(document, problems)
    for key in document.table:
        if key not in _KEYS:
            problems.add((key,), "is no key of a theme", nearest(key, _KEYS, "keys"))
    if problems:
        raise problems.error()
    return OwnTheme(name, base, colours, path)


def _is_there(path: Path) -> bool:
    """Also where we may not look: then reading it says why."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(Path(name).stem for name in os.listdir(folder) if name.endswith(".toml"))
    except OSError:
        return []


def _base(document: Document, problems: Problems) -> str:
    base = document.table.get("base", THEMES[0])
    if base not in THEMES:
        problems.add(("base",), "is no built-in theme", choice(str(base), THEMES, "themes"))
    return str(base)


def _colours(document: Document, problems: Problems) -> dict[str, str]:
    table: Any = document.table.get("colours", {})
    if not isinstance(table, dict):
        problems.add(("colours",), "must be a table", 'write [colours], and accent = "#7aa2f7"')
        return {}
    for name, colour in table.items():
        place = ("colours", name)
        if name not in COLOURS:
            problems.add(place, "is no colour of a theme", nearest(name, COLOURS, "colours"))
        elif not isinstance(colour, str) or not _HEX.fullmatch(colour):
            problems.add(place, "is not a colour", 'write it as "#7aa2f7"')
    return {name: colour for name, colour in table.items() if isinstance(colour, str)}


def _missing(name: str, config: Path, places: tuple[Path, ...]) -> Problem:
    """What is wrong in the configuration: there is no such theme."""
    known = [*THEMES]
    for folder in places:
        known += _names_in(folder)
    looked = " and ".join(str(folder) for folder in places)
    problems = Problems(read(config))
    hint = f"{choice(name, known, 'themes')}; {name}.toml was looked for in {looked}"
    problems.add(("console", "theme"), f"there is no theme {name}", hint)
    return problems.error().problems[0]
