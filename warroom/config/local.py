"""What a console reads of the file by itself, so as to paint at once.

No validation and no pydantic here: a value of the wrong type falls back to its default.
The engine validates the whole file, and hands back what is wrong with it.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from warroom.config.document import contents, read
from warroom.config.key_ids import flat

THEMES = ("dark", "light", "contrast", "colourblind")
"""The built-in ones; another name is a file's (theme_file.py)."""
CALLS = ("bell", "osc9", "none")

THEME_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_ROOM = re.compile(r"^\[room\][^\n]*\n(?:(?!\[)[^\n]*\n?)*", re.MULTILINE)
"""The section from its name to the next line that begins with a bracket."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class LocalRoom:
    """``[room]``; the name is empty where the file gives none (the engine refuses that)."""

    name: str = ""
    environment: str = ""
    group: str | None = None
    dir: str | None = None


@dataclass(frozen=True)
class LocalConsole:
    """``[console]``. Without a theme it is the one that fits the terminal."""

    theme: str = ""
    clock: bool = True
    call: str = "bell"
    mouse: bool = False
    zone: str = "local"


@dataclass(frozen=True)
class LocalPage:
    """One page and its panels, in order. The names of panels are not checked here."""

    name: str
    panels: tuple[str, ...]


def panel_and_sources(written: str) -> tuple[str, tuple[str, ...]]:
    """A page's entry taken apart: ``signals:app,db`` is the panel signals, of these two
    sources only; without a colon it is the panel, of all it draws. Nothing is checked."""
    name, _, sources = written.partition(":")
    return name.strip(), tuple(s.strip() for s in sources.split(",") if s.strip())


DEFAULT_PAGES = (LocalPage("overview", ("health",)),)
"""The pages of a file that gives none."""


@dataclass(frozen=True)
class LocalConfig:
    """The sections a console needs; ``keys`` maps an id to its keys."""

    path: Path
    room: LocalRoom
    console: LocalConsole
    keys: dict[str, str]
    pages: tuple[LocalPage, ...]


def read_local(path: Path) -> LocalConfig:
    """The console's part of the file. Raises ConfigError (with the line) only when the file
    cannot be read or is no TOML."""
    table = read(path).table
    return LocalConfig(
        path=path,
        room=_room(_typed(table, "room", dict, {})),
        console=_console(_typed(table, "console", dict, {})),
        keys={
            name: key
            for name, key in flat(_typed(table, "keys", dict, {})).items()
            if isinstance(key, str)
        },
        pages=tuple(_pages(_typed(table, "pages", list, []))) or DEFAULT_PAGES,
    )


def read_room(path: Path) -> LocalRoom | None:
    """``[room]`` of a file that is no TOML elsewhere: where its engine would run. None when
    that section cannot be made out either."""
    try:
        text = contents(path)[0].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    except OSError:
        return None
    section = _ROOM.search(text)
    try:
        table = tomllib.loads(section[0]) if section else {}
    except tomllib.TOMLDecodeError:
        return None
    return _room(_typed(table, "room", dict, {}))


def _typed(table: dict[str, Any], key: str, kind: type[_T], default: _T) -> _T:
    value = table.get(key, default)
    return value if isinstance(value, kind) else default


def _room(table: dict[str, Any]) -> LocalRoom:
    return LocalRoom(
        name=_typed(table, "name", str, ""),
        environment=_typed(table, "environment", str, ""),
        group=_typed(table, "group", str, "") or None,
        dir=_typed(table, "dir", str, "") or None,
    )


def _console(table: dict[str, Any]) -> LocalConsole:
    default = LocalConsole()
    theme, call = _typed(table, "theme", str, ""), _typed(table, "call", str, "")
    return LocalConsole(
        theme=theme if THEME_NAME.fullmatch(theme) else default.theme,
        clock=_typed(table, "clock", bool, default.clock),
        call=call if call in CALLS else default.call,
        mouse=_typed(table, "mouse", bool, default.mouse),
        zone=_typed(table, "zone", str, default.zone),
    )


def _pages(tables: list[Any]) -> list[LocalPage]:
    pages = []
    for table in tables:
        page = table if isinstance(table, dict) else {}
        panels = tuple(p for p in _typed(page, "panels", list, []) if isinstance(p, str))
        name = _typed(page, "name", str, "")
        if name and panels:
            pages.append(LocalPage(name, panels))
    return pages
