"""What an example room needs before it is somebody's own. It looks for programs, no more."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from warroom.config.lines import Path as Place
from warroom.config.problems import dotted

_SENT = ("sources", "receivers", "actions", "checks", "vantage")
"""The sections whose addresses are asked, or sent to."""
_SAID = ("title", "help")
"""What is only shown."""
_NOBODY = re.compile(
    r"(?<![\w-])(?:[\w-]+\.)*(?:example\.(?:com|net|org)|[\w-]+\.(?:example|invalid))(?![\w-])",
    re.IGNORECASE,
)
"""A host's name that is nobody's (RFC 2606)."""


def to_change(table: Mapping[str, Any]) -> list[str]:
    """Where an address that is nobody's is asked or sent to, and which one."""
    found = []
    for place, value in _walk(table, ()):
        asked = place[0] in _SENT and place[-1] not in _SAID
        match = _NOBODY.search(value) if asked and isinstance(value, str) else None
        if match is not None:
            found.append(f"{dotted(place)}  {match[0]}")
    return found


def variables(table: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """The environment variables it reads that are not set."""
    named = {inner["env"] for _, inner in _tables(table) if isinstance(inner.get("env"), str)}
    return sorted(name for name in named if not environ.get(name))


def programs(table: Mapping[str, Any], folder: Path) -> list[str]:
    """The programs it runs that are not found here; ``folder`` is the file's own."""
    named = set()
    for _, inner in _tables(table):
        line = inner.get("argv") or (inner.get("command") if len(inner) == 1 else None)
        if isinstance(line, list) and line and isinstance(line[0], str):
            named.add(line[0])
    return sorted(name for name in named if not _is_there(name, folder))


def _is_there(name: str, folder: Path) -> bool:
    return (folder / name).exists() if "/" in name else shutil.which(name) is not None


def _tables(value: object) -> Iterator[tuple[Place, dict[str, Any]]]:
    yield from ((place, inner) for place, inner in _walk(value, ()) if isinstance(inner, dict))


def _walk(value: object, place: Place) -> Iterator[tuple[Place, object]]:
    """Every value there is, with its place; the whole has none."""
    if place:
        yield place, value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, (*place, str(key)))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _walk(inner, (*place, at))
