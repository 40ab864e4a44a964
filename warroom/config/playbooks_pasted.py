"""What of a written playbook stands in the built-in library word for word: it was pasted, and is
the library's own still. Its words are looked up as there, and what the room lacks is a need."""

from collections.abc import Iterable, Mapping
from typing import Any

from warroom.config.playbooks_settings import LISTS

Entry = tuple[str, int]
"""The key of a part, and the place of an entry in it."""


def pasted(
    table: Mapping[str, Any], library: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], frozenset[Entry]]:
    """The table with the library's own entries in place of those that say the same, and where they
    are: with what such a step needs, which does not stand in the library's files."""
    books = tuple(library)
    known = {key: [one for book in books for one in _entries(book, key)] for key in LISTS}
    made, ours = dict(table), set()
    for key in LISTS:
        entries = table.get(key)
        if not isinstance(entries, list):
            continue
        found = [_same(entry, known[key]) for entry in entries]
        ours |= {(key, at) for at, one in enumerate(found) if one is not None}
        made[key] = [one or entry for one, entry in zip(found, entries, strict=True)]
    return made, frozenset(ours)


def _entries(book: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    return [one for one in book.get(key, ()) if isinstance(one, dict)]


def _same(entry: object, known: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not isinstance(entry, dict):
        return None
    if entry in known:
        return entry
    bare = _bare(entry)
    return next((one for one in known if _bare(one) == bare), None)


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "needs"}
