"""A name as people type it, and the one of the team's that is meant. Pure."""

import difflib
from collections.abc import Iterable

from warroom.errors import IncidentError

_SHORTEST = 3
"""Letters from which the beginning of a name stands for it."""
_QUOTED = 60
"""Characters of an unknown word that are repeated to whoever typed it."""


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known name that ``word`` spells: in any case, with or without blanks and dashes, or
    by its beginning where only one begins so. None where it is none."""
    names = tuple(known)
    if word in names:
        return word
    wanted = _bare(word)
    if not wanted:
        return None
    bare = [(_bare(name), name) for name in names]
    alike = [name for spelled, name in bare if spelled == wanted]
    if not alike and len(wanted) >= _SHORTEST:
        alike = [name for spelled, name in bare if spelled.startswith(wanted)]
    return alike[0] if len(alike) == 1 else None


def level_meant(word: str, levels: tuple[str, ...]) -> str | None:
    """As ``meant``; a bare number is the level that bears it: ``1`` for ``SEV-1``."""
    found = meant(word, levels)
    if found is None and word.isascii() and word.isdigit():
        alike = [level for level in levels if "".join(filter(str.isdigit, level)) == word]
        return alike[0] if len(alike) == 1 else None
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that looks most like it; empty where none does."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold()[:_QUOTED], folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def hint(word: str, known: Iterable[str]) -> str:
    """``did you mean Monitoring? One of: …``"""
    names = tuple(known)
    near = nearest(word, names)
    listed = f"one of: {', '.join(names)}" if names else "there are none here"
    return f"did you mean {near}? {listed}" if near else listed


def no_such(what: str, word: str, known: Iterable[str]) -> IncidentError:
    """There is no such status, role, level …; the nearest is named."""
    article = "an" if what[:1] in "aeiou" else "a"
    return IncidentError(f"{quoted(word)} is not {article} {what} here", hint(word, known))


def quoted(word: str) -> str:
    """A word of somebody's, short enough to be repeated."""
    return word if len(word) <= _QUOTED else f"{word[: _QUOTED - 1]}…"


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
