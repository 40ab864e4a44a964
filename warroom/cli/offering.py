"""The names that a command takes, for completion: of the file as it stands and of the journal.

Read without validation and without an engine. What cannot be read offers nothing: a shell has no
place for a message while somebody types.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import click

from warroom.config.document import read
from warroom.config.find import find_config
from warroom.errors import WarroomError

PATIENCE = 0.3
"""Seconds for a journal that its engine writes just now."""
MOST = 50
"""Incidents that are offered: the newest."""

Offer = Callable[[click.Context, click.Parameter, str], list[str]]


def tables(*sections: str) -> Offer:
    """The names under ``[sources]``, say."""

    def offer(context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
        table = _table(context)
        found = (table.get(section) for section in sections)
        return _fitting((name for one in found if isinstance(one, dict) for name in one), begun)

    return offer


def playbooks(context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The team's, and the built-in ones."""
    library = resources.files("warroom.playbooks.library").iterdir()
    built_in = (one.name.removesuffix(".toml") for one in library if one.name.endswith(".toml"))
    own = _table(context).get("playbooks")
    return _fitting((*(own if isinstance(own, dict) else ()), *sorted(built_in)), begun)


def incidents(context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The newest incidents' ids."""
    from warroom.attach.room import room_paths
    from warroom.config.local import read_local

    try:
        journal = room_paths(read_local(_path(context))).journal
        # Never to write, also when there is something to take back: that is the engine's.
        connection = sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
    except (WarroomError, sqlite3.Error, OSError):
        return []
    try:
        rows = connection.execute(_INCIDENTS, (MOST,)).fetchall()
    except sqlite3.Error:
        return []
    finally:
        connection.close()
    return _fitting((name for (name,) in rows), begun.upper() if begun.islower() else begun)


_INCIDENTS = "SELECT incident FROM entries WHERE kind = 'declared' ORDER BY seq DESC LIMIT ?"


def levels(context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The steps of the scale."""
    from warroom.severity import BUILT_IN

    own = _table(context).get("severity")
    own = own if isinstance(own, dict) else {}
    steps = own.get("steps")
    if isinstance(steps, list):
        names = [one["name"] for one in steps if isinstance(one, dict) and "name" in one]
    else:
        scale = BUILT_IN.get(str(own.get("scale", "sev")))
        names = list(scale.names) if scale else []
    return _fitting(names, begun)


def faults(_context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The demo's."""
    from warroom.demo.faults import KNOWN

    return _fitting((fault.name for fault in KNOWN), begun)


def _path(context: click.Context) -> Path:
    return find_config(context.params.get("config"), os.environ, Path.cwd())


def _table(context: click.Context) -> dict[str, Any]:
    try:
        return read(_path(context)).table
    except WarroomError:
        return {}


def _fitting(names: Iterable[object], begun: str) -> list[str]:
    return [name for name in names if isinstance(name, str) and name.startswith(begun)]
