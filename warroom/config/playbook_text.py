"""A playbook as the text to paste into a configuration: where one's own begins."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from warroom.config.document import Document, read
from warroom.playbooks.library import built_in, built_in_text

Table = dict[str, Any]

_HEADER = re.compile(r"\A(\s*\[\[?\s*)([^\[\]]+?)(\s*\]\]?\s*(?:#.*)?)\Z")


def to_paste(name: str, document: Document) -> str:
    """``[playbooks.NAME]``, whole: as the file has it, or the ``[library]`` folder, with what the
    built-in one of that name adds; or the library's own text, comments and all.

    Raises KeyError where there is none of that name, ConfigError where its file cannot be read.
    """
    library = document.table.get("library", {})
    written = document.table.get("playbooks", {}).get(name)
    path = _beside(document, library.get("folder", ""), name)
    if written is None and path is not None:
        written = read(path).table
    base = built_in().get(name) if _wanted(name, library) else None
    if written is not None and base is None and path is not None:
        return headed(name, read(path).text)
    if written is not None:
        return _dumped(name, {**(base or {}), **written})
    return headed(name, built_in_text(name))


def headed(name: str, text: str) -> str:
    """A playbook's own file as a part of a configuration: each of its headers below its name."""
    table = tomllib.loads(text)
    lines = (_HEADER.sub(rf"\g<1>playbooks.{name}.\g<2>\g<3>", line) for line in text.splitlines())
    made = "\n".join((f"[playbooks.{name}]", *lines, ""))
    try:
        same = tomllib.loads(made) == {"playbooks": {name: table}}
    except tomllib.TOMLDecodeError:
        same = False  # a line of a text looks like a header
    return made if same else _dumped(name, table)


def _dumped(name: str, table: Table) -> str:
    return tomli_w.dumps({"playbooks": {name: table}})


def _beside(document: Document, folder: str, name: str) -> Path | None:
    """The playbook's file in the folder; None where there is none."""
    path = document.path.parent / Path(folder).expanduser() / f"{name}.toml"
    return path if folder and path.is_file() else None


def _wanted(name: str, library: Mapping[str, Any]) -> bool:
    wanted = library.get("built_in", True)
    return wanted if isinstance(wanted, bool) else name in wanted
