"""What commands print: data to standard output, messages to standard error, as the terminal can
take it. Whoever writes a line makes the texts in it safe, each within its bounds; what was
forgotten is seen here, and not obeyed."""

import json
import math
import sys
from typing import Any, TextIO

import msgspec

from warroom.text import safe_lines


def out(line: str) -> None:
    """One line of data, or several. Raises ``BrokenPipeError`` when nobody reads any more."""
    _write(sys.stdout, line)


def tell(words: str) -> None:
    """A message to whoever typed the command."""
    _write(sys.stderr, words)


def out_json(value: object, *, indent: int | None = 2) -> None:
    """``value`` as JSON in ASCII."""
    out(in_ascii(value, indent=indent))


def in_ascii(value: object, *, indent: int | None = None) -> str:
    """``value`` as JSON in ASCII: lossless, and no character of it is obeyed by a terminal."""
    plain = _plain(msgspec.to_builtins(value))
    return json.dumps(plain, indent=indent).replace("\x7f", "\\u007f")


def draws_unicode() -> bool:
    """Whether signs beyond ASCII arrive."""
    return "utf" in (sys.stdout.encoding or "").lower()


def _plain(value: Any) -> Any:
    """JSON's keys are text, and its numbers finite."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _write(stream: TextIO, line: str) -> None:
    encoding = stream.encoding or "ascii"
    stream.write(safe_lines(line).encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()
