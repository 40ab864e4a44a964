"""A playbook as the text to paste into a configuration: where one's own begins."""

import re
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from warroom.config.document import Document, contents
from warroom.errors import ConfigError, Problem
from warroom.playbooks.library import built_in, built_in_text

_HEADER = re.compile(r"\A(\s*\[\[?\s*)([^\[\]]+?)(\s*\]\]?\s*(?:#.*)?)\Z")


def to_paste(name: str, document: Document) -> str:
    """``[playbooks.NAME]``, whole: as the file has it, over the built-in one's parts; or as it
    stands in the ``[library]`` folder; or the library's own text, comments and all.

    Raises KeyError where there is none of that name, ConfigError where its file cannot be read.
    """
    written = document.table.get("playbooks", {}).get(name)
    if written is not None:
        return tomli_w.dumps({"playbooks": {name: {**built_in().get(name, {}), **written}}})
    folder = document.table.get("library", {}).get("folder", "")
    path = document.path.parent / Path(folder).expanduser() / f"{name}.toml"
    return headed(name, _text(path) if folder and path.exists() else built_in_text(name))


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
