"""The file that a job writes when it is done: read it, and take it apart."""

import os
import re
from dataclasses import dataclass

from warroom.errors import ProbeError

MOST = 64 * 1024
"""Characters of the file that are read."""

_LINE = re.compile(r"\s*(\w+)\s*:\s*(.*?)\s*")


@dataclass(frozen=True)
class Beat:
    """One reading: when the file was touched (Unix time), its ``name: value`` lines, and
    whatever else stands in it."""

    at: float
    said: dict[str, str]
    text: str

    def number(self, name: str) -> float | None:
        """A value as a number; None where it is missing or none: not known is not zero."""
        try:
            return float(self.said[name])
        except (KeyError, ValueError):
            return None


def read(path: str) -> Beat | None:
    """The file, which blocks; None where there is its folder and no such file. Raises
    ProbeError."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return parsed(os.fstat(file.fileno()).st_mtime, file.read(MOST))
    except FileNotFoundError:
        if os.path.isdir(os.path.dirname(path)):
            return None
        raise ProbeError("read", f"{path}: not even its folder is there", "mounted?") from None
    except OSError as error:
        raise ProbeError("read", f"{path}: {error.strerror}", "may warroom read it?") from error


def parsed(at: float, text: str) -> Beat:
    """The text of a file that was touched at that time."""
    lines = text.splitlines()
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    rest = [line for line in lines if not _LINE.fullmatch(line)]
    return Beat(at, {match[1]: match[2] for match in found}, "\n".join(rest).strip())
