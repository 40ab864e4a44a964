"""Secrets that stand in the file in clear, and who may read them there.

A secret's own option takes a reference only. Clear ones come in by other doors: a header
given as text, a password in an address. They are allowed in a file nobody else can read.
"""

import re
import shlex
import stat
from collections.abc import Iterator
from typing import Any

from warroom.config.document import Document
from warroom.config.lines import Path
from warroom.config.problems import Problems

SECRET_NAME = re.compile(r"authorization|token|secret|passw(?:or)?d|api[-_]?key|cookie", re.I)
"""What a header or option that holds a secret is called."""
URL_PASSWORD = re.compile(r"(://[^\s/?#:@'\"]*:)([^\s/?#'\"]+)@")
"""An address up to its password, and the password."""
_URL_TOKEN = re.compile(
    rf"://[^\s]*[?&][^=&\s]*(?:{SECRET_NAME.pattern})[^=&\s]*=([^&#\s]+)", re.IGNORECASE
)
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
_NAMES_OF_FIGURES = frozenset({"figures", "header_figures"})
"""Their keys are names of signals and their values say where to find them."""


def check_mode(document: Document, problems: Problems) -> None:
    """Add a problem for every clear secret that others can read, and for a file that
    anybody can write: what it names is run."""
    path = shlex.quote(str(document.path))
    if document.mode & stat.S_IWOTH:
        problems.add(
            (), "anybody can write this file, and it can run commands", f"chmod o-w {path}"
        )
    if document.mode & _OTHERS_READ:
        for place, _ in clear_secrets(document.table):
            problems.add(
                place,
                "holds a secret in clear, in a file that others can read",
                f'chmod 600 {path}, or keep it elsewhere: {{ env = "NAME" }}',
            )


def clear_secrets(table: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where secrets stand in clear, and each one itself."""
    for place, text in _texts(table, ()):
        for found in (URL_PASSWORD.search(text), _URL_TOKEN.search(text)):
            if found is not None:
                yield place, found[found.lastindex or 0]
        if _named_secret(place):
            yield place, text


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
    elif isinstance(value, str) and value:
        yield path, value


def _named_secret(path: Path) -> bool:
    if path[0] != "sources" or _NAMES_OF_FIGURES.intersection(path):
        return False
    return isinstance(path[-1], str) and SECRET_NAME.search(path[-1]) is not None
