"""A configuration file as it is on disk: its bytes, its table, its mode. Light."""

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warroom.errors import ConfigError, Problem

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes; larger is no configuration but a mistake."""

_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\Z")
_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s="'.#\[\]]+)"""
PARTS = 100
"""Of a key that is too deep: the time that tomllib takes for one grows with their square."""
# Compiled when they are needed: hardly ever, and not before the first frame.
_DEEP_KEY = rf"[ \t\[]*(?:{_PART}[ \t]*\.[ \t]*){{{PARTS}}}"
_LONG_NUMBER = r"\d[\d_]{4000}"
_LARGE_NUMBER = r"=[^\n\"'#]*?(?:0[xob][0-9a-fA-F_]{17}|\d[\d_]{18})"


@dataclass(frozen=True)
class Document:
    """One file, read once: what is checked is what is used. ``mode`` is its permissions."""

    path: Path
    data: bytes
    text: str
    table: dict[str, Any]
    mode: int


def read(path: Path) -> Document:
    """The file at ``path``; raises ConfigError when it cannot be read or is no TOML."""
    try:
        data, mode = contents(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(path, 0, f"cannot be read: {reason}") from error
    return parse(path, data, mode)


def parse(path: Path, data: bytes, mode: int = 0o600) -> Document:
    """``data`` as the content of ``path``; raises ConfigError with the line it ends at."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(path, line, "is not UTF-8 text") from error
    text = text.replace("\r\n", "\n")
    for number, written in enumerate(text.split("\n"), 1):
        if written.count(".") >= PARTS and re.match(_DEEP_KEY, written):
            raise _refused(path, number, "is nested too deeply")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
        raise _refused(path, line, "is no TOML: " + _LINE.sub("", str(error))) from error
    except RecursionError:
        raise _refused(path, 0, "is nested too deeply") from None
    except ValueError as error:  # Python reads no number of so many digits
        line = _line_of(_LONG_NUMBER, text)
        raise _refused(path, line, "has a number that is too long") from error
    if _too_large(table):
        line = _line_of(_LARGE_NUMBER, text)
        raise _refused(path, line, "has a whole number of more than 64 bits")
    return Document(path, data, text, table, mode)


def _too_large(value: object) -> bool:
    """Whether a number is in it that TOML has no room for, and Python may not be able to print."""
    if isinstance(value, dict):
        return any(map(_too_large, value.values()))
    if isinstance(value, list):
        return any(map(_too_large, value))
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _line_of(pattern: str, text: str) -> int:
    """The first line that has it; 0 where none can be told."""
    found = re.search(pattern, text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def contents(path: Path) -> tuple[bytes, int]:
    """The bytes and the mode of a regular file of a sensible size; raises OSError."""
    # Non-blocking, so that a FIFO in the file's place cannot hold the console's first frame.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is no regular file")
        if status.st_size > SIZE_LIMIT:
            raise OSError(0, f"it is larger than {SIZE_LIMIT >> 20} MiB")
        return file.read(SIZE_LIMIT), stat.S_IMODE(status.st_mode)


def _refused(path: Path, line: int, message: str) -> ConfigError:
    return ConfigError((Problem(str(path), line, "", message),))
