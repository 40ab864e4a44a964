"""What commands print: data to standard output, messages to standard error, as the terminal can
take it. What comes in here is safe already, but for its alphabet."""

import json
import sys
from typing import Any, TextIO

import msgspec


def out(line: str) -> None:
    """One line of data. Raises ``BrokenPipeError`` when nobody reads any more."""
    _write(sys.stdout, line)


def tell(words: str) -> None:
    """A message to whoever typed the command."""
    _write(sys.stderr, words)


def out_json(value: object, *, indent: int | None = 2) -> None:
    """``value`` as JSON in ASCII: lossless, and no character of it is obeyed by a terminal."""
    plain = _plain(msgspec.to_builtins(value))
    out(json.dumps(plain, indent=indent).replace("\x7f", "\\u007f"))


def draws_unicode() -> bool:
    """Whether signs beyond ASCII arrive."""
    return "utf" in (sys.stdout.encoding or "").lower()


def _plain(value: Any) -> Any:
    """JSON's keys are text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _write(stream: TextIO, line: str) -> None:
    encoding = stream.encoding or "ascii"
    stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()
