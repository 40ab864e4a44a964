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

SECRET_NAME = re.compile(
    r"token|secret|passw|cookie|credential|(?<![a-z])auth(?!ors?(?![a-z]))"
    r"|(?<![a-z])sig(?:n|ned|nature)?(?![a-z])|(?:^|[-_]|api|access)key(?![a-z])",
    re.IGNORECASE,
)
"""What a header or option that holds a secret is called."""
URL_PASSWORD = re.compile(r"(://[^\s/?#:@'\"]*:)([^\s/?#'\"]+)@")
"""An address up to its password, and the password."""
_QUERY = re.compile(r"[?&]([^=&\s#?]+)=([^&#\s]+)")
_FORM = re.compile(r"(?:^|&)([^=&\s]+)=([^&\s]+)")
_JSON = re.compile(r'"([^"\\]*)"\s*:\s*"((?:[^"\\]|\\.)+)"')
_SCHEME = re.compile(r"(?:Bearer|Basic)\s+(\S+)", re.IGNORECASE)
"""The value of a header whatever its name (RFC 6750, RFC 7617)."""
_HELD = ("sources", "receivers", "actions", "checks")
"""The sections in which a secret may stand."""
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
_NO_SECRETS = frozenset({"figures", "header_figures", "fields", "client_key"})
"""Keys that are names of figures and fields with the place to find them, and the path of a
file."""


def check_mode(document: Document, problems: Problems, why: str = "it can run commands") -> None:
    """Add a problem for every clear secret that others can read, and for a file that
    anybody can write; ``why`` says what is bad about that."""
    path = shlex.quote(str(document.path))
    if document.mode & stat.S_IWOTH:
        problems.add((), f"anybody can write this file, and {why}", f"chmod o-w {path}")
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
        for value in _inside(place, text):
            yield place, value
        if _named_secret(place):
            yield place, text


def _inside(place: Path, text: str) -> Iterator[str]:
    """The secrets that are part of ``text``, found by the names within it."""
    password = URL_PASSWORD.search(text)
    if password is not None:
        yield password[2]
    named = list(_QUERY.findall(text)) if "://" in text else []
    if place[0] in _HELD and place[-1] == "body":
        named += _FORM.findall(text) + _JSON.findall(text)
    yield from (value for name, value in named if SECRET_NAME.search(name))
    held = place[0] in _HELD and "headers" in place
    scheme = _SCHEME.match(text) if held else None
    if scheme is not None:
        yield scheme[1]


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
    if path[0] == "actions" and path[2:] == ("key",):
        return False  # of the keyboard
    if path[0] not in _HELD or _NO_SECRETS.intersection(path):
        return False
    return isinstance(path[-1], str) and SECRET_NAME.search(path[-1]) is not None
