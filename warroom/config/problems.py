"""Collecting everything that is wrong with a file, each with its line and the nearest key."""

import difflib
import re
from collections.abc import Iterable

from warroom.config.document import Document
from warroom.config.lines import Path, line_of, lines
from warroom.errors import ConfigError, Problem
from warroom.text import safe

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_SHOWN = 12
"""How many names a hint lists before it says how many more there are."""


class Problems:
    """The problems found so far in one document."""

    def __init__(self, document: Document) -> None:
        self.folder = document.path.parent
        """The file's own: paths written in the file are taken from there."""
        self.file = document.path.name
        self._file = str(document.path)
        self._lines = lines(document.text)
        self._found: list[Problem] = []

    def beside(self, document: Document) -> "Problems":
        """For another file that belongs to this one: what is found there is found here."""
        other = Problems(document)
        other._found = self._found
        return other

    def take(self, error: ConfigError) -> None:
        """What was said of a file that could not even be read."""
        self._found.extend(error.problems)

    def add(self, path: Path, message: str, hint: str = "") -> None:
        """Something is wrong at ``path``, or with what is missing there."""
        line = line_of(self._lines, path)
        self._found.append(Problem(self._file, line, dotted(path), safe(message), safe(hint)))

    def __bool__(self) -> bool:
        return bool(self._found)

    def error(self) -> ConfigError:
        """All of them as one error, in the order of the file, then those of other files."""

        def order(one: Problem) -> tuple[bool, str, int]:
            return one.file != self._file, one.file, one.line

        return ConfigError(tuple(sorted(dict.fromkeys(self._found), key=order)))


def dotted(path: Path) -> str:
    """``sources.api.url``, ``rules[0].signal``; a key that needs quotes has them."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _BARE.match(part) else f'"{safe(part, 80)}"'
            text += f".{key}" if text else key
    return text


def nearest(word: str, known: Iterable[str], what: str = "known") -> str:
    """A hint: ``did you mean interval?``, or else what there is to choose from."""
    names = list(known)
    return did_you_mean(word, names) or _listed(names, what)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean interval?``; empty when nothing is near."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[close[0]]}?" if close else ""


def choice(word: str, known: Iterable[str], what: str) -> str:
    """A hint for a short choice: the nearest, and all there are."""
    names = list(known)
    return f"{did_you_mean(word, names)} {_listed(names, what)}".strip()


def _listed(names: list[str], what: str) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{what}: {', '.join(names[:_SHOWN])}{more}"
