"""A playbook as the text to paste into a configuration: where one's own begins."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from warroom.config.document import Document, contents
from warroom.errors import ConfigError, Problem
from warroom.playbooks.library import built_in, built_in_text

_HEADER = re.compile(r"\A(\s*\[\[?\s*)([^\[\]]+?)(\s*\]\]?\s*(?:#.*)?)\Z")

_NAMED = re.compile(
    r'^(?P<before>(?:[^"#]|"[^"]*")*?\b(?P<key>action|check) = )"(?P<word>[a-z][a-z0-9_-]*)"', re.M
)
"""An action or a check in a file of the library, which names at most one in a line."""


def to_paste(name: str, document: Document) -> str:
    """``[playbooks.NAME]``, whole: as the file has it, over the built-in one's parts; or as it
    stands in the ``[library]`` folder; or the library's own text, comments and all, with actions
    and checks by the file's own names, for what stands in the file is not translated.

    Raises KeyError where there is none of that name, ConfigError where its file cannot be read.
    """
    written = document.table.get("playbooks", {}).get(name)
    if written is not None:
        return tomli_w.dumps({"playbooks": {name: {**built_in().get(name, {}), **written}}})
    library = document.table.get("library", {})
    folder = library.get("folder", "")
    path = document.path.parent / Path(folder).expanduser() / f"{name}.toml"
    if folder and path.exists():
        return headed(name, _text(path))
    return headed(name, _translated(built_in_text(name), library))


def _translated(text: str, library: Mapping[str, Any]) -> str:
    """The library's text with the names that ``[library.actions]`` and ``checks`` give."""

    def named(found: re.Match[str]) -> str:
        meant = library.get(f"{found['key']}s", {}).get(found["word"], found["word"])
        return f"{found['before']}{tomli_w.dumps({'x': meant}).strip().removeprefix('x = ')}"

    return _NAMED.sub(named, text)


def headed(name: str, text: str) -> str:
    """A playbook's own file as a part of a configuration: each of its headers below its name."""
    table = {"playbooks": {name: tomllib.loads(text)}}
    lines = (_HEADER.sub(rf"\g<1>playbooks.{name}.\g<2>\g<3>", line) for line in text.splitlines())
    made = "\n".join((f"[playbooks.{name}]", *lines, ""))
    # A line of a text, or of a list, may look like a header.
    return made if _read(made) == table else tomli_w.dumps(table)


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _text(path: Path) -> str:
    try:
        return contents(path)[0].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        words = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise ConfigError((Problem(str(path), 0, "", words),)) from error
