"""A starter configuration from what is there: pure, but for writing it."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from warroom.config.kinds import Kinds
from warroom.config.load import VERSION
from warroom.config.sources import broken
from warroom.errors import UsageError
from warroom.text import mask_url

VARIABLES = ("DATABASE_URL", "REDIS_URL")
"""What a twelve-factor application calls the addresses of its systems."""


@dataclass(frozen=True)
class Found:
    """What a starter can be made from.

    A source kind may offer ``@classmethod starter(cls, found) -> dict[str, dict]``: the
    tables of ``[sources.NAME]`` it makes of this, by name, ``kind`` included. An address
    from ``environ`` is a secret: it goes into the file as ``{ env = "DATABASE_URL" }``.
    """

    environ: Mapping[str, str]
    health: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


@dataclass
class Starter:
    """The sources of a starter, the panels that draw them, and in words what could not be used."""

    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    panels: list[str] = field(default_factory=lambda: ["health"])


def gather(kinds: Kinds, found: Found) -> Starter:
    """What the installed kinds make of ``found``."""
    starter = Starter()
    for name, kind in kinds.items():
        if isinstance(kind, Exception):
            starter.unused.append(f"the source kind {name} is broken: {broken(kind)}")
            continue
        make = getattr(kind, "starter", None)
        if make is None:
            continue
        try:
            tables = dict(make(found))
        except Exception as error:  # noqa: BLE001 - a stranger's code must not end init
            starter.unused.append(f"the source kind {name} cannot start: {broken(error)}")
            continue
        for source, table in tables.items():
            starter.sources[_free(source, starter.sources)] = {"kind": name, **table}
            more = (panel for panel in getattr(kind, "panels", ()) if panel not in starter.panels)
            starter.panels += more
    starter.unused += _unused(found, set(_texts(starter.sources)))
    return starter


def unset(starter: Starter, environ: Mapping[str, str]) -> list[str]:
    """The environment variables which the starter refers to and which are not set."""
    return sorted({name for name in _variables(starter.sources) if not environ.get(name)})


def compose(room: Mapping[str, str], starter: Starter) -> str:
    """The text of the file; what is empty in ``room`` is left out."""
    table: dict[str, Any] = {
        "version": VERSION,
        "room": {key: value for key, value in room.items() if value},
        "pages": [{"name": "overview", "panels": starter.panels}],
    }
    if starter.sources:
        table["sources"] = starter.sources
    return _HEAD + tomli_w.dumps(table)


_HEAD = """\
# The configuration of a warroom. Every option: config.toml.example, warroom config schema.
# After a change: warroom config check, then warroom reload.
# How your team runs an incident is built in; your own contacts, escalation, statuses and lists
# go into [[contacts]], [[escalation]], [incident], [[checklists]] and [resolve].
"""


def write_new(path: Path, text: str) -> None:
    """Write ``text`` to a file that must not exist yet, for its owner alone.

    Raises UsageError when something is there already: a link that leads nowhere, too.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path} exists already, and init never overwrites",
            "give another place with --out FILE, or edit that one",
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)  # whatever the umask took away
            file.write(text)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        os.unlink(path)  # half a file would be taken for a whole one, and never overwritten
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def _free(name: str, taken: Mapping[str, object]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}-{number}"
        number += 1
    return free


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _unused(found: Found, used: set[str]) -> list[str]:
    named = [f"{name} is set" for name in VARIABLES if found.environ.get(name) and name not in used]
    given = [("--health", url) for url in found.health] + [
        ("--metrics", url) for url in found.metrics
    ]
    named += [f"{by} {mask_url(url)}" for by, url in given if not {url, _bare(url)} & used]
    return [f"{name}; no installed source kind can watch it" for name in named]


def _bare(url: str) -> str:
    """The address without user and password: those become options of their own."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url)


def _variables(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("env"), str):
            yield value["env"]
        for inner in value.values():
            yield from _variables(inner)
